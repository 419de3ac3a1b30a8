#include "tickwerk/kernel/row_least_squares.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tickwerk/kernel/lanes.h"
#include "tickwerk/kernel/vector_clones.h"

namespace tickwerk::kernel {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

// Of values of size 1 that differ by less, the differences are rounding errors.
constexpr double kSameValue = 1e-14;

TW_VECTOR_CLONES
double lane_dot(const double* a, const double* b, std::size_t size) noexcept {
  double lane[kLanes] = {};
  for (std::size_t i = 0; i < size; i += kLanes) {
    for (std::size_t j = 0; j < kLanes; ++j) lane[j] += a[i + j] * b[i + j];
  }
  return ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

TW_VECTOR_CLONES
void subtract_multiple(const double* of, double by, std::size_t size, double* from) noexcept {
  for (std::size_t i = 0; i < size; ++i) from[i] -= by * of[i];
}

/// Columns of `rows` values, 0 where a symbol does not count.
struct Columns {
  const double* counts;  // 1 where a symbol counts
  double num_counted;
  std::size_t rows;

  /// Subtracts the mean; the largest size of what is left, 0 when that is rounding only.
  double centre(double* column) const {
    double largest = 0;
    for (std::size_t i = 0; i < rows; ++i) largest = std::max(largest, std::abs(column[i]));
    for (int pass = 0; pass < 2; ++pass) {
      subtract_multiple(counts, lane_sum(column, rows) / num_counted, rows, column);
    }
    double left = 0;
    for (std::size_t i = 0; i < rows; ++i) left = std::max(left, std::abs(column[i]));
    return left > kSameValue * largest ? left : 0.0;
  }

  /// Subtracts what the orthonormal `basis` explains; twice, since once leaves rounding errors that
  /// grow with the condition of the factors.
  void remove(const double* basis, std::size_t size, double* column) const {
    for (int pass = 0; pass < 2; ++pass) {
      for (std::size_t k = 0; k < size; ++k) {
        const double* const direction = basis + k * rows;
        subtract_multiple(direction, lane_dot(direction, column, rows), rows, column);
      }
    }
  }
};

}  // namespace

void row_residual(const RowArgs& args) noexcept {
  const std::size_t rows = args.num_padded;
  const std::size_t num_factors = args.num_inputs - 1;
  std::fill_n(args.out, rows, kNone);
  if (num_factors > kMaxFactors) return;

  double* const counts = args.scratch;
  double* const basis = counts + rows;
  double num_counted = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    counts[i] = 0;
    if (i >= args.num_symbols) continue;
    bool complete = true;
    for (std::size_t k = 0; k < args.num_inputs; ++k) {
      complete &= std::isfinite(args.inputs[k][i]);
    }
    counts[i] = complete ? 1.0 : 0.0;
    num_counted += counts[i];
  }
  const Columns columns{counts, num_counted, rows};
  const auto copy = [&](std::size_t input, double* column) {
    for (std::size_t i = 0; i < rows; ++i) column[i] = counts[i] > 0 ? args.inputs[input][i] : 0.0;
  };

  std::size_t size = 0;
  for (std::size_t k = 1; k <= num_factors; ++k) {
    double* const column = basis + size * rows;
    copy(k, column);
    const double largest = columns.centre(column);
    if (largest == 0.0) continue;
    for (std::size_t i = 0; i < rows; ++i) column[i] /= largest;
    const double whole = std::sqrt(lane_dot(column, column, rows));
    columns.remove(basis, size, column);
    const double left = std::sqrt(lane_dot(column, column, rows));
    if (left <= kRankTolerance * whole) continue;
    for (std::size_t i = 0; i < rows; ++i) column[i] /= left;
    ++size;
  }

  copy(0, args.out);
  const double largest = columns.centre(args.out);
  if (largest == 0.0) std::fill_n(args.out, rows, 0.0);
  columns.remove(basis, size, args.out);
  for (std::size_t i = 0; i < rows; ++i) args.out[i] = counts[i] > 0 ? args.out[i] : kNone;
}

}  // namespace tickwerk::kernel
