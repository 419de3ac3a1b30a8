#include "tickwerk/kernel/row_quantile.h"

#include <cmath>
#include <limits>

#include "tickwerk/kernel/eight_lanes.h"

namespace tickwerk::kernel {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Where a quantile of type 7 lies: `part` of the way from the value at `place` to the next.
struct Position {
  double place;
  double part;

  Position(double count, double q) {
    const double position = (count - 1.0) * q;
    place = std::floor(position);
    part = position - place;
  }

  double between(double lower, double upper) const {
    if (part == 0.0 || lower == upper) return lower;
    // The difference of finite values may be too large for a double, and of infinities is none.
    const double span = upper - lower;
    return span < kInfinity ? lower + part * span : (1.0 - part) * lower + part * upper;
  }
};

template <std::size_t width>
TW_LANES_INLINE double count(const double* row, std::size_t size) {
  Eight<width> found = all<width>(0);
  each_eight<width>(
      size,
      [&](const Eight<width>& x) TW_LANES_LAMBDA { found = found + where_value(all<width>(1), x); },
      row);
  return total(found);
}

/// Towards the value at a place of the sorted row: the largest with at most `place` below it.
template <std::size_t width>
TW_LANES_INLINE void look_for(Eight<width>& found,
                              const Eight<width>& value,
                              const Eight<width>& below,
                              double place) {
  const typename Eight<width>::Vector none = typename Eight<width>::Vector{} - kInfinity;
  for (std::size_t i = 0; i < Eight<width>::kParts; ++i) {
    const typename Eight<width>::Vector here = below.part[i] <= place ? value.part[i] : none;
    found.part[i] = here > found.part[i] ? here : found.part[i];
  }
}

template <std::size_t width>
TW_LANES_INLINE void median(const RowArgs& args) {
  const double n = count<width>(args.inputs[0], args.num_symbols);
  if (n == 0.0) {
    args.out[0] = kNone;
    return;
  }
  const Position middle(n, 0.5);
  Eight<width> lower = all<width>(-kInfinity), upper = lower;
  each_eight<width>(
      args.num_symbols,
      [&](const Eight<width>& x, const Eight<width>& below) TW_LANES_LAMBDA {
        look_for(lower, x, below, middle.place);
        look_for(upper, x, below, middle.place + 1.0);
      },
      args.inputs[0], args.inputs[1]);
  args.out[0] = middle.between(largest(lower), largest(upper));
}

template <std::size_t width>
TW_LANES_INLINE void winsorize(const RowArgs& args) {
  const double n = count<width>(args.inputs[0], args.num_symbols);
  const Position low(n, args.constants[0]), high(n, args.constants[1]);
  Eight<width> low_lower = all<width>(-kInfinity);
  Eight<width> low_upper = low_lower, high_lower = low_lower, high_upper = low_lower;
  each_eight<width>(
      args.num_symbols,
      [&](const Eight<width>& x, const Eight<width>& below) TW_LANES_LAMBDA {
        look_for(low_lower, x, below, low.place);
        look_for(low_upper, x, below, low.place + 1.0);
        look_for(high_lower, x, below, high.place);
        look_for(high_upper, x, below, high.place + 1.0);
      },
      args.inputs[0], args.inputs[1]);
  const double low_bound = low.between(largest(low_lower), largest(low_upper));
  const double high_bound = high.between(largest(high_lower), largest(high_upper));
  const bool defined = low_bound == low_bound && high_bound == high_bound;
  const Eight<width> undefined = all<width>(defined ? 0.0 : kNone);
  const Eight<width> from = all<width>(low_bound), to = all<width>(high_bound);
  for (std::size_t i = 0; i < args.num_padded; i += kLanes) {
    const Eight<width> x = load<width>(args.inputs[0] + i) + undefined;
    store(smaller(to, larger(from, x)), args.out + i);
  }
}

TW_BY_WIDTH(void, median_by_width, (const RowArgs& args), median, (args))
TW_BY_WIDTH(void, winsorize_by_width, (const RowArgs& args), winsorize, (args))

}  // namespace

void row_median(const RowArgs& args) noexcept { median_by_width(args); }
void row_winsorize(const RowArgs& args) noexcept { winsorize_by_width(args); }

}  // namespace tickwerk::kernel
