#include "tickwerk/kernel/row_rank.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <new>

namespace tickwerk::kernel {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// Twice the average rank among the symbols counted, and how many they are.
/// below: counts of smaller values among a row of `size`, NaN = does not count.
std::size_t twice_ranks(const double* below, std::size_t size, std::uint32_t* held, double* out) {
  std::fill_n(held, size + 1, 0u);
  std::size_t count = 0;
  for (std::size_t i = 0; i < size; ++i) {
    if (below[i] != below[i]) continue;
    ++held[static_cast<std::uint32_t>(below[i])];
    ++count;
  }
  std::uint32_t before = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const std::uint32_t here = held[i];
    held[i] = 2 * before + here + 1;
    before += here;
  }
  for (std::size_t i = 0; i < size; ++i) {
    out[i] = below[i] == below[i] ? held[static_cast<std::uint32_t>(below[i])] : kNone;
  }
  return count;
}

}  // namespace

void row_rank(const RowArgs& args) noexcept {
  auto* const held = new (args.scratch) std::uint32_t[args.num_padded + 1];
  const std::size_t count = twice_ranks(args.inputs[0], args.num_symbols, held, args.out);
  const double twice_count = 2.0 * static_cast<double>(count);
  for (std::size_t i = 0; i < args.num_symbols; ++i) args.out[i] /= twice_count;
}

void row_bucket(const RowArgs& args) noexcept {
  auto* const held = new (args.scratch) std::uint32_t[args.num_padded + 1];
  const std::size_t count = twice_ranks(args.inputs[0], args.num_symbols, held, args.out);
  const double k = args.constants[0];
  const double twice_span = count > 1 ? 2.0 * static_cast<double>(count - 1) : 1.0;
  for (std::size_t i = 0; i < args.num_symbols; ++i) {
    // The product is a whole number: a quotient that is not whole cannot be rounded to a whole one.
    const double bucket = std::ceil((args.out[i] - 2.0) * k / twice_span);
    args.out[i] = bucket < 1.0 ? 1.0 : bucket;
  }
}

void row_spearman(const RowArgs& args) noexcept {
  const std::size_t size = args.num_symbols;
  double* const x = args.scratch;
  double* const y = x + args.num_padded;
  auto* const held = new (y + args.num_padded) std::uint32_t[args.num_padded + 1];
  for (std::size_t i = 0; i < size; ++i) {
    const double a = args.inputs[0][i];
    const double b = args.inputs[1][i];
    const bool both = a == a && b == b;
    x[i] = both ? a : kNone;
    y[i] = both ? b : kNone;
  }
  const std::size_t count = twice_ranks(x, size, held, x);
  twice_ranks(y, size, held, y);
  const double twice_mean = static_cast<double>(count + 1);
  double xx = 0, yy = 0, xy = 0;
  for (std::size_t i = 0; i < size; ++i) {
    if (x[i] != x[i]) continue;
    const double a = x[i] - twice_mean;
    const double b = y[i] - twice_mean;
    xx += a * a;
    yy += b * b;
    xy += a * b;
  }
  args.out[0] = count >= 3 && xx > 0 && yy > 0 ? xy / std::sqrt(xx * yy) : kNone;
}

}  // namespace tickwerk::kernel
