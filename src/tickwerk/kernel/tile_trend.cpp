// Windows against time (kernel/tile_window.h): regression on the bar number, linear decay.
#include "tickwerk/kernel/tile_vec.h"
#include "tickwerk/kernel/tile_window.h"

namespace tickwerk::kernel::tile {
namespace {

/// What the formulas below are made of.
template <class V>
struct Trend {
  V slope, mean, newest;
  double squares_of_time;  // n (n^2 - 1) / 12
  double half;             // (n - 1) / 2
};

/// Weights of time are antisymmetric about the middle: differences of pairs are exactly zero for a
/// constant, and the mean is computed against the oldest value for the same reason.
template <std::size_t kWidth>
TW_INLINE Trend<Vec<kWidth>> trend(const double* x,
                                   std::ptrdiff_t first,
                                   std::ptrdiff_t n) noexcept {
  using V = Vec<kWidth>;
  const V oldest = load<kWidth>(x, first);
  V weighted{}, sum{};
  for (std::ptrdiff_t k = 0; k < n / 2; ++k) {
    const V early = load<kWidth>(x, first + k);
    const V late = load<kWidth>(x, first + n - 1 - k);
    weighted = weighted + (late - early) * (static_cast<double>(n - 1 - 2 * k) * 0.5);
    sum = sum + ((early - oldest) + (late - oldest));
  }
  if (n % 2 == 1) sum = sum + (load<kWidth>(x, first + n / 2) - oldest);
  const auto size = static_cast<double>(n);
  Trend<V> found;
  found.squares_of_time = size * (size * size - 1.0) / 12.0;
  found.half = (size - 1.0) * 0.5;
  found.mean = oldest + sum / size;
  // The middle of an odd window has no weight, but its NaN or infinity still counts.
  found.slope = weighted / found.squares_of_time + (sum - sum);
  found.newest = load<kWidth>(x, first + n - 1);
  return found;
}

struct Slope {
  template <std::size_t kWidth>
  TW_INLINE static Vec<kWidth> of(const double* x,
                                  std::ptrdiff_t first,
                                  std::ptrdiff_t n) noexcept {
    return trend<kWidth>(x, first, n).slope;
  }
};

struct Residual {
  template <std::size_t kWidth>
  TW_INLINE static Vec<kWidth> of(const double* x,
                                  std::ptrdiff_t first,
                                  std::ptrdiff_t n) noexcept {
    const Trend<Vec<kWidth>> found = trend<kWidth>(x, first, n);
    return (found.newest - found.mean) - found.slope * found.half;
  }
};

struct R2 {
  template <std::size_t kWidth>
  TW_INLINE static Vec<kWidth> of(const double* x,
                                  std::ptrdiff_t first,
                                  std::ptrdiff_t n) noexcept {
    using V = Vec<kWidth>;
    const Trend<V> found = trend<kWidth>(x, first, n);
    V squares{};
    for (std::ptrdiff_t k = 0; k < n; ++k) {
      const V apart = load<kWidth>(x, first + k) - found.mean;
      squares = squares + apart * apart;
    }
    const V share = found.slope * found.slope * found.squares_of_time / squares;
    const V cut = least(every<V>(1.0), share);
    return only_above(squares, 0.0, cut);
  }
};

struct DecayLinear {
  template <std::size_t kWidth>
  TW_INLINE static Vec<kWidth> of(const double* x,
                                  std::ptrdiff_t first,
                                  std::ptrdiff_t n) noexcept {
    using V = Vec<kWidth>;
    const V newest = load<kWidth>(x, first + n - 1);
    V weighted{};
    for (std::ptrdiff_t k = 0; k < n - 1; ++k) {
      weighted = weighted + (load<kWidth>(x, first + k) - newest) * static_cast<double>(k + 1);
    }
    const auto size = static_cast<double>(n);
    return newest + weighted / (size * (size + 1.0) * 0.5);
  }
};

template <std::size_t kWidth, class Formula>
TW_INLINE void run(const TileArgs& args) noexcept {
  const auto n = static_cast<std::ptrdiff_t>(args.constants[0]);
  const auto num_bars = static_cast<std::ptrdiff_t>(args.num_bars);
  for (std::size_t lane = 0; lane < kTileLanes; lane += kWidth) {
    const double* x = args.inputs[0] + lane;
    for (std::ptrdiff_t bar = 0; bar < num_bars; ++bar) {
      store<kWidth>(args.out + lane, bar, Formula::template of<kWidth>(x, bar - n + 1, n));
    }
  }
}

}  // namespace

TW_TILE_KERNEL(window_slope, run<kWidth, Slope>(args))
TW_TILE_KERNEL(window_residual, run<kWidth, Residual>(args))
TW_TILE_KERNEL(window_r2, run<kWidth, R2>(args))
TW_TILE_KERNEL(decay_linear, run<kWidth, DecayLinear>(args))

}  // namespace tickwerk::kernel::tile
