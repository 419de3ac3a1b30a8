// Skewness and kurtosis of windows (kernel/tile_window.h): two passes over the window.
#include "tickwerk/kernel/tile_vec.h"
#include "tickwerk/kernel/tile_window.h"

namespace tickwerk::kernel::tile {
namespace {

template <class V>
struct Moments {
  V count, second, third, fourth;  // sums of powers of the deviations from the mean
};

/// The reference that the mean is computed against is a value of the window, so that a constant
/// has exactly zero deviations.
template <std::size_t kWidth, bool kFull>
TW_INLINE Moments<Vec<kWidth>> moments(const double* x, std::ptrdiff_t first, std::ptrdiff_t last) {
  using V = Vec<kWidth>;
  V reference = load<kWidth>(x, last - 1);
  if constexpr (!kFull) {
    for (std::ptrdiff_t bar = last - 2; bar >= first; --bar) {
      reference = value_or(reference, load<kWidth>(x, bar));
    }
  }
  V count = every<V>(static_cast<double>(last - first));
  V sum{};
  if constexpr (!kFull) count = V{};
  for (std::ptrdiff_t bar = first; bar < last; ++bar) {
    const V away = load<kWidth>(x, bar) - reference;
    if constexpr (kFull) {
      sum = sum + away;
    } else {
      sum = sum + value_or(away, V{});
      count = count + one_if_value(load<kWidth>(x, bar));
    }
  }
  const V mean = reference + sum / (greatest(count, every<V>(1.0)));
  Moments<V> found{count, V{}, V{}, V{}};
  for (std::ptrdiff_t bar = first; bar < last; ++bar) {
    V apart = load<kWidth>(x, bar) - mean;
    if constexpr (!kFull) apart = value_or(apart, V{});
    const V square = apart * apart;
    found.second = found.second + square;
    found.third = found.third + square * apart;
    found.fourth = found.fourth + square * square;
  }
  return found;
}

struct Skewness {
  template <class V>
  TW_INLINE static V of(const Moments<V>& m) noexcept {
    const V n = m.count;
    const V adjusted = n * square_root(n - 1.0) / (n - 2.0);
    const V value = adjusted * m.third / (m.second * square_root(m.second));
    const V enough = only_above(n, 2.0, value);
    return only_above(m.second, 0.0, enough);
  }
};

struct Kurtosis {
  template <class V>
  TW_INLINE static V of(const Moments<V>& m) noexcept {
    const V n = m.count;
    const V below = (n - 2.0) * (n - 3.0);
    const V ratio = m.fourth / (m.second * m.second);
    const V value = n * (n + 1.0) * (n - 1.0) / below * ratio - 3.0 * (n - 1.0) * (n - 1.0) / below;
    const V enough = only_above(n, 3.0, value);
    return only_above(m.second, 0.0, enough);
  }
};

template <std::size_t kWidth, class Shape, bool kFull>
TW_INLINE void block(const double* x, double* out, std::ptrdiff_t bar, const double* constants) {
  using V = Vec<kWidth>;
  const auto n = static_cast<std::ptrdiff_t>(constants[0]);
  const auto end = bar + static_cast<std::ptrdiff_t>(kTileBlock);
  for (; bar < end; ++bar) {
    const Moments<V> found = moments<kWidth, kFull>(x, bar - n + 1, bar + 1);
    const V value = Shape::of(found);
    store<kWidth>(out, bar, only_from(found.count, constants[1], value));
  }
}

template <std::size_t kWidth, class Shape>
TW_INLINE void run(const TileArgs& args) noexcept {
  const auto n = static_cast<std::ptrdiff_t>(args.constants[0]);
  const auto num_bars = static_cast<std::ptrdiff_t>(args.num_bars);
  const auto step = static_cast<std::ptrdiff_t>(kTileBlock);
  for (std::size_t lane = 0; lane < kTileLanes; lane += kWidth) {
    const double* x = args.inputs[0] + lane;
    double* out = args.out + lane;
    for (std::ptrdiff_t bar = 0; bar < num_bars; bar += step) {
      if (any_nan<kWidth>(x, bar - n + 1, bar + step)) {
        block<kWidth, Shape, false>(x, out, bar, args.constants);
      } else {
        block<kWidth, Shape, true>(x, out, bar, args.constants);
      }
    }
  }
}

}  // namespace

TW_TILE_KERNEL(window_skewness, run<kWidth, Skewness>(args))
TW_TILE_KERNEL(window_kurtosis, run<kWidth, Kurtosis>(args))

}  // namespace tickwerk::kernel::tile
