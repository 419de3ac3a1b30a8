#include "tickwerk/kernel/tile_blocks.h"
#include "tickwerk/kernel/tile_window.h"

namespace tickwerk::kernel::tile {
namespace {

struct Mean {
  static constexpr int kInputs = 1;
  static constexpr bool kWeighted = true;
  static constexpr double kAbsent = 0;
  template <class V>
  struct State {
    V mean;
  };
  template <class V>
  TW_INLINE static State<V> none() noexcept {
    return {V{}};
  }
  template <class V, class W>
  TW_INLINE static State<V> grow(State<V> a, const BarValues<V>& bar, Weights<W> w) noexcept {
    return {a.mean + (bar.x - a.mean) * w.of_newer};
  }
  template <class V, class W>
  TW_INLINE static State<V> join(State<V> a, State<V> b, Weights<W> w) noexcept {
    return {a.mean + (b.mean - a.mean) * w.of_newer};
  }
  template <class V>
  TW_INLINE V result(State<V> whole, V, double) const noexcept {
    return finite_or_nan(whole.mean);
  }
};

enum class Root { kNone, kSquare };

/// Mean and sum of squared deviations from it.
struct Variance {
  static constexpr int kInputs = 1;
  static constexpr bool kWeighted = true;
  static constexpr double kAbsent = 0;
  template <class V>
  struct State {
    V mean, squares;
  };
  template <class V>
  TW_INLINE static State<V> none() noexcept {
    return {V{}, V{}};
  }
  template <class V, class W>
  TW_INLINE static State<V> grow(State<V> a, const BarValues<V>& bar, Weights<W> w) noexcept {
    const V apart = bar.x - a.mean;
    return {a.mean + apart * w.of_newer, a.squares + apart * apart * w.of_square};
  }
  template <class V, class W>
  TW_INLINE static State<V> join(State<V> a, State<V> b, Weights<W> w) noexcept {
    const V apart = b.mean - a.mean;
    return {a.mean + apart * w.of_newer, (a.squares + b.squares) + apart * apart * w.of_square};
  }
  template <class V>
  TW_INLINE V result(State<V> whole, V count, double) const noexcept {
    const V divisor = 1.0 / (count - ddof);
    const V variance = finite_or_nan(whole.squares * (only_above(count, ddof, divisor)));
    return root == Root::kSquare ? square_root(variance) : variance;
  }

  double ddof;
  Root root;
};

template <std::size_t kWidth, class Algebra>
TW_INLINE void run(const TileArgs& args, Algebra algebra) noexcept {
  if (args.constants[1] == args.constants[0]) {
    BlockWindow<kWidth, Algebra, false>::run(args, algebra);
  } else {
    BlockWindow<kWidth, Algebra, true>::run(args, algebra);
  }
}

TW_TILE_WIDTHS(static,
               spread,
               (const TileArgs& args, Root root),
               (args, root),
               run<kWidth>(args, Variance{args.constants[2], root}))

}  // namespace

TW_TILE_KERNEL(window_mean, run<kWidth>(args, Mean{}))

void window_variance(const TileArgs& args) noexcept { spread(args, Root::kNone); }
void window_deviation(const TileArgs& args) noexcept { spread(args, Root::kSquare); }

}  // namespace tickwerk::kernel::tile
