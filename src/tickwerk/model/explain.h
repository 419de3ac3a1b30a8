// What a fitted model makes of its features on rows it was not fitted to: how much worse it gets
// without each (permutation), what each adds to predictions (contributions), and how its loss falls
// tree by tree. Used by validation.h. One model at a time; chooses nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "tickwerk/model/estimator.h"

namespace tickwerk::model {

enum class Explain { kNothing, kAll };

struct ExplainConfig {
  Explain what = Explain::kNothing;
  std::size_t max_rows = 64;    // whose contributions are taken, spread evenly over the test rows
  std::size_t num_points = 10;  // of the learning curve
  std::uint64_t seed = 42;      // of the permutations
};

struct CurvePoint {
  std::size_t num_trees = 0;
  double train_loss = 0;
  double test_loss = 0;
};

struct Explanation {
  /// Loss with the feature's values dealt anew among the test rows, less the loss as it is.
  std::vector<double> permutation;
  std::vector<double> contribution;  // mean of its size, a feature; empty for linear models
  std::vector<CurvePoint> curve;     // empty where there is one round
};

/// Mean log loss of kBinary, as log_loss() clips it, else mean squared error. Requires rows.
double loss_of(Target target, std::span<const double> predicted, std::span<const double> outcome);

/// Contributions and curve are of tree models alone. Throws as predict(). Cost: a prediction of the
/// test rows a feature and two a point of the curve.
Explanation explain(const FittedModel& model,
                    Target target,
                    const TrainingRows& training,
                    std::span<const RowRange> test,
                    const ExplainConfig& config);

}  // namespace tickwerk::model
