// How near predicted values come to what happened, over all rows together. Day by day and as a
// portfolio: prediction_scores.h.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace tickwerk::model {

/// Empty without rows.
struct RegressionScores {
  std::size_t num_rows = 0;
  std::optional<double> mse = {};  // mean square of the miss
  std::optional<double> mae = {};  // mean of its size
  /// 1 - sum of squared misses / sum of squares around the mean outcome; empty with fewer than two
  /// rows and where all outcomes are equal.
  std::optional<double> r2 = {};
  /// Share of rows whose prediction has the sign of the outcome. 0 is a sign of its own: it is
  /// right only when nothing happened.
  std::optional<double> directional_accuracy = {};
};

/// Throws kInvalidArgument when lengths differ or a value is not finite.
RegressionScores regression_scores(std::span<const double> prediction,
                                   std::span<const double> outcome);

}  // namespace tickwerk::model
