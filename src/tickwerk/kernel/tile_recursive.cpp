#include "tickwerk/kernel/tile_recursive.h"

#include "tickwerk/kernel/tile_vec.h"

namespace tickwerk::kernel::tile {
namespace {

/// The recursions of the lanes of a vector beside each other: what one waits for, others fill.
/// `Recursion` has a constructor from (args, lane), `next(x of each input)` and `keep(args, lane)`.
template <std::size_t kWidth, class Recursion>
TW_INLINE void run(const TileArgs& args) noexcept {
  const auto num_bars = static_cast<std::ptrdiff_t>(args.num_bars);
  for (std::size_t lane = 0; lane < kTileLanes; lane += kWidth) {
    Recursion recursion;
    recursion.begin(args, lane);
    const double* first = args.inputs[0] + lane;
    double* out = args.out + lane;
    if constexpr (Recursion::kInputs == 1) {
      for (std::ptrdiff_t bar = 0; bar < num_bars; ++bar) {
        store<kWidth>(out, bar, recursion.next(load<kWidth>(first, bar)));
      }
    } else {
      const double* second = args.inputs[1] + lane;
      for (std::ptrdiff_t bar = 0; bar < num_bars; ++bar) {
        store<kWidth>(out, bar,
                      recursion.next(load<kWidth>(first, bar), load<kWidth>(second, bar)));
      }
    }
    recursion.end(args, lane);
  }
}

template <std::size_t kWidth>
struct Ema {
  static constexpr int kInputs = 1;
  using V = Vec<kWidth>;
  V mean, seen;
  double weight, window;

  TW_INLINE void begin(const TileArgs& args, std::size_t lane) noexcept {
    mean = load<kWidth>(args.state + lane, 0);
    seen = load<kWidth>(args.state + lane, 1);
    window = args.constants[0];
    weight = 2.0 / (window + 1.0);
  }
  TW_INLINE V next(V x) noexcept {
    const V update = mean + (x - mean) * weight;
    const V moved = if_equal(seen, V{}, x, update);
    mean = if_value(x, moved, mean);
    seen = seen + one_if_value(x);
    const V ready = only_from(seen, window, mean);
    return if_value(x, ready, x);
  }
  TW_INLINE void end(const TileArgs& args, std::size_t lane) const noexcept {
    store<kWidth>(args.state + lane, 0, mean);
    store<kWidth>(args.state + lane, 1, seen);
  }
};

template <std::size_t kWidth>
struct Wilder {
  static constexpr int kInputs = 1;
  using V = Vec<kWidth>;
  V mean, seen;
  double window;

  TW_INLINE void begin(const TileArgs& args, std::size_t lane) noexcept {
    mean = load<kWidth>(args.state + lane, 0);
    seen = load<kWidth>(args.state + lane, 1);
    window = args.constants[0];
  }
  TW_INLINE V next(V x) noexcept {
    // The running mean of the first n values and the recursion after them differ in the weight
    // only.
    seen = seen + one_if_value(x);
    const V at_least_one = greatest(seen, every<V>(1.0));
    const V divisor = least(at_least_one, every<V>(window));
    const V moved = mean + (x - mean) * (1.0 / divisor);
    mean = if_value(x, moved, mean);
    const V ready = only_from(seen, window, mean);
    return if_value(x, ready, x);
  }
  TW_INLINE void end(const TileArgs& args, std::size_t lane) const noexcept {
    store<kWidth>(args.state + lane, 0, mean);
    store<kWidth>(args.state + lane, 1, seen);
  }
};

template <std::size_t kWidth>
struct OneVariable {
  Vec<kWidth> state;

  TW_INLINE void begin(const TileArgs& args, std::size_t lane) noexcept {
    state = load<kWidth>(args.state + lane, 0);
  }
  TW_INLINE void end(const TileArgs& args, std::size_t lane) const noexcept {
    store<kWidth>(args.state + lane, 0, state);
  }
};

template <std::size_t kWidth>
struct CumulativeSum : OneVariable<kWidth> {
  static constexpr int kInputs = 1;
  TW_INLINE Vec<kWidth> next(Vec<kWidth> x) noexcept {
    this->state = this->state + value_or(x, Vec<kWidth>{});
    return if_value(x, this->state, x);
  }
};

template <std::size_t kWidth>
struct LastValue {
  static constexpr int kInputs = 1;
  using V = Vec<kWidth>;
  V value, seen;

  TW_INLINE void begin(const TileArgs& args, std::size_t lane) noexcept {
    seen = load<kWidth>(args.state + lane, 1);
    value = only_above(seen, 0.0, load<kWidth>(args.state + lane, 0));
  }
  TW_INLINE V next(V x) noexcept {
    value = value_or(x, value);
    return value;
  }
  TW_INLINE void end(const TileArgs& args, std::size_t lane) const noexcept {
    store<kWidth>(args.state + lane, 0, value_or(value, V{}));
    store<kWidth>(args.state + lane, 1, one_if_value(value));
  }
};

template <std::size_t kWidth>
struct Latch : OneVariable<kWidth> {
  static constexpr int kInputs = 2;
  using V = Vec<kWidth>;
  TW_INLINE V next(V enter, V exit) noexcept {
    const V entered = if_equal(enter, every<V>(1.0), enter, this->state);
    const V open = if_equal(exit, V{}, entered, this->state);
    this->state = if_equal(exit, every<V>(1.0), V{}, open);
    return this->state;
  }
};

/// The state is the number of bars since, plus one; zero before the first.
template <std::size_t kWidth>
struct BarsSince : OneVariable<kWidth> {
  static constexpr int kInputs = 1;
  using V = Vec<kWidth>;
  TW_INLINE V next(V condition) noexcept {
    const V later = if_less(V{}, this->state, this->state + 1.0, this->state);
    this->state = if_equal(condition, every<V>(1.0), every<V>(1.0), later);
    return only_above(this->state, 0.0, this->state - 1.0);
  }
};

}  // namespace

TW_TILE_KERNEL(ema, run<kWidth, Ema<kWidth>>(args))
TW_TILE_KERNEL(wilder, run<kWidth, Wilder<kWidth>>(args))
TW_TILE_KERNEL(cumulative_sum, run<kWidth, CumulativeSum<kWidth>>(args))
TW_TILE_KERNEL(last_value, run<kWidth, LastValue<kWidth>>(args))
TW_TILE_KERNEL(latch, run<kWidth, Latch<kWidth>>(args))
TW_TILE_KERNEL(bars_since, run<kWidth, BarsSince<kWidth>>(args))

}  // namespace tickwerk::kernel::tile
