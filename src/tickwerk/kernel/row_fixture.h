// Runs a row kernel as the engine does, for the tests of this folder: rows on vector boundaries,
// padding full of numbers that must not count, scratch of exactly the rows asked for.
#pragma once

#include <cmath>
#include <span>
#include <vector>

#include "tickwerk/base/random.h"
#include "tickwerk/kernel/tile.h"
#include "tickwerk/panel/panel.h"

namespace tickwerk::kernel {

using Values = std::vector<double>;

inline constexpr double kInf = std::numeric_limits<double>::infinity();

struct RowCall {
  RowKernel kernel;
  std::size_t scratch_rows = 0;
  Values constants = {};

  /// What the kernel writes for the symbols.
  Values operator()(const std::vector<Values>& inputs) const {
    const std::size_t size = inputs.front().size();
    Panel rows(inputs.size(), size, 12345.0);
    Panel scratch(scratch_rows + 1, size, -7.0);
    Panel out(1, size, 0.0);
    std::vector<const double*> places;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      std::copy(inputs[i].begin(), inputs[i].end(), rows.row(i));
      places.push_back(rows.row(i));
    }
    for (std::size_t i = 0; i < scratch.stride(); ++i) scratch.row(scratch_rows)[i] = 4.25;
    kernel({.inputs = places.data(),
            .out = out.row(0),
            .num_symbols = size,
            .num_padded = out.stride(),
            .num_inputs = inputs.size(),
            .constants = constants.data(),
            .scratch = scratch.row(0)});
    for (std::size_t i = 0; i < scratch.stride(); ++i) {
      if (scratch.row(scratch_rows)[i] != 4.25) return {};  // wrote beyond its scratch
    }
    return {out.row(0), out.row(0) + size};
  }
};

enum class Shape { kContinuous, kTies, kSpikes, kInfinities, kConstant, kNearlyEqual, kMissing };
inline constexpr Shape kShapes[] = {Shape::kContinuous, Shape::kTies,     Shape::kSpikes,
                                    Shape::kInfinities, Shape::kConstant, Shape::kNearlyEqual,
                                    Shape::kMissing};
inline constexpr std::size_t kSizes[] = {1, 2, 3, 7, 8, 9, 50, 96, 97, 128, 500, 769, 3000};

/// A row of the shape; about one value in eight is NaN, in most streams.
inline Values random_row(Shape shape, std::size_t size, std::uint64_t stream) {
  const RandomStream random{.seed = 77, .stream = stream};
  Values row(size);
  for (std::size_t i = 0; i < size; ++i) {
    const double uniform = random.uniform(3 * i) - 0.5;
    const double other = random.uniform(3 * i + 1);
    double value = uniform * uniform * uniform;
    if (shape == Shape::kTies) value = std::floor(uniform * 10);
    if (shape == Shape::kSpikes && other < 0.05) value = uniform * 2e9;
    if (shape == Shape::kInfinities && other < 0.1) value = uniform < 0 ? -kInf : kInf;
    if (shape == Shape::kConstant) value = 0.1;
    if (shape == Shape::kNearlyEqual) value = 1e6 + std::floor(other * 40) * 0x1p-32;
    if (stream % 4 != 0 && random.uniform(3 * i + 2) < 0.125) value = kNaN;
    if (shape == Shape::kMissing && other < 0.97) value = kNaN;
    row[i] = value;
  }
  return row;
}

}  // namespace tickwerk::kernel
