#include "tickwerk/kernel/row_moments.h"

#include <cmath>
#include <limits>

#include "tickwerk/kernel/lanes.h"

namespace tickwerk::kernel {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Lanes {
  double lane[kLanes] = {};
  double total() const {
    return ((lane[0] + lane[4]) + (lane[2] + lane[6])) +
           ((lane[1] + lane[5]) + (lane[3] + lane[7]));
  }
};

struct Spread {
  double count = 0;
  double sum = 0;
  double min = kInfinity;
  double max = -kInfinity;
};

Spread spread(const double* values, std::size_t size) {
  Spread found;
  Lanes sum;
  for (std::size_t i = 0; i < size; ++i) {
    const double value = values[i];
    if (value != value) continue;
    sum.lane[i % kLanes] += value;
    found.count += 1;
    found.min = value < found.min ? value : found.min;
    found.max = value > found.max ? value : found.max;
  }
  found.sum = sum.total();
  return found;
}

struct Moments {
  double count = 0;
  double near_mean = kNone;
  double rest = kNone;     // mean - near_mean, which a double near the mean cannot hold
  double squares = kNone;  // sum of squared differences from the mean
};

Moments moments(const double* values, std::size_t size) {
  const Spread all = spread(values, size);
  if (all.count == 0) return {};
  if (all.min == all.max) return {all.count, all.min, all.min - all.min, all.min - all.min};
  const double mean = all.sum / all.count;
  Lanes first, second;
  for (std::size_t i = 0; i < size; ++i) {
    if (values[i] != values[i]) continue;
    const double difference = values[i] - mean;
    first.lane[i % kLanes] += difference;
    second.lane[i % kLanes] += difference * difference;
  }
  const double rest = first.total();
  return {all.count, mean, rest / all.count, second.total() - rest * (rest / all.count)};
}

double deviation(const Moments& of, double ddof) {
  return of.count > ddof ? std::sqrt(of.squares / (of.count - ddof)) : kNone;
}

}  // namespace

void row_sum(const RowArgs& args) noexcept {
  const Spread all = spread(args.inputs[0], args.num_symbols);
  args.out[0] = all.count > 0 ? all.sum : kNone;
}

void row_mean(const RowArgs& args) noexcept {
  const Spread all = spread(args.inputs[0], args.num_symbols);
  args.out[0] = all.min == all.max ? all.min : all.sum / all.count;
}

void row_deviation(const RowArgs& args) noexcept {
  args.out[0] = deviation(moments(args.inputs[0], args.num_symbols), args.constants[0]);
}

void row_min(const RowArgs& args) noexcept {
  const Spread all = spread(args.inputs[0], args.num_symbols);
  args.out[0] = all.count > 0 ? all.min : kNone;
}

void row_max(const RowArgs& args) noexcept {
  const Spread all = spread(args.inputs[0], args.num_symbols);
  args.out[0] = all.count > 0 ? all.max : kNone;
}

void row_count(const RowArgs& args) noexcept {
  args.out[0] = spread(args.inputs[0], args.num_symbols).count;
}

void row_demean(const RowArgs& args) noexcept {
  const Moments of = moments(args.inputs[0], args.num_symbols);
  for (std::size_t i = 0; i < args.num_symbols; ++i) {
    args.out[i] = (args.inputs[0][i] - of.near_mean) - of.rest;
  }
}

void row_zscore(const RowArgs& args) noexcept {
  const Moments of = moments(args.inputs[0], args.num_symbols);
  const double by = deviation(of, args.constants[0]);
  const double divisor = by > 0 ? by : kNone;
  for (std::size_t i = 0; i < args.num_symbols; ++i) {
    args.out[i] = ((args.inputs[0][i] - of.near_mean) - of.rest) / divisor;
  }
}

void row_scale(const RowArgs& args) noexcept {
  Lanes sum;
  for (std::size_t i = 0; i < args.num_symbols; ++i) {
    const double value = args.inputs[0][i];
    if (value == value) sum.lane[i % kLanes] += std::abs(value);
  }
  const double total = sum.total();
  for (std::size_t i = 0; i < args.num_symbols; ++i) {
    args.out[i] = args.inputs[0][i] * args.constants[0] / total;
  }
}

void row_correlation(const RowArgs& args) noexcept {
  const double* const x = args.inputs[0];
  const double* const y = args.inputs[1];
  double count = 0, x_min = kInfinity, x_max = -kInfinity, y_min = kInfinity, y_max = -kInfinity;
  Lanes x_sum, y_sum;
  for (std::size_t i = 0; i < args.num_symbols; ++i) {
    if (x[i] != x[i] || y[i] != y[i]) continue;
    count += 1;
    x_sum.lane[i % kLanes] += x[i];
    y_sum.lane[i % kLanes] += y[i];
    x_min = x[i] < x_min ? x[i] : x_min;
    x_max = x[i] > x_max ? x[i] : x_max;
    y_min = y[i] < y_min ? y[i] : y_min;
    y_max = y[i] > y_max ? y[i] : y_max;
  }
  args.out[0] = kNone;
  if (count < 3 || x_min == x_max || y_min == y_max) return;
  const double x_mean = x_sum.total() / count;
  const double y_mean = y_sum.total() / count;
  Lanes x_rest, y_rest, xx, yy, xy;
  for (std::size_t i = 0; i < args.num_symbols; ++i) {
    if (x[i] != x[i] || y[i] != y[i]) continue;
    const double a = x[i] - x_mean;
    const double b = y[i] - y_mean;
    x_rest.lane[i % kLanes] += a;
    y_rest.lane[i % kLanes] += b;
    xx.lane[i % kLanes] += a * a;
    yy.lane[i % kLanes] += b * b;
    xy.lane[i % kLanes] += a * b;
  }
  const double a = x_rest.total();
  const double b = y_rest.total();
  const double x_squares = xx.total() - a * (a / count);
  const double y_squares = yy.total() - b * (b / count);
  const double r = (xy.total() - a * (b / count)) / std::sqrt(x_squares) / std::sqrt(y_squares);
  args.out[0] = r < -1.0 ? -1.0 : (r > 1.0 ? 1.0 : r);
}

}  // namespace tickwerk::kernel
