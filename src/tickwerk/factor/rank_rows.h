// Kernels over rows of twice the average ranks: whole numbers, 0 where a symbol has no value. Used
// by row_statistics.cpp; pure loops, no allocation. All sums are whole numbers below 2^53 for up to
// 100,000 symbols, so their order does not matter.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

namespace tickwerk::factor {

/// Bit i of `present`, 64 to a word, is set where order[i] is not NaN; the number of those.
std::size_t mark_present(const double* order,
                         std::size_t num_symbols,
                         std::span<std::uint64_t> present) noexcept;

/// twice[i] = 2 * order[i] + 1 + number of symbols of that order, 0 for NaN. order: counts of
/// smaller values; count: those that are not NaN. scratch: [num_symbols].
void twice_average_ranks(const double* order,
                         std::size_t num_symbols,
                         std::size_t count,
                         double* scratch,
                         double* twice) noexcept;

/// The same ranks without the symbols at `places`, which have one. twice: [num_padded].
void remove_ranks(double* twice,
                  std::size_t num_padded,
                  std::span<const std::size_t> places) noexcept;

/// Sum of x[i] * y[i]; num_padded: a multiple of eight.
double rank_product(const double* x, const double* y, std::size_t num_padded) noexcept;

/// Sums of squares and products of two rows that have the same symbols.
struct RankProducts {
  double xx, yy, xy;

  /// Of `count` symbols, whose mean is count + 1; NaN where one side is constant.
  double correlation(std::size_t count) const noexcept {
    const auto n = static_cast<double>(count);
    const double means = n * (n + 1) * (n + 1);
    const double x = xx - means, y = yy - means;
    if (!(x > 0) || !(y > 0)) return std::numeric_limits<double>::quiet_NaN();
    return (xy - means) / std::sqrt(x * y);
  }
};

}  // namespace tickwerk::factor
