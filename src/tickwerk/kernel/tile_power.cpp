// Powers and floor of tiles (kernel/tile_element_wise.h): loops over single values.
#include "tickwerk/kernel/exp_log.h"
#include "tickwerk/kernel/tile_element_wise.h"
#include "tickwerk/kernel/tile_vec.h"

namespace tickwerk::kernel::tile {
namespace {

constexpr double kLargestWhole = 64;

TW_INLINE bool is_small_whole(double y) noexcept {
  return y == __builtin_floor(y) && y >= -kLargestWhole && y <= kLargestWhole;
}

/// x^y of whole y by squaring, the lowest bit of |y| first; NaN where x is.
template <class V>
TW_INLINE V whole_power(V x, double y) noexcept {
  V result = x == x ? V{} + 1.0 : x;
  V square = x;
  for (auto rest = static_cast<unsigned>(y < 0 ? -y : y); rest != 0; rest >>= 1) {
    if ((rest & 1U) != 0) result = result * square;
    square = square * square;
  }
  return y < 0 ? 1.0 / result : result;
}

enum class Parity { kBroken, kOdd, kEven };

TW_INLINE Parity parity_of(double y) noexcept {
  if (y != __builtin_floor(y)) return Parity::kBroken;
  return y * 0.5 == __builtin_floor(y * 0.5) ? Parity::kEven : Parity::kOdd;
}

/// What the power of the size is multiplied by where x < 0.
TW_INLINE double factor_of_negative(Parity parity) noexcept {
  switch (parity) {
    case Parity::kEven:
      return 1;
    case Parity::kOdd:
      return -1;
    case Parity::kBroken:
      break;
  }
  return kNaN;
}

TW_INLINE double general_power(double x, double y, double of_negative) noexcept {
  const double size = kernel::exp(y * kernel::log(x < 0 ? -x : x));
  return x < 0 ? of_negative * size : size;
}

double power_of(double x, double y) noexcept {
  if (is_small_whole(y)) return whole_power(x, y);
  if (y == 0.5) return __builtin_sqrt(x);
  return general_power(x, y, factor_of_negative(parity_of(y)));
}

/// The exponent that all values share, or NaN.
template <std::size_t kWidth>
TW_INLINE double shared_exponent(const double* y, std::size_t size) noexcept {
  using V = Vec<kWidth>;
  const V first = every<V>(y[0]);
  V others{};
  for (std::size_t i = 0; i < size; i += kWidth) {
    others = if_equal(load<kWidth>(y + i, 0), first, others, every<V>(1.0));
  }
  double differ = 0;
  for (std::size_t lane = 0; lane < kWidth; ++lane) differ += others[lane];
  return differ == 0 ? y[0] : kNaN;
}

template <std::size_t kWidth>
TW_INLINE void floors(const TileArgs& args) noexcept {
  const double* x = args.inputs[0];
  const std::size_t size = args.num_bars * kTileLanes;
#pragma GCC ivdep
  for (std::size_t i = 0; i < size; ++i) args.out[i] = __builtin_floor(x[i]);
}

template <std::size_t kWidth>
TW_INLINE void powers(const double* x, double y, double* out, std::size_t size) noexcept {
  if (is_small_whole(y)) {
    for (std::size_t i = 0; i < size; i += kWidth) {
      store<kWidth>(out + i, 0, whole_power(load<kWidth>(x + i, 0), y));
    }
  } else if (y == 0.5) {
    for (std::size_t i = 0; i < size; i += kWidth) {
      store<kWidth>(out + i, 0, square_root(load<kWidth>(x + i, 0)));
    }
  } else {
    const double of_negative = factor_of_negative(parity_of(y));
#pragma GCC ivdep
    for (std::size_t i = 0; i < size; ++i) out[i] = general_power(x[i], y, of_negative);
  }
}

template <std::size_t kWidth>
TW_INLINE void power_body(const TileArgs& args) noexcept {
  const double* x = args.inputs[0];
  const double* y = args.inputs[1];
  const std::size_t size = args.num_bars * kTileLanes;
  const double shared = size == 0 ? kNaN : shared_exponent<kWidth>(y, size);
  if (shared == shared) {
    powers<kWidth>(x, shared, args.out, size);
  } else {
    for (std::size_t i = 0; i < size; ++i) args.out[i] = power_of(x[i], y[i]);
  }
}

template <std::size_t kWidth>
TW_INLINE void signed_power_body(const TileArgs& args) noexcept {
  using V = Vec<kWidth>;
  const double* x = args.inputs[0];
  const std::size_t size = args.num_bars * kTileLanes;
  for (std::size_t i = 0; i < size; i += kWidth) {
    const V a = load<kWidth>(x + i, 0);
    store<kWidth>(args.out + i, 0, if_less(a, V{}, -a, a + 0.0));
  }
  powers<kWidth>(args.out, args.constants[0], args.out, size);
  for (std::size_t i = 0; i < size; i += kWidth) {
    const V a = load<kWidth>(x + i, 0);
    const V size_of_power = load<kWidth>(args.out + i, 0);
    const V signed_value = if_less(a, V{}, -size_of_power, size_of_power);
    store<kWidth>(args.out + i, 0, if_equal(a, V{}, V{}, signed_value));
  }
}

}  // namespace

TW_TILE_KERNEL(floor, floors<kWidth>(args))
TW_TILE_KERNEL(power, power_body<kWidth>(args))
TW_TILE_KERNEL(signed_power, signed_power_body<kWidth>(args))

}  // namespace tickwerk::kernel::tile
