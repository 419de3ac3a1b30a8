#include "tickwerk/factor/centered_row.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tickwerk/kernel/eight_lanes.h"

namespace tickwerk::factor {
namespace {

using kernel::Eight;
using kernel::kLanes;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

template <std::size_t width>
TW_LANES_INLINE void center_values(const double* values,
                                   std::size_t num_symbols,
                                   CenteredRow& row) {
  Eight<width> sum = kernel::all<width>(0);
  Eight<width> min = kernel::all<width>(kInfinity), max = kernel::all<width>(-kInfinity);
  kernel::each_eight<width>(
      num_symbols,
      [&](const Eight<width>& value) TW_LANES_LAMBDA {
        sum = sum + where_value(value, value);
        min = smaller(value, min);
        max = larger(value, max);
      },
      values);
  row.is_constant = kernel::smallest(min) == kernel::largest(max);
  const Eight<width> mean = kernel::all<width>(kernel::total(sum) / row.count);
  Eight<width> rest = kernel::all<width>(0), squares = rest;
  double* to = row.deviations.row(0);
  kernel::each_eight<width>(
      num_symbols,
      [&](const Eight<width>& value) TW_LANES_LAMBDA {
        const Eight<width> deviation = where_value(value - mean, value);
        rest = rest + deviation;
        squares = squares + deviation * deviation;
        kernel::store(deviation, to);
        to += kLanes;
      },
      values);
  row.rest = kernel::total(rest);
  row.squares = kernel::total(squares) - row.rest * (row.rest / row.count);
}

TW_BY_WIDTH(void,
            center_by_width,
            (const double* values, std::size_t num_symbols, CenteredRow& row),
            center_values,
            (values, num_symbols, row))

template <std::size_t width>
TW_LANES_INLINE double product(const double* x, const double* y, std::size_t num_padded) {
  Eight<width> sum = kernel::all<width>(0);
  for (std::size_t i = 0; i < num_padded; i += kLanes) {
    sum = sum + kernel::load<width>(x + i) * kernel::load<width>(y + i);
  }
  return kernel::total(sum);
}

TW_BY_WIDTH(double,
            product_by_width,
            (const double* x, const double* y, std::size_t num_padded),
            product,
            (x, y, num_padded))

}  // namespace

CenteredRow::CenteredRow(std::size_t num_symbols) : deviations(1, num_symbols) {}

void center(const double* values,
            std::size_t num_symbols,
            std::size_t count,
            CenteredRow& row) noexcept {
  row.values = values;
  row.count = static_cast<double>(count);
  center_by_width(values, num_symbols, row);
}

double correlation_of_alike(const CenteredRow& x, const CenteredRow& y) noexcept {
  if (x.count < 3 || x.is_constant || y.is_constant) return kNaN;
  const double product =
      product_by_width(x.deviations.row(0), y.deviations.row(0), x.deviations.stride());
  const double r =
      (product - x.rest * (y.rest / x.count)) / std::sqrt(x.squares) / std::sqrt(y.squares);
  return r < -1.0 ? -1.0 : (r > 1.0 ? 1.0 : r);
}

}  // namespace tickwerk::factor
