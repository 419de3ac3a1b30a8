#include "tickwerk/model/finite_features.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "tickwerk/base/parallel.h"

namespace tickwerk::model {
namespace {

constexpr double kLargest = std::numeric_limits<float>::max();

bool is_beyond(double value) noexcept { return std::abs(value) > kLargest; }

/// Without a branch on the value, so that it is vector code.
bool any_beyond(std::span<const double> values) noexcept {
  std::size_t found = 0;
  for (const double value : values) found += is_beyond(value) ? 1 : 0;
  return found > 0;
}

}  // namespace

void require_finite(PanelView features, std::span<const RowRange> rows) {
  parallel_for(features.num_rows, 1, [&](std::size_t first, std::size_t last) {
    for (std::size_t feature = first; feature < last; ++feature) {
      const double* const values = features.row(feature);
      for (const RowRange& range : rows) {
        if (!any_beyond({values + range.first, values + range.last})) continue;
        std::size_t row = range.first;
        while (!is_beyond(values[row])) ++row;
        throw Error(
            Code::kInvalidArgument,
            fmt::format("a feature must be finite and within single precision, or NaN where "
                        "it is missing: found {} in feature {} (from 0), row {}",
                        values[row], feature, row));
      }
    }
  });
}

void require_finite(const Dataset& dataset) {
  for (std::size_t f = 0; f < dataset.num_features(); ++f) {
    const std::span<const double> values(dataset.features.row(f), dataset.num_rows());
    if (!any_beyond(values)) continue;
    const auto first = std::find_if(values.begin(), values.end(), is_beyond);
    const auto row = static_cast<std::size_t>(first - values.begin());
    throw Error(
        Code::kInvalidArgument,
        fmt::format("a feature must be finite and within single precision, or NaN where it is "
                    "missing: {} is {} for {} on {}, and so in {} of {} rows",
                    dataset.feature_names[f], *first, dataset.symbols[dataset.symbol[row]],
                    to_string(dataset.times[dataset.bar[row]], dataset.frequency),
                    std::count_if(values.begin(), values.end(), is_beyond), values.size()));
  }
}

}  // namespace tickwerk::model
