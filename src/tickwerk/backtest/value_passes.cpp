// Vectors are passed between inlined functions of this file alone.
#pragma GCC diagnostic ignored "-Wpsabi"

#include "tickwerk/backtest/value_passes.h"

#include <limits>

#include "tickwerk/kernel/tile_vec.h"
#include "tickwerk/kernel/vector_clones.h"
#include "tickwerk/strategy/strategy.h"

namespace tickwerk::backtest {
namespace {

using kernel::every;
using kernel::if_equal;
using kernel::if_less;
using kernel::if_not_above;
using kernel::if_value;
using kernel::load;
using kernel::nan_of;
using kernel::store;
using kernel::Vec;
using kernel::vector_width;
using kernel::VectorWidth;

constexpr std::size_t kLanes = 8;

/// Eight partial sums in vectors of kWidth lanes.
template <std::size_t kWidth>
struct LaneSum {
  Vec<kWidth> part[kLanes / kWidth] = {};

  TW_INLINE double total() const noexcept {
    const auto lane = [this](std::size_t j) { return part[j / kWidth][j % kWidth]; };
    return ((lane(0) + lane(4)) + (lane(2) + lane(6))) +
           ((lane(1) + lane(5)) + (lane(3) + lane(7)));
  }
};

template <std::size_t kWidth>
TW_INLINE Vec<kWidth> load_at(const double* row, std::size_t i) noexcept {
  return load<kWidth>(row + i, 0);
}

template <std::size_t kWidth>
TW_INLINE void store_at(double* row, std::size_t i, Vec<kWidth> value) noexcept {
  store<kWidth>(row + i, 0, value);
}

// On its own: GCC 12 widens bytes in vectors in a plain loop only.
TW_VECTOR_CLONES
void widen(std::size_t size, const std::int8_t* __restrict in, double* __restrict out) noexcept {
  for (std::size_t i = 0; i < size; ++i) out[i] = in[i];
}

template <std::size_t kWidth>
TW_INLINE void want_body(WantPass& pass) noexcept {
  using V = Vec<kWidth>;
  const V is_long = every<V>(strategy::kLong), is_keep = every<V>(strategy::kKeep);
  const V one = every<V>(1.0), zero{}, nan = nan_of<V>();
  LaneSum<kWidth> all, kept, strengths;
  for (std::size_t first = 0; first < pass.size; first += kLanes) {
    for (std::size_t k = 0; k < kLanes / kWidth; ++k) {
      const std::size_t i = first + k * kWidth;
      const V ratio = load_at<kWidth>(pass.ratio, i);
      const V direction = load_at<kWidth>(pass.wanted, i);
      const V strength = pass.strength == nullptr ? one : load_at<kWidth>(pass.strength, i);
      const V value = load_at<kWidth>(pass.value, i) * if_value(ratio, ratio, one);
      const V relative = if_equal(direction, is_long, strength, zero);
      const V bound = if_value(ratio, relative, nan);
      const V wanted = if_equal(direction, is_keep, nan, bound);
      store_at<kWidth>(pass.value, i, value);
      store_at<kWidth>(pass.wanted, i, wanted);
      all.part[k] += value;
      kept.part[k] += if_value(wanted, zero, value);
      strengths.part[k] += if_value(wanted, wanted, zero);
    }
  }
  pass.all_values = all.total();
  pass.kept_values = kept.total();
  pass.strengths = strengths.total();
}

template <std::size_t kWidth>
TW_INLINE void move_body(std::size_t size,
                         const double* ratio,
                         double* value,
                         double& sum) noexcept {
  using V = Vec<kWidth>;
  LaneSum<kWidth> all;
  for (std::size_t first = 0; first < size; first += kLanes) {
    for (std::size_t k = 0; k < kLanes / kWidth; ++k) {
      const std::size_t i = first + k * kWidth;
      const V step = load_at<kWidth>(ratio, i);
      const V moved = load_at<kWidth>(value, i) * if_value(step, step, every<V>(1.0));
      store_at<kWidth>(value, i, moved);
      all.part[k] += moved;
    }
  }
  sum = all.total();
}

enum class Limits { kNone, kSome };

template <std::size_t kWidth, Limits kLimits>
TW_INLINE void select_body(SelectPass& pass) noexcept {
  using V = Vec<kWidth>;
  constexpr double kMoreThanNothing = std::numeric_limits<double>::denorm_min();
  const double smallest = pass.least > 0 ? pass.least : kMoreThanNothing;
  const V unit = every<V>(pass.unit), cap = every<V>(pass.cap);
  const V least = every<V>(smallest);
  const V band = every<V>(pass.band < smallest ? smallest : pass.band);
  const V one = every<V>(1.0), zero{}, nan = nan_of<V>();
  LaneSum<kWidth> of_unit, of_cap, of_held, orders;
  for (std::size_t first = 0; first < pass.size; first += kLanes) {
    for (std::size_t k = 0; k < kLanes / kWidth; ++k) {
      const std::size_t i = first + k * kWidth;
      const V value = load_at<kWidth>(pass.value, i);
      const V wanted = load_at<kWidth>(pass.wanted, i);
      const V free = wanted * unit;
      V target = free, limit = least;
      if constexpr (kLimits == Limits::kSome) {
        target = if_less(cap, free, cap, free);
        const V held_limit = if_equal(value, zero, least, band);
        limit = if_equal(target, zero, least, held_limit);
      }
      const V difference = target - value;  // NaN where the symbol is kept
      const V side = if_less(zero, difference, one, -one);
      const V order = if_not_above(limit, difference * side, side, zero);
      const V bound = if_equal(order, zero, zero, wanted);
      if constexpr (kLimits == Limits::kSome) {
        of_unit.part[k] += if_less(cap, free, zero, order * bound);
        of_cap.part[k] += if_less(cap, free, order, zero);
      } else {
        of_unit.part[k] += order * bound;
      }
      of_held.part[k] += order * value;
      orders.part[k] += order * order;
      store_at<kWidth>(pass.wanted, i, if_equal(order, zero, nan, wanted));
    }
  }
  pass.of_unit = of_unit.total();
  pass.of_cap = of_cap.total();
  pass.of_held = of_held.total();
  pass.num_orders = orders.total();
}

template <std::size_t kWidth, Limits kLimits>
TW_INLINE void trade_body(TradePass& pass) noexcept {
  using V = Vec<kWidth>;
  const V unit = every<V>(pass.unit), cap = every<V>(pass.cap);
  const V zero{};
  LaneSum<kWidth> net, gross;
  for (std::size_t first = 0; first < pass.size; first += kLanes) {
    for (std::size_t k = 0; k < kLanes / kWidth; ++k) {
      const std::size_t i = first + k * kWidth;
      const V value = load_at<kWidth>(pass.value, i);
      const V wanted = load_at<kWidth>(pass.wanted, i);
      const V free = wanted * unit;
      V target = free;
      if constexpr (kLimits == Limits::kSome) target = if_less(cap, free, cap, free);
      const V change = if_value(target, target - value, zero);
      net.part[k] += change;
      gross.part[k] += if_less(change, zero, -change, change);
      store_at<kWidth>(pass.traded_value, i, if_value(target, target, value));
    }
  }
  const double both = gross.total(), balance = net.total();
  pass.bought = (both + balance) / 2;
  pass.sold = (both - balance) / 2;
}

TW_TILE_WIDTHS(static, want_widths, (WantPass & pass), (pass), want_body<kWidth>(pass))
TW_TILE_WIDTHS(static,
               move_widths,
               (std::size_t size, const double* ratio, double* value, double& sum),
               (size, ratio, value, sum),
               move_body<kWidth>(size, ratio, value, sum))
TW_TILE_WIDTHS(
    static, select_free, (SelectPass & pass), (pass), select_body<kWidth, Limits::kNone>(pass))
TW_TILE_WIDTHS(
    static, select_limited, (SelectPass & pass), (pass), select_body<kWidth, Limits::kSome>(pass))
TW_TILE_WIDTHS(
    static, trade_free, (TradePass & pass), (pass), trade_body<kWidth, Limits::kNone>(pass))
TW_TILE_WIDTHS(
    static, trade_limited, (TradePass & pass), (pass), trade_body<kWidth, Limits::kSome>(pass))

constexpr double kInfinity = std::numeric_limits<double>::infinity();

}  // namespace

void want_values(WantPass& pass) noexcept {
  widen(pass.size, pass.direction, pass.wanted);
  want_widths(pass);
}

double move_values(std::size_t size, const double* ratio, double* value) noexcept {
  double sum = 0;
  move_widths(size, ratio, value, sum);
  return sum;
}

void select_values(SelectPass& pass) noexcept {
  pass.cap == kInfinity&& pass.band <= pass.least ? select_free(pass) : select_limited(pass);
}

void trade_values(TradePass& pass) noexcept {
  pass.cap == kInfinity ? trade_free(pass) : trade_limited(pass);
}

}  // namespace tickwerk::backtest
