// Covariance, correlation and slope of two inputs over windows (kernel/tile_window.h).
#include "tickwerk/kernel/tile_blocks.h"
#include "tickwerk/kernel/tile_window.h"

namespace tickwerk::kernel::tile {
namespace {

enum class Relation { kCovariance, kCorrelation, kBeta };

/// Means, squares and products of the deviations of two inputs.
struct Joint {
  static constexpr int kInputs = 2;
  static constexpr bool kWeighted = true;
  static constexpr double kAbsent = 0;
  template <class V>
  struct State {
    V mean_x, mean_y, xx, yy, xy;
  };
  template <class V>
  TW_INLINE static State<V> none() noexcept {
    return {V{}, V{}, V{}, V{}, V{}};
  }
  template <class V, class W>
  TW_INLINE static State<V> grow(State<V> a, const BarValues<V>& bar, Weights<W> w) noexcept {
    const V x = bar.x - a.mean_x;
    const V y = bar.y - a.mean_y;
    const V weighted_x = x * w.of_square;
    return {a.mean_x + x * w.of_newer, a.mean_y + y * w.of_newer, a.xx + x * weighted_x,
            a.yy + y * y * w.of_square, a.xy + y * weighted_x};
  }
  template <class V, class W>
  TW_INLINE static State<V> join(State<V> a, State<V> b, Weights<W> w) noexcept {
    const V x = b.mean_x - a.mean_x;
    const V y = b.mean_y - a.mean_y;
    const V weighted_x = x * w.of_square;
    return {a.mean_x + x * w.of_newer, a.mean_y + y * w.of_newer, (a.xx + b.xx) + x * weighted_x,
            (a.yy + b.yy) + y * y * w.of_square, (a.xy + b.xy) + y * weighted_x};
  }
  template <class V>
  TW_INLINE V result(State<V> whole, V count, double) const noexcept {
    switch (relation) {
      case Relation::kCovariance: {
        const V divisor = 1.0 / (count - ddof);
        return finite_or_nan(whole.xy * (only_above(count, ddof, divisor)));
      }
      case Relation::kCorrelation: {
        const V value = whole.xy / (square_root(whole.xx) * square_root(whole.yy));
        const V below = least(every<V>(1.0), value);
        const V cut = greatest(every<V>(-1.0), below);
        const V moves = only_above(whole.xx, 0.0, cut);
        return only_above(whole.yy, 0.0, moves);
      }
      case Relation::kBeta:
        break;
    }
    return finite_or_nan(only_above(whole.yy, 0.0, whole.xy / whole.yy));
  }

  double ddof;
  Relation relation;
};

template <std::size_t kWidth>
TW_INLINE void run(const TileArgs& args, Joint algebra) noexcept {
  if (args.constants[1] == args.constants[0]) {
    BlockWindow<kWidth, Joint, false>::run(args, algebra);
  } else {
    BlockWindow<kWidth, Joint, true>::run(args, algebra);
  }
}

TW_TILE_WIDTHS(static,
               joint,
               (const TileArgs& args, Joint algebra),
               (args, algebra),
               run<kWidth>(args, algebra))

}  // namespace

void window_covariance(const TileArgs& args) noexcept {
  joint(args, {args.constants[2], Relation::kCovariance});
}
void window_correlation(const TileArgs& args) noexcept { joint(args, {0, Relation::kCorrelation}); }
void window_beta(const TileArgs& args) noexcept { joint(args, {0, Relation::kBeta}); }

}  // namespace tickwerk::kernel::tile
