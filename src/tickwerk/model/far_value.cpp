#include "tickwerk/model/far_value.h"

#include <cmath>
#include <vector>

#include "tickwerk/base/parallel.h"

namespace tickwerk::model {
namespace {

FarValue farthest(PanelView features, std::size_t feature, std::size_t at, const Split& split) {
  const double* const values = features.row(feature);
  const auto over = [](const RowRanges& ranges, const auto& visit) {
    for (const RowRange& range : ranges) {
      for (std::size_t r = range.first; r < range.last; ++r) visit(r);
    }
  };
  const auto count = static_cast<double>(num_rows(split.train));
  double mean = 0;
  over(split.train, [&](std::size_t r) { mean += values[r] / count; });
  double squares = 0;
  over(split.train, [&](std::size_t r) { squares += (values[r] - mean) * (values[r] - mean); });
  const double deviation = std::sqrt(squares / count);
  FarValue found{.feature = feature, .split = at};
  // Below this a feature is one value and its rounding.
  if (!(deviation > 1e-12 * std::abs(mean))) return found;
  over(split.test, [&](std::size_t r) {
    const double deviations = std::abs(values[r] - mean) / deviation;
    if (deviations > found.deviations) found.row = r, found.deviations = deviations;
  });
  return found;
}

}  // namespace

std::optional<FarValue> farthest_test_value(PanelView features, std::span<const Split> splits) {
  std::vector<FarValue> all(splits.size() * features.num_rows);
  parallel_for(all.size(), 1, [&](std::size_t task, std::size_t) {
    const std::size_t split = task / features.num_rows;
    all[task] = farthest(features, task % features.num_rows, split, splits[split]);
  });
  std::optional<FarValue> most;
  for (const FarValue& one : all) {
    if (one.deviations > (most ? most->deviations : 0)) most = one;
  }
  return most;
}

}  // namespace tickwerk::model
