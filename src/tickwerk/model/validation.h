// Models fitted on the training part of every split and asked about its test part: what they
// predict there is all that scores may look at. Used by meta-models and the zoo; knows no metrics
// of its own and writes no files, but can leave folds with somebody who does, to go on later.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tickwerk/model/estimator.h"
#include "tickwerk/model/explain.h"
#include "tickwerk/model/splits.h"

namespace tickwerk::model {

/// One model on one split.
struct Fold {
  std::size_t split = 0;  // its place among the splits
  std::size_t num_train = 0;
  std::size_t num_test = 0;
  std::vector<double> predicted = {};       // a test row, in their order
  double train_loss = 0;                    // of its training rows: see loss_of
  std::vector<double> importance = {};      // a feature: what the model says of itself, >= 0
  std::vector<double> raw_importance = {};  // the same with its sign
  Explanation explanation = {};             // on the test rows; empty where none was asked for
};

/// Somebody who keeps folds of an interrupted run.
class FoldKeeper {
 public:
  virtual ~FoldKeeper() = default;
  /// The fold as it was kept; empty when it was not.
  virtual std::optional<Fold> find(const std::string& model, std::size_t split) = 0;
  virtual void keep(const std::string& model, const Fold& fold) = 0;
};

/// Called with the share of all work that is done, 0 to 1; throws to interrupt.
using ValidationProgress = std::function<void(double done, const std::string& what)>;

struct ValidationConfig {
  std::vector<ModelSpec> models;
  Target target = Target::kValue;
  ExplainConfig explain = {};
};

struct ValidationInputs {
  PanelView features;  // [feature, row]
  std::span<const double> target;
  /// For trees: weights of a training part, one a row of the matrix and read there only; empty:
  /// all 1.
  std::function<std::vector<double>(std::span<const RowRange> train)> weights_of = {};
  std::span<const Split> splits;
};

/// Folds by model, then split. Linear models share one Gram matrix, to which each split adds the
/// rows it has over the one before and takes away those it has not. Trees are called between
/// rounds. Throws what fitting throws, with the split's name before it, and what `progress` throws;
/// folds kept by then stay kept. Memory: the matrix as it lies, what the library makes of the
/// training rows, one copy of a test part where an explanation is asked for.
std::vector<std::vector<Fold>> validate(const ValidationConfig& config,
                                        const ValidationInputs& inputs,
                                        FoldKeeper* keeper = nullptr,
                                        const ValidationProgress& progress = {});

/// Per row the mean over the splits that tested it; NaN where none did.
std::vector<double> out_of_fold(std::size_t num_rows,
                                std::span<const Split> splits,
                                std::span<const Fold> folds);

/// A fitted model of any kind. Throws as fit_linear and fit_boosting; kInvalidArgument for a linear
/// model of a binary target, which gives no probabilities.
std::unique_ptr<FittedModel> fit(const ModelSpec& spec,
                                 Target target,
                                 const TrainingRows& rows,
                                 const TrainProgress& progress = {});

}  // namespace tickwerk::model
