#include "tickwerk/kernel/row_quantile.h"

#include <cmath>
#include <limits>

namespace tickwerk::kernel {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::size_t num_values(const double* values, std::size_t size) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < size; ++i) count += values[i] == values[i];
  return count;
}

/// The value at `place` (from 0) of the sorted row: the largest that has at most `place` below it.
double at_place(const double* values, const double* below, std::size_t size, double place) {
  double found = -kInfinity;
  for (std::size_t i = 0; i < size; ++i) {
    const double value = below[i] <= place ? values[i] : -kInfinity;
    found = value > found ? value : found;
  }
  return found;
}

double quantile(const RowArgs& args, std::size_t count, double q) {
  if (count == 0) return kNone;
  const double position = static_cast<double>(count - 1) * q;
  const double place = std::floor(position);
  const double part = position - place;
  const double lower = at_place(args.inputs[0], args.inputs[1], args.num_symbols, place);
  if (part == 0.0) return lower;
  const double upper = at_place(args.inputs[0], args.inputs[1], args.num_symbols, place + 1.0);
  if (lower == upper) return lower;
  // The difference of two finite values may be too large for a double, and of infinities is none.
  const double span = upper - lower;
  return span < kInfinity ? lower + part * span : (1.0 - part) * lower + part * upper;
}

}  // namespace

void row_median(const RowArgs& args) noexcept {
  args.out[0] = quantile(args, num_values(args.inputs[0], args.num_symbols), 0.5);
}

void row_winsorize(const RowArgs& args) noexcept {
  const std::size_t count = num_values(args.inputs[0], args.num_symbols);
  const double low = quantile(args, count, args.constants[0]);
  const double high = quantile(args, count, args.constants[1]);
  const double undefined = low == low && high == high ? 0.0 : kNone;
  for (std::size_t i = 0; i < args.num_symbols; ++i) {
    const double value = args.inputs[0][i] + undefined;
    const double raised = value < low ? low : value;
    args.out[i] = raised > high ? high : raised;
  }
}

}  // namespace tickwerk::kernel
