#include "tickwerk/kernel/row_least_squares.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tickwerk/kernel/eight_lanes.h"

namespace tickwerk::kernel {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

// Of values of size 1 that differ by less, the differences are rounding errors.
constexpr double kSameValue = 1e-14;

/// Columns of the regression: `rows` values each, 0 where a symbol does not count.
struct Columns {
  const double* counts;  // 1 where a symbol counts
  double num_counted;
  std::size_t rows;
};

/// Copies the values of symbols that count, and `other` for the others.
template <std::size_t width>
TW_LANES_INLINE void copy_counted(const Columns& of, const double* from, double other, double* to) {
  const typename Eight<width>::Vector others = typename Eight<width>::Vector{} + other;
  for (std::size_t i = 0; i < of.rows; i += kLanes) {
    Eight<width> x = load<width>(from + i);
    const Eight<width> counts = load<width>(of.counts + i);
    for (std::size_t k = 0; k < Eight<width>::kParts; ++k) {
      x.part[k] = counts.part[k] > 0.0 ? x.part[k] : others;
    }
    store(x, to + i);
  }
}

template <std::size_t width>
TW_LANES_INLINE double largest_size(const double* column, std::size_t rows) {
  Eight<width> found = all<width>(0);
  for (std::size_t i = 0; i < rows; i += kLanes) {
    const Eight<width> x = load<width>(column + i);
    found = larger(larger(x, all<width>(0) - x), found);
  }
  return largest(found);
}

template <std::size_t width>
TW_LANES_INLINE double dot(const double* a, const double* b, std::size_t rows) {
  Eight<width> sum = all<width>(0);
  for (std::size_t i = 0; i < rows; i += kLanes)
    sum = sum + load<width>(a + i) * load<width>(b + i);
  return total(sum);
}

template <std::size_t width>
TW_LANES_INLINE void divide(double* column, std::size_t rows, double by) {
  const Eight<width> divisor = all<width>(by);
  for (std::size_t i = 0; i < rows; i += kLanes)
    store(load<width>(column + i) / divisor, column + i);
}

/// Subtracts the mean, twice for its rounding; the largest size of what is left, 0 when that is
/// rounding only.
template <std::size_t width>
TW_LANES_INLINE double center(const Columns& of, double* column) {
  const double before = largest_size<width>(column, of.rows);
  for (int pass = 0; pass < 2; ++pass) {
    const Eight<width> mean = all<width>(dot<width>(of.counts, column, of.rows) / of.num_counted);
    for (std::size_t i = 0; i < of.rows; i += kLanes) {
      store(load<width>(column + i) - mean * load<width>(of.counts + i), column + i);
    }
  }
  const double left = largest_size<width>(column, of.rows);
  return left > kSameValue * before ? left : 0.0;
}

/// Subtracts what `size` orthonormal columns explain.
template <std::size_t width, std::size_t size>
TW_LANES_INLINE void project(const double* basis, std::size_t rows, double* column) {
  Eight<width> sums[size];
  for (Eight<width>& sum : sums) sum = all<width>(0);
  for (std::size_t i = 0; i < rows; i += kLanes) {
    const Eight<width> x = load<width>(column + i);
    for (std::size_t k = 0; k < size; ++k) {
      sums[k] = sums[k] + load<width>(basis + k * rows + i) * x;
    }
  }
  Eight<width> by[size];
  for (std::size_t k = 0; k < size; ++k) by[k] = all<width>(total(sums[k]));
  for (std::size_t i = 0; i < rows; i += kLanes) {
    Eight<width> x = load<width>(column + i);
    for (std::size_t k = 0; k < size; ++k) x = x - by[k] * load<width>(basis + k * rows + i);
    store(x, column + i);
  }
}

/// Subtracts what the orthonormal columns of `basis` explain; twice, since once leaves rounding
/// errors that grow with the condition of the factors.
template <std::size_t width>
TW_LANES_INLINE void remove(const double* basis,
                            std::size_t size,
                            std::size_t rows,
                            double* column) {
  for (int pass = 0; pass < 2; ++pass) {
    std::size_t k = 0;
    for (; k + 4 <= size; k += 4) project<width, 4>(basis + k * rows, rows, column);
    const double* const rest = basis + k * rows;
    if (size - k == 3) project<width, 3>(rest, rows, column);
    if (size - k == 2) project<width, 2>(rest, rows, column);
    if (size - k == 1) project<width, 1>(rest, rows, column);
  }
}

/// counts[i] = 1 for symbols whose inputs are all finite; how many they are.
template <std::size_t width>
TW_LANES_INLINE double see_complete(const RowArgs& args, double* counts) {
  for (std::size_t i = 0; i < args.num_padded; i += kLanes) {
    Eight<width> none = all<width>(0);
    for (std::size_t k = 0; k < args.num_inputs; ++k) {
      const Eight<width> x = load<width>(args.inputs[k] + i);
      none = none + (x - x);
    }
    store(where_value(all<width>(1), none), counts + i);
  }
  std::fill(counts + args.num_symbols, counts + args.num_padded, 0.0);
  return dot<width>(counts, counts, args.num_padded);
}

template <std::size_t width>
TW_LANES_INLINE void residual(const RowArgs& args) {
  const std::size_t rows = args.num_padded;
  double* const counts = args.scratch;
  double* const basis = counts + rows;
  const Columns columns{counts, see_complete<width>(args, counts), rows};
  std::size_t size = 0;
  for (std::size_t k = 1; k < args.num_inputs; ++k) {
    double* const column = basis + size * rows;
    copy_counted<width>(columns, args.inputs[k], 0.0, column);
    const double scale = center<width>(columns, column);
    if (scale == 0.0) continue;
    divide<width>(column, rows, scale);
    const double whole = std::sqrt(dot<width>(column, column, rows));
    remove<width>(basis, size, rows, column);
    const double left = std::sqrt(dot<width>(column, column, rows));
    if (left <= kRankTolerance * whole) continue;
    divide<width>(column, rows, left);
    ++size;
  }

  copy_counted<width>(columns, args.inputs[0], 0.0, args.out);
  if (center<width>(columns, args.out) == 0.0) std::fill_n(args.out, rows, 0.0);
  remove<width>(basis, size, rows, args.out);
  copy_counted<width>(columns, args.out, kNone, args.out);
}

TW_BY_WIDTH(void, residual_by_width, (const RowArgs& args), residual, (args))

}  // namespace

void row_residual(const RowArgs& args) noexcept {
  if (args.num_inputs > kMaxFactors + 1) {
    std::fill_n(args.out, args.num_padded, kNone);
  } else {
    residual_by_width(args);
  }
}

}  // namespace tickwerk::kernel
