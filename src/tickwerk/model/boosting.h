// Gradient boosting and random forests by XGBoost (`hist`): fit, predict, explain. Fitted by
// trainers through estimator.h; boosting_file.h writes and reads the model as a file. Refuses
// infinite features; a feature that is NaN is missing, and each split knows where the missing go.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "tickwerk/model/estimator.h"
#include "tickwerk/panel/panel.h"

namespace tickwerk::model {

/// Computes with single precision: features, target, weights and predictions are rounded to it. The
/// same matrix, parameters, seed and number of threads give the same bits; so did every number of
/// threads that was tried, which the library does not promise (docs/decisions/0148).
class BoostingModel final : public FittedModel {
 public:
  /// What the library holds, and what it does not tell.
  struct Parts {
    std::shared_ptr<void> booster;
    Target target = Target::kValue;
    std::size_t num_features = 0;
    std::size_t num_rounds = 0;
    std::size_t trees_per_round = 1;
  };
  explicit BoostingModel(Parts parts) : parts_(std::move(parts)) {}

  /// Throws kInvalidArgument for another number of features, and for an infinite one. Cost: about
  /// 1.3 us a row on two threads for 200 trees of depth 6; the matrix is read where it lies. May be
  /// called by several threads at once.
  void predict(PanelView features,
               std::span<const RowRange> rows,
               std::span<double> out) const override;

  /// The same by the first trees alone, for a learning curve: `num_trees` must be a multiple of
  /// trees_per_round(), at least one and no more than there are.
  void predict_by_first(std::size_t num_trees,
                        PanelView features,
                        std::span<const RowRange> rows,
                        std::span<double> out) const;

  /// What each feature adds to each prediction (Lundberg, Erion, Lee (2018), "Consistent
  /// individualized feature attribution for tree ensembles"): [feature + 1, row of `rows`]; the
  /// last is what is predicted without any. Their sum is the prediction, for kBinary its log odds.
  /// Cost: about a hundred times predict(); copies the matrix in blocks of rows.
  Panel predict_contributions(PanelView features, std::span<const RowRange> rows) const;

  /// Mean gain of the splits of each feature; 0 for one that no tree uses.
  std::vector<Importance> importance() const override;

  Target target() const noexcept { return parts_.target; }
  std::size_t num_features() const noexcept { return parts_.num_features; }
  std::size_t num_trees() const noexcept { return parts_.num_rounds * parts_.trees_per_round; }
  /// 1 for boosting; all of them for a forest, which is one round.
  std::size_t trees_per_round() const noexcept { return parts_.trees_per_round; }
  /// As given to the fit; empty when none were.
  std::vector<std::string> feature_names() const;

  /// The bytes of its file: UBJSON, the library's portable format.
  std::string bytes() const;

 private:
  void require_features(PanelView features) const;

  Parts parts_;
};

/// Trees fitted to the rows, with the library's defaults for what TreeParams does not name.
/// kGradientBoosting takes all of TreeParams; kRandomForest its
/// num_trees, max_depth, min_child_weight and max_bins, the rest as XGBRFRegressor has it: one
/// round, learning rate 1, 0.8 of the rows of a tree and of the features of a split, lambda 1e-5.
/// Of the seed the low 63 bits count. `progress` is called before the first tree and after each
/// (of a forest, after all); what it throws passes through and leaves nothing.
/// Throws kInvalidArgument for a parameter out of range; no rows; a target that is NaN, infinite
/// or, of kBinary, not 0 or 1 or all the same; a weight that is negative or not finite; a feature
/// that is infinite or above the largest single-precision number; kNotFound without the library.
/// Memory: no copy of the matrix but the library's bins. At most 80 bytes a row of 12 features, 130
/// where some are missing (0.8 and 1.3 of the matrix); the model alone stays.
std::unique_ptr<BoostingModel> fit_boosting(const ModelSpec& spec,
                                            Target target,
                                            const TrainingRows& training,
                                            const TrainProgress& progress = {});

}  // namespace tickwerk::model
