#include "tickwerk/model/finite_features.h"

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

}  // namespace tickwerk::model
