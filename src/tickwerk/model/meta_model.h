// A model of a strategy's own entries: how likely each is to succeed, judged by its features on the
// bar that decided. Trained and scored here on a dataset; kept in files by meta_model_file.h; used
// by a backtest only where it knew nothing of the outcome.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tickwerk/model/boosting.h"
#include "tickwerk/model/calibration.h"
#include "tickwerk/model/classification_scores.h"
#include "tickwerk/model/validation.h"

namespace tickwerk::model {

/// Whether rows whose labels overlap count less (uniqueness.h).
enum class RowWeights { kEqual, kUniqueness };

struct MetaModelConfig {
  ModelSpec model;
  SplitConfig splits;
  RowWeights weights = RowWeights::kEqual;
  double min_confidence = 0.5;  // from which on a trade would be taken
  ExplainConfig explain = {.what = Explain::kAll};
};

/// A mean over folds with the deviation of a sample; empty where fewer than one, two, have it.
struct OverFolds {
  std::optional<double> mean = {};
  std::optional<double> deviation = {};
};

struct FoldScores {
  ClassificationScores scores;
  std::optional<double> mean_return = {};        // realized, of all its test rows
  std::optional<double> mean_return_taken = {};  // of those at or above min_confidence
};

/// What is known of a meta-model before it meets new bars. Everything but `on_all` comes from rows
/// that the fold's model was not fitted to.
struct MetaScores {
  std::vector<FoldScores> folds;
  OverFolds roc_auc, average_precision, brier, log_loss;
  ClassificationScores pooled;  // all tested rows together
  double mean_uniqueness = 1;   // of tested rows: what errors of independent rows miss
  std::optional<double> mean_return = {};
  std::optional<double> mean_return_taken = {};
  Reliability reliability;  // of predictions as they are
  Reliability calibrated;   // by curves fitted on the other folds
  std::optional<double> calibrated_brier = {};
  std::vector<double> importance;  // a feature, mean over folds; of each kind
  std::vector<double> permutation;
  std::vector<double> contribution;
  std::vector<CurvePoint> curve;  // mean over folds
};

struct MetaModel {
  std::unique_ptr<BoostingModel> final_fit;  // on all rows
  std::uint32_t fit_end = 0;                 // index into the dataset's times: its last label's end
  std::vector<Split> splits;
  std::vector<Fold> folds;
  std::vector<double> out_of_fold;  // a row; NaN where never tested
  MetaScores scores;                // as score_meta_model() gives them, where somebody asked
};

/// Whether predictions of its folds could have been made on their day: those of a walk-forward.
bool is_usable_in_backtest(SplitScheme scheme) noexcept;

/// Splits, folds and out_of_fold; `dataset` has labels 0 and 1. Throws as make_splits and validate;
/// kInvalidArgument for other labels, a linear model, or when all are of one class.
MetaModel validate_meta_model(const MetaModelConfig& config,
                              const Dataset& dataset,
                              FoldKeeper* keeper = nullptr,
                              const ValidationProgress& progress = {});

/// The same, and the fit on all rows.
MetaModel train_meta_model(const MetaModelConfig& config,
                           const Dataset& dataset,
                           FoldKeeper* keeper = nullptr,
                           const ValidationProgress& progress = {});

/// What its folds were worth, on the dataset they were made from. Throws as
/// classification_scores().
MetaScores score_meta_model(const MetaModelConfig& config,
                            const Dataset& dataset,
                            const MetaModel& model);

}  // namespace tickwerk::model
