// The one order in which tickwerk adds over symbols: eight partial sums (symbol mod 8), combined as
// ((0+4)+(2+6)) + ((1+5)+(3+7)). It vectorises, and every instruction set gives the same bits.
#pragma once

#include <cstddef>

namespace tickwerk::kernel {

inline constexpr std::size_t kLanes = 8;

struct LaneSum {
  alignas(64) double lane[kLanes] = {};

  double total() const noexcept {
    return ((lane[0] + lane[4]) + (lane[2] + lane[6])) +
           ((lane[1] + lane[5]) + (lane[3] + lane[7]));
  }
};

/// Sum of values[0, size) in lane order.
inline double lane_sum(const double* values, std::size_t size) noexcept {
  LaneSum sum;
  for (std::size_t i = 0; i < size; ++i) sum.lane[i % kLanes] += values[i];
  return sum.total();
}

}  // namespace tickwerk::kernel
