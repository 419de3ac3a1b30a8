// Runs the tile kernel of one operator over eight series, however it is cut, for the tests of the
// operators.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "tickwerk/base/random.h"
#include "tickwerk/expr/operator.h"
#include "tickwerk/panel/panel.h"

namespace tickwerk::expr {

using Series = std::vector<double>;
using Lanes = std::vector<Series>;  // eight of the same length

inline constexpr std::size_t kPadding = 512;  // bars of NaN before the first and after the last

/// Series as a tile, with what stands before and after them.
class Tile {
 public:
  explicit Tile(std::size_t num_bars, double padding = kNaN) {
    const std::size_t size = (num_bars + 2 * kPadding) * kernel::kTileLanes;
    memory_.reset(static_cast<double*>(std::aligned_alloc(64, size * sizeof(double))));
    for (std::size_t i = 0; i < size; ++i) memory_[i] = padding;
  }
  explicit Tile(const Lanes& lanes) : Tile(lanes[0].size()) {
    for (std::size_t lane = 0; lane < kernel::kTileLanes; ++lane) {
      for (std::size_t bar = 0; bar < lanes[lane].size(); ++bar) at(bar, lane) = lanes[lane][bar];
    }
  }
  double* bar(std::size_t bar) { return &memory_[(bar + kPadding) * kernel::kTileLanes]; }
  double& at(std::size_t bar_number, std::size_t lane) { return bar(bar_number)[lane]; }

 private:
  struct Free {
    void operator()(double* memory) const { std::free(memory); }
  };
  std::unique_ptr<double[], Free> memory_;
};

/// The operator over the inputs, `tile_bars` bars a call. What it does not write stays 12345.
inline Lanes run_tiles(const Operator& op,
                       const std::vector<Lanes>& inputs,
                       const std::vector<double>& constants,
                       std::size_t tile_bars) {
  const std::size_t num_bars = inputs[0][0].size();
  std::vector<Tile> tiles(inputs.begin(), inputs.end());
  Tile out(num_bars, 12345);
  Tile state(16, 0);
  for (std::size_t first = 0; first < num_bars; first += tile_bars) {
    std::vector<const double*> pointers;
    for (Tile& tile : tiles) pointers.push_back(tile.bar(first));
    op.tile({.inputs = pointers.data(),
             .out = out.bar(first),
             .num_bars = std::min(tile_bars, num_bars - first),
             .constants = constants.data(),
             .state = state.bar(0),
             .num_inputs = pointers.size()});
  }
  Lanes result(kernel::kTileLanes, Series(num_bars));
  for (std::size_t lane = 0; lane < kernel::kTileLanes; ++lane) {
    for (std::size_t bar = 0; bar < num_bars; ++bar) result[lane][bar] = out.at(bar, lane);
  }
  return result;
}

inline Lanes run_at_once(const Operator& op,
                         const std::vector<Lanes>& inputs,
                         const std::vector<double>& constants) {
  return run_tiles(op, inputs, constants, inputs[0][0].size());
}

/// Equal bits, any NaN being equal to any other.
inline bool same_bits(double a, double b) {
  return (std::isnan(a) && std::isnan(b)) ||
         std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

/// Eight series of different trouble: noise, islands of NaN, constants, a spike of 1e9, ties, a
/// late start, a small movement on a high level, a trend without noise.
inline Lanes troubled_series(std::uint64_t seed, std::size_t num_bars) {
  const RandomStream random{.seed = seed};
  std::uint64_t index = 0;
  const auto uniform = [&] { return random.uniform(index++); };
  Lanes lanes(kernel::kTileLanes, Series(num_bars));
  for (std::size_t t = 0; t < num_bars; ++t) {
    for (Series& lane : lanes) lane[t] = 10 + 4 * uniform() - 2 * uniform();
  }
  for (std::size_t t = 0; t < num_bars; ++t) {
    if (t / 7 % 5 == 1 || uniform() < 0.05) lanes[1][t] = kNaN;
    if (t / 90 % 2 == 0) lanes[2][t] = 0.1;
    if (t % 301 == 150) lanes[3][t] = 1e9;
    lanes[4][t] = std::floor(lanes[4][t]) - 10;
    if (t < 37) lanes[5][t] = kNaN;
    lanes[6][t] = 1e6 + 1e-2 * lanes[6][t];
    if (t / 100 % 2 == 0) lanes[7][t] = 3 - 0.25 * static_cast<double>(t);
  }
  return lanes;
}

/// The same as conditions: 1, 0 and NaN.
inline Lanes troubled_conditions(std::uint64_t seed, std::size_t num_bars) {
  Lanes lanes = troubled_series(seed, num_bars);
  for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
    const double edge = 8 + static_cast<double>(lane);
    for (double& x : lanes[lane]) x = std::isnan(x) ? x : (x > edge ? 1.0 : 0.0);
  }
  return lanes;
}

}  // namespace tickwerk::expr
