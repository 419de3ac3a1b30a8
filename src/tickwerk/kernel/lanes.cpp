#include "tickwerk/kernel/lanes.h"

#include "tickwerk/kernel/vector_clones.h"

namespace tickwerk::kernel {

TW_VECTOR_CLONES
double lane_sum(const double* values, std::size_t size) noexcept {
  double lane[kLanes] = {};
  const std::size_t whole = size / kLanes * kLanes;
  for (std::size_t i = 0; i < whole; i += kLanes) {
    for (std::size_t j = 0; j < kLanes; ++j) lane[j] += values[i + j];
  }
  for (std::size_t i = whole; i < size; ++i) lane[i - whole] += values[i];
  return ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

}  // namespace tickwerk::kernel
