// Windows against time (kernel/tile_window.h): regression on the bar number, linear decay.
#include "tickwerk/kernel/tile_vec.h"
#include "tickwerk/kernel/tile_window.h"

namespace tickwerk::kernel::tile {
namespace {

// Windows of this many bars are computed beside each other: they share the weights, and one fills
// the time in which another waits for its additions.
constexpr std::ptrdiff_t kAtOnce = 4;

template <class V>
using Group = V[kAtOnce];

/// What the regressions are made of.
template <class V>
struct Trend {
  Group<V> slope, mean;
  double squares_of_time;  // n (n^2 - 1) / 12
};

/// Weights of time are antisymmetric about the middle: differences of pairs are exactly zero for a
/// constant, and the mean is computed against the oldest value for the same reason.
template <std::size_t kWidth>
TW_INLINE Trend<Vec<kWidth>> trend(const double* x,
                                   std::ptrdiff_t first,
                                   std::ptrdiff_t n) noexcept {
  using V = Vec<kWidth>;
  const auto size = static_cast<double>(n);
  Trend<V> found;
  found.squares_of_time = size * (size * size - 1.0) / 12.0;
  Group<V> weighted{}, sum{}, oldest;
  for (std::ptrdiff_t i = 0; i < kAtOnce; ++i) oldest[i] = load<kWidth>(x, first + i);
  V weight = every<V>((size - 1.0) * 0.5);
  for (std::ptrdiff_t k = 0; k < n / 2; ++k) {
    for (std::ptrdiff_t i = 0; i < kAtOnce; ++i) {
      const V early = load<kWidth>(x, first + i + k);
      const V late = load<kWidth>(x, first + i + n - 1 - k);
      weighted[i] = weighted[i] + (late - early) * weight;
      sum[i] = sum[i] + ((early - oldest[i]) + (late - oldest[i]));
    }
    weight = weight - 1.0;
  }
  for (std::ptrdiff_t i = 0; i < kAtOnce; ++i) {
    if (n % 2 == 1) sum[i] = sum[i] + (load<kWidth>(x, first + i + n / 2) - oldest[i]);
    found.mean[i] = oldest[i] + sum[i] / size;
    // The middle of an odd window has no weight, but its NaN or infinity still counts.
    found.slope[i] = weighted[i] / found.squares_of_time + (sum[i] - sum[i]);
  }
  return found;
}

struct Slope {
  template <std::size_t kWidth>
  TW_INLINE static void of(const double* x,
                           std::ptrdiff_t first,
                           std::ptrdiff_t n,
                           Group<Vec<kWidth>>& out) noexcept {
    const Trend<Vec<kWidth>> found = trend<kWidth>(x, first, n);
    for (std::ptrdiff_t i = 0; i < kAtOnce; ++i) out[i] = found.slope[i];
  }
};

struct Residual {
  template <std::size_t kWidth>
  TW_INLINE static void of(const double* x,
                           std::ptrdiff_t first,
                           std::ptrdiff_t n,
                           Group<Vec<kWidth>>& out) noexcept {
    const Trend<Vec<kWidth>> found = trend<kWidth>(x, first, n);
    const double half = (static_cast<double>(n) - 1.0) * 0.5;
    for (std::ptrdiff_t i = 0; i < kAtOnce; ++i) {
      const Vec<kWidth> newest = load<kWidth>(x, first + i + n - 1);
      out[i] = (newest - found.mean[i]) - found.slope[i] * half;
    }
  }
};

struct R2 {
  template <std::size_t kWidth>
  TW_INLINE static void of(const double* x,
                           std::ptrdiff_t first,
                           std::ptrdiff_t n,
                           Group<Vec<kWidth>>& out) noexcept {
    using V = Vec<kWidth>;
    const Trend<V> found = trend<kWidth>(x, first, n);
    Group<V> squares{};
    for (std::ptrdiff_t k = 0; k < n; ++k) {
      for (std::ptrdiff_t i = 0; i < kAtOnce; ++i) {
        const V apart = load<kWidth>(x, first + i + k) - found.mean[i];
        squares[i] = squares[i] + apart * apart;
      }
    }
    for (std::ptrdiff_t i = 0; i < kAtOnce; ++i) {
      const V explained = found.slope[i] * found.slope[i] * found.squares_of_time;
      out[i] = only_above(squares[i], 0.0, least(every<V>(1.0), explained / squares[i]));
    }
  }
};

/// Against the newest value, which has the largest weight: exact for a constant.
struct DecayLinear {
  template <std::size_t kWidth>
  TW_INLINE static void of(const double* x,
                           std::ptrdiff_t first,
                           std::ptrdiff_t n,
                           Group<Vec<kWidth>>& out) noexcept {
    using V = Vec<kWidth>;
    const auto size = static_cast<double>(n);
    Group<V> lost{}, newest;
    for (std::ptrdiff_t i = 0; i < kAtOnce; ++i) newest[i] = load<kWidth>(x, first + i + n - 1);
    V weight = every<V>(1.0);
    for (std::ptrdiff_t k = 0; k < n - 1; ++k) {
      for (std::ptrdiff_t i = 0; i < kAtOnce; ++i) {
        lost[i] = lost[i] + (newest[i] - load<kWidth>(x, first + i + k)) * weight;
      }
      weight = weight + 1.0;
    }
    for (std::ptrdiff_t i = 0; i < kAtOnce; ++i) {
      out[i] = newest[i] - lost[i] / (size * (size + 1.0) * 0.5);
    }
  }
};

template <std::size_t kWidth, class Formula>
TW_INLINE void run(const TileArgs& args) noexcept {
  const auto n = static_cast<std::ptrdiff_t>(args.constants[0]);
  const auto num_bars = static_cast<std::ptrdiff_t>(args.num_bars);
  for (std::size_t lane = 0; lane < kTileLanes; lane += kWidth) {
    const double* x = args.inputs[0] + lane;
    for (std::ptrdiff_t bar = 0; bar < num_bars; bar += kAtOnce) {
      Group<Vec<kWidth>> values;
      Formula::template of<kWidth>(x, bar - n + 1, n, values);
      for (std::ptrdiff_t i = 0; i < kAtOnce; ++i) {
        store<kWidth>(args.out + lane, bar + i, values[i]);
      }
    }
  }
}

}  // namespace

TW_TILE_KERNEL(window_slope, run<kWidth, Slope>(args))
TW_TILE_KERNEL(window_residual, run<kWidth, Residual>(args))
TW_TILE_KERNEL(window_r2, run<kWidth, R2>(args))
TW_TILE_KERNEL(decay_linear, run<kWidth, DecayLinear>(args))

}  // namespace tickwerk::kernel::tile
