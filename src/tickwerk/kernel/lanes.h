// The one order in which tickwerk adds over symbols: eight partial sums (symbol mod 8), combined as
// ((0+4)+(2+6)) + ((1+5)+(3+7)). It vectorises, and every instruction set gives the same bits.
#pragma once

#include <cstddef>

namespace tickwerk::kernel {

inline constexpr std::size_t kLanes = 8;

/// Sum of values[0, size) in lane order; NaN when one of them is. No allocation.
double lane_sum(const double* values, std::size_t size) noexcept;

}  // namespace tickwerk::kernel
