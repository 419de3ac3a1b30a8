#include "tickwerk/model/regression_scores.h"

#include <cmath>

#include "tickwerk/base/error.h"

namespace tickwerk::model {
namespace {

int sign(double value) noexcept { return (value > 0) - (value < 0); }

void require_valid(std::span<const double> prediction, std::span<const double> outcome) {
  if (prediction.size() != outcome.size()) {
    throw Error(Code::kInvalidArgument,
                fmt::format("there must be an outcome for each prediction: {} for {}",
                            outcome.size(), prediction.size()));
  }
  for (std::size_t r = 0; r < prediction.size(); ++r) {
    if (std::isfinite(prediction[r]) && std::isfinite(outcome[r])) continue;
    throw Error(Code::kInvalidArgument,
                fmt::format("predictions and outcomes must be finite: {} and {} in row {}",
                            prediction[r], outcome[r], r));
  }
}

}  // namespace

RegressionScores regression_scores(std::span<const double> prediction,
                                   std::span<const double> outcome) {
  require_valid(prediction, outcome);
  RegressionScores scores{.num_rows = prediction.size()};
  if (prediction.empty()) return scores;
  const auto count = static_cast<double>(prediction.size());
  double sum = 0;
  for (const double value : outcome) sum += value;
  const double mean = sum / count;
  double squares = 0, sizes = 0, around_mean = 0;
  std::size_t num_right = 0;
  bool differs = false;
  for (std::size_t r = 0; r < prediction.size(); ++r) {
    const double miss = prediction[r] - outcome[r];
    squares += miss * miss;
    sizes += std::abs(miss);
    around_mean += (outcome[r] - mean) * (outcome[r] - mean);
    differs |= outcome[r] != outcome[0];
    num_right += sign(prediction[r]) == sign(outcome[r]) ? 1 : 0;
  }
  scores.mse = squares / count;
  scores.mae = sizes / count;
  // Equal outcomes leave rounding around their mean, which is no variance.
  if (differs && around_mean > 0) scores.r2 = 1 - squares / around_mean;
  scores.directional_accuracy = static_cast<double>(num_right) / count;
  return scores;
}

}  // namespace tickwerk::model
