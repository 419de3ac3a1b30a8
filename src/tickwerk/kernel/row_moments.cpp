#include "tickwerk/kernel/row_moments.h"

#include <cmath>
#include <limits>

#include "tickwerk/kernel/eight_lanes.h"

namespace tickwerk::kernel {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Spread {
  double count;
  double sum;
  double min;
  double max;
};

template <std::size_t width>
TW_LANES_INLINE Spread spread(const double* row, std::size_t size) {
  Eight<width> count = all<width>(0), sum = all<width>(0);
  Eight<width> min = all<width>(kInfinity), max = all<width>(-kInfinity);
  each_eight<width>(
      size,
      [&](const Eight<width>& x) TW_LANES_LAMBDA {
        count = count + where_value(all<width>(1), x);
        sum = sum + where_value(x, x);
        min = smaller(x, min);
        max = larger(x, max);
      },
      row);
  return {total(count), total(sum), smallest(min), largest(max)};
}

struct Moments {
  double count;
  double near_mean;
  double rest;     // mean - near_mean, which a double near the mean cannot hold
  double squares;  // sum of squared differences from the mean
};

template <std::size_t width>
TW_LANES_INLINE Moments moments(const double* row, std::size_t size) {
  const Spread of = spread<width>(row, size);
  if (of.min == of.max) return {of.count, of.min, of.min - of.min, of.min - of.min};
  const double near_mean = of.sum / of.count;
  const Eight<width> center = all<width>(near_mean);
  Eight<width> first = all<width>(0), second = all<width>(0);
  each_eight<width>(
      size,
      [&](const Eight<width>& x) TW_LANES_LAMBDA {
        const Eight<width> difference = where_value(x - center, x);
        first = first + difference;
        second = second + difference * difference;
      },
      row);
  const double differences = total(first);
  const double rest = differences / of.count;
  return {of.count, near_mean, rest, total(second) - rest * differences};
}

TW_LANES_INLINE double deviation(const Moments& of, double ddof) {
  return of.count > ddof ? std::sqrt(of.squares / (of.count - ddof)) : kNone;
}

/// out = ((x - near_mean) - rest) * factor over the whole padded row.
template <std::size_t width>
TW_LANES_INLINE void write_differences(const RowArgs& args, const Moments& of, double factor) {
  const Eight<width> center = all<width>(of.near_mean);
  const Eight<width> rest = all<width>(of.rest);
  const Eight<width> by = all<width>(factor);
  for (std::size_t i = 0; i < args.num_padded; i += kLanes) {
    const Eight<width> difference = (load<width>(args.inputs[0] + i) - center) - rest;
    store(difference * by, args.out + i);
  }
}

template <std::size_t width>
TW_LANES_INLINE void sum(const RowArgs& args) {
  const Spread of = spread<width>(args.inputs[0], args.num_symbols);
  args.out[0] = of.count > 0 ? of.sum : kNone;
}

template <std::size_t width>
TW_LANES_INLINE void mean(const RowArgs& args) {
  const Spread of = spread<width>(args.inputs[0], args.num_symbols);
  args.out[0] = of.min == of.max ? of.min : of.sum / of.count;
}

template <std::size_t width>
TW_LANES_INLINE void min(const RowArgs& args) {
  const Spread of = spread<width>(args.inputs[0], args.num_symbols);
  args.out[0] = of.count > 0 ? of.min : kNone;
}

template <std::size_t width>
TW_LANES_INLINE void max(const RowArgs& args) {
  const Spread of = spread<width>(args.inputs[0], args.num_symbols);
  args.out[0] = of.count > 0 ? of.max : kNone;
}

template <std::size_t width>
TW_LANES_INLINE void count(const RowArgs& args) {
  args.out[0] = spread<width>(args.inputs[0], args.num_symbols).count;
}

template <std::size_t width>
TW_LANES_INLINE void daily_deviation(const RowArgs& args) {
  args.out[0] = deviation(moments<width>(args.inputs[0], args.num_symbols), args.constants[0]);
}

template <std::size_t width>
TW_LANES_INLINE void demean(const RowArgs& args) {
  write_differences<width>(args, moments<width>(args.inputs[0], args.num_symbols), 1.0);
}

template <std::size_t width>
TW_LANES_INLINE void zscore(const RowArgs& args) {
  const Moments of = moments<width>(args.inputs[0], args.num_symbols);
  // A deviation above 0 is the root of a double: its inverse is finite.
  const double by = deviation(of, args.constants[0]);
  write_differences<width>(args, of, by > 0 ? 1.0 / by : kNone);
}

template <std::size_t width>
TW_LANES_INLINE void scale(const RowArgs& args) {
  Eight<width> sizes = all<width>(0);
  each_eight<width>(
      args.num_symbols,
      [&](const Eight<width>& x) TW_LANES_LAMBDA {
        const Eight<width> value = where_value(x, x);
        sizes = sizes + larger(value, all<width>(0) - value);
      },
      args.inputs[0]);
  const Eight<width> a = all<width>(args.constants[0]);
  const Eight<width> by = all<width>(total(sizes));
  for (std::size_t i = 0; i < args.num_padded; i += kLanes) {
    store(load<width>(args.inputs[0] + i) * a / by, args.out + i);
  }
}

template <std::size_t width>
TW_LANES_INLINE void correlation(const RowArgs& args) {
  const double* const x_row = args.inputs[0];
  const double* const y_row = args.inputs[1];
  const Eight<width> one = all<width>(1), zero = all<width>(0);
  Eight<width> count = zero, x_sum = zero, y_sum = zero;
  Eight<width> x_min = all<width>(kInfinity), x_max = all<width>(-kInfinity);
  Eight<width> y_min = x_min, y_max = x_max;
  each_eight<width>(
      args.num_symbols,
      [&](const Eight<width>& x_lanes, const Eight<width>& y_lanes) TW_LANES_LAMBDA {
        const Eight<width> x = beside(x_lanes, y_lanes), y = beside(y_lanes, x_lanes);
        count = count + where_value(one, x);
        x_sum = x_sum + where_value(x, x);
        y_sum = y_sum + where_value(y, y);
        x_min = smaller(x, x_min);
        x_max = larger(x, x_max);
        y_min = smaller(y, y_min);
        y_max = larger(y, y_max);
      },
      x_row, y_row);
  const double n = total(count);
  args.out[0] = kNone;
  if (n < 3 || smallest(x_min) == largest(x_max) || smallest(y_min) == largest(y_max)) return;

  const Eight<width> x_mean = all<width>(total(x_sum) / n), y_mean = all<width>(total(y_sum) / n);
  Eight<width> x_rest = zero, y_rest = zero, xx = zero, yy = zero, xy = zero;
  each_eight<width>(
      args.num_symbols,
      [&](const Eight<width>& x_lanes, const Eight<width>& y_lanes) TW_LANES_LAMBDA {
        const Eight<width> x_value = beside(x_lanes, y_lanes), y_value = beside(y_lanes, x_lanes);
        const Eight<width> x = where_value(x_value - x_mean, x_value);
        const Eight<width> y = where_value(y_value - y_mean, y_value);
        x_rest = x_rest + x;
        y_rest = y_rest + y;
        xx = xx + x * x;
        yy = yy + y * y;
        xy = xy + x * y;
      },
      x_row, y_row);
  const double a = total(x_rest), b = total(y_rest);
  const double x_squares = total(xx) - a * (a / n), y_squares = total(yy) - b * (b / n);
  const double r = (total(xy) - a * (b / n)) / std::sqrt(x_squares) / std::sqrt(y_squares);
  args.out[0] = r < -1.0 ? -1.0 : (r > 1.0 ? 1.0 : r);
}

#define TW_ROW_KERNEL(body) TW_BY_WIDTH(void, body##_by_width, (const RowArgs& args), body, (args))
TW_ROW_KERNEL(sum)
TW_ROW_KERNEL(mean)
TW_ROW_KERNEL(min)
TW_ROW_KERNEL(max)
TW_ROW_KERNEL(count)
TW_ROW_KERNEL(daily_deviation)
TW_ROW_KERNEL(demean)
TW_ROW_KERNEL(zscore)
TW_ROW_KERNEL(scale)
TW_ROW_KERNEL(correlation)
#undef TW_ROW_KERNEL

}  // namespace

void row_sum(const RowArgs& args) noexcept { sum_by_width(args); }
void row_mean(const RowArgs& args) noexcept { mean_by_width(args); }
void row_deviation(const RowArgs& args) noexcept { daily_deviation_by_width(args); }
void row_min(const RowArgs& args) noexcept { min_by_width(args); }
void row_max(const RowArgs& args) noexcept { max_by_width(args); }
void row_count(const RowArgs& args) noexcept { count_by_width(args); }
void row_demean(const RowArgs& args) noexcept { demean_by_width(args); }
void row_zscore(const RowArgs& args) noexcept { zscore_by_width(args); }
void row_scale(const RowArgs& args) noexcept { scale_by_width(args); }
void row_correlation(const RowArgs& args) noexcept { correlation_by_width(args); }

}  // namespace tickwerk::kernel
