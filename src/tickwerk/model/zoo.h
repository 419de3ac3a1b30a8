// The zoo: eight models of different kinds on the same rows and splits, so that what features are
// worth is not what one model makes of them. Chooses the models, drops rows that lack a feature,
// trains, and scores predictions of rows that training never saw. Used by the validation of factors
// (job/factor_ml.h); writes no files and picks no winner.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tickwerk/model/far_value.h"
#include "tickwerk/model/prediction_scores.h"
#include "tickwerk/model/validation.h"
#include "tickwerk/risk/overfitting.h"

namespace tickwerk::model {

/// linear, ridge_0.1, ridge_1, ridge_10, lasso_0.01, forest_3, forest_5, gradient_boosting, in this
/// order. A number is the penalty of a linear model and the depth of a forest.
std::vector<ModelSpec> zoo_models(std::uint64_t seed);

/// Those of the zoo with these names, in the order asked for; none asked for: all. Beside its own
/// names it takes `ridge_A` and `lasso_A` for any penalty A >= 0 and `forest_D` for a depth D of 1
/// to 30. Throws kInvalidArgument with the nearest names, and for one asked for twice.
std::vector<ModelSpec> choose_models(std::span<const std::string> names, std::uint64_t seed);

/// What every model trains and is tested on.
struct ZooRows {
  Dataset rows;               // in which every feature is finite
  std::vector<Split> splits;  // of these rows
  std::size_t num_incomplete = 0;
  std::vector<std::size_t> num_missing;  // a feature: rows where it is not finite
};

/// Splits are cut on all dates with a label, then rows that lack a feature leave both sides of
/// them: what features exist does not move the windows. Throws as make_splits; kInvalidArgument for
/// a split that is left without training or test rows, naming it and the feature missing most.
ZooRows zoo_rows(const Dataset& dataset, const SplitConfig& config);

/// The bars that have rows in these ranges.
std::size_t num_dates(const Dataset& dataset, std::span<const RowRange> rows);

struct ZooConfig {
  std::vector<ModelSpec> models;
  double periods_per_year = 252;
};

/// One model on one split.
struct SplitScores {
  std::size_t split = 0;
  RegressionScores test;
  std::optional<double> train_r2 = {};  // empty where the training labels are all equal
  std::optional<double> gap = {};       // train_r2 less that of the test
  std::size_t num_train = 0;
  std::size_t num_test = 0;
};

/// What a model says of a feature: linear ones its coefficient, trees the mean gain.
struct ZooImportance {
  double value = 0;       // of the last split, which trained on most
  double raw_value = 0;   // the same with its sign
  double mean_share = 0;  // of the sum over features, the mean over splits; 0 where all are 0
  std::optional<double> share_deviation = {};  // of a sample, over splits
  std::size_t num_same_sign = 0;  // splits with the sign of the last one, itself included
};

struct ZooModel {
  ModelSpec spec;
  std::vector<SplitScores> splits;
  std::vector<ZooImportance> importance;  // in the order of the features
  std::vector<double> predicted;  // a row: the mean over the splits that tested it; NaN: none did
  PredictionScores scores;        // its Sharpe ratio is deflated by the number of models
};

struct Zoo {
  std::vector<ZooModel> models;
  /// Of the models' Sharpe ratios, per period; empty with fewer than two.
  std::optional<double> sharpe_variance = {};
  /// Over the models' daily long-short returns; empty with fewer than two models and where they
  /// share too few days.
  std::optional<risk::Overfitting> overfitting = {};
  std::optional<FarValue> farthest = {};  // empty where no feature varies in training
};

/// Folds by model, then split, as validate(), which it calls.
std::vector<std::vector<Fold>> train_zoo(const ZooConfig& config,
                                         const ZooRows& rows,
                                         FoldKeeper* keeper = nullptr,
                                         const ValidationProgress& progress = {});

/// Scores what train_zoo() left. `daily`: what symbols returned day by day, [time, symbol] of the
/// dataset; empty: no portfolios. They are bought at the next open. Labels overlap over the
/// dataset's reach, which every t knows. The same bits for any number of threads.
Zoo score_zoo(const ZooConfig& config,
              const ZooRows& rows,
              const std::vector<std::vector<Fold>>& folds,
              const std::optional<factor::DailyReturns>& daily);

}  // namespace tickwerk::model
