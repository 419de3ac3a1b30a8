#include "tickwerk/kernel/rolling.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "tickwerk/panel/panel.h"

namespace tickwerk::kernel {
namespace {

std::span<const double> window_at(std::span<const double> in, std::size_t t, int window) noexcept {
  const std::size_t size = std::min(t + 1, static_cast<std::size_t>(window));
  return in.subspan(t + 1 - size, size);
}

}  // namespace

void rolling_mean(std::span<const double> in,
                  int window,
                  int min_count,
                  std::span<double> out) noexcept {
  for (std::size_t t = 0; t < in.size(); ++t) {
    double sum = 0;
    int count = 0;
    for (const double x : window_at(in, t, window)) {
      const bool present = x == x;
      sum += present ? x : 0.0;
      count += present ? 1 : 0;
    }
    out[t] = count >= min_count ? sum / count : kNaN;
  }
}

void rolling_deviation(std::span<const double> in, int window, std::span<double> out) noexcept {
  for (std::size_t t = 0; t < in.size(); ++t) {
    const std::span<const double> values = window_at(in, t, window);
    if (values.size() < static_cast<std::size_t>(window)) {
      out[t] = kNaN;
      continue;
    }
    // Distances from one of the values, so that the deviation of a constant is exactly 0.
    const double origin = values.front();
    double sum = 0;
    for (const double x : values) sum += x - origin;
    const double mean = sum / window;
    double squares = 0;
    for (const double x : values) squares += (x - origin - mean) * (x - origin - mean);
    out[t] = std::sqrt(squares / (window - 1));
  }
}

}  // namespace tickwerk::kernel
