#include "tickwerk/kernel/tile_blocks.h"
#include "tickwerk/kernel/tile_window.h"

namespace tickwerk::kernel::tile {
namespace {

constexpr double kInfinity = __builtin_inf();

/// One value a part; `Pair` says how two are put together.
template <class Pair>
struct OneValue {
  static constexpr int kInputs = 1;
  static constexpr bool kWeighted = false;
  static constexpr double kAbsent = Pair::kAbsent;
  template <class V>
  struct State {
    V value;
  };
  template <class V>
  TW_INLINE static State<V> none() noexcept {
    return {every<V>(Pair::kAbsent)};
  }
  template <class V>
  TW_INLINE static State<V> join(State<V> a, State<V> b, Weights<double>) noexcept {
    return {Pair::of(a.value, b.value)};
  }
  template <class V>
  TW_INLINE static State<V> grow(State<V> a, const BarValues<V>& values, Weights<double>) noexcept {
    return {Pair::of(a.value, values.x)};
  }
  template <class V>
  TW_INLINE static V result(State<V> whole, V, double) noexcept {
    return whole.value;
  }
};

struct Sum {
  static constexpr double kAbsent = 0;
  template <class V>
  TW_INLINE static V of(V a, V b) noexcept {
    return a + b;
  }
};

struct Product {
  static constexpr double kAbsent = 1;
  template <class V>
  TW_INLINE static V of(V a, V b) noexcept {
    return a * b;
  }
};

struct Min {
  static constexpr double kAbsent = kInfinity;
  template <class V>
  TW_INLINE static V of(V a, V b) noexcept {
    return least(a, b);
  }
};

struct Max {
  static constexpr double kAbsent = -kInfinity;
  template <class V>
  TW_INLINE static V of(V a, V b) noexcept {
    return greatest(a, b);
  }
};

/// The least value times `kSign` and its bar. A bar without a value is infinite and infinitely
/// late, so that an infinite value comes before it.
template <int kSign>
struct Position {
  static constexpr int kInputs = 1;
  static constexpr bool kWeighted = false;
  static constexpr double kAbsent = __builtin_nan("");
  template <class V>
  struct State {
    V value, bar;
  };
  template <class V>
  TW_INLINE static State<V> none() noexcept {
    return {every<V>(kInfinity), every<V>(kInfinity)};
  }
  template <class V>
  TW_INLINE static State<V> one(const BarValues<V>& values) noexcept {
    const V least = kSign > 0 ? values.x : -values.x;
    return {value_or(least, every<V>(kInfinity)),
            if_value(values.x, values.position, every<V>(kInfinity))};
  }
  template <class V>
  TW_INLINE static State<V> join(State<V> a, State<V> b, Weights<double>) noexcept {
    const V earlier = least(b.bar, a.bar);
    const V not_more = if_equal(a.value, b.value, earlier, a.bar);
    return {least(b.value, a.value), if_less(b.value, a.value, b.bar, not_more)};
  }
  template <class V>
  TW_INLINE static State<V> grow(State<V> a,
                                 const BarValues<V>& values,
                                 Weights<double> w) noexcept {
    return join(a, one(values), w);
  }
  template <class V>
  TW_INLINE static V result(State<V> whole, V, double first_bar) noexcept {
    return whole.bar - first_bar + 1.0;
  }
};

template <std::size_t kWidth, class Algebra>
TW_INLINE void run(const TileArgs& args) noexcept {
  if (args.constants[1] == args.constants[0]) {
    BlockWindow<kWidth, Algebra, false>::run(args, {});
  } else {
    BlockWindow<kWidth, Algebra, true>::run(args, {});
  }
}

}  // namespace

TW_TILE_KERNEL(window_sum, run<kWidth, OneValue<Sum>>(args))
TW_TILE_KERNEL(window_product, run<kWidth, OneValue<Product>>(args))
TW_TILE_KERNEL(window_min, BlockWindow<kWidth, OneValue<Min>, true>::run(args, {}))
TW_TILE_KERNEL(window_max, BlockWindow<kWidth, OneValue<Max>, true>::run(args, {}))
TW_TILE_KERNEL(window_argmin, BlockWindow<kWidth, Position<1>, true>::run(args, {}))
TW_TILE_KERNEL(window_argmax, BlockWindow<kWidth, Position<-1>, true>::run(args, {}))

}  // namespace tickwerk::kernel::tile
