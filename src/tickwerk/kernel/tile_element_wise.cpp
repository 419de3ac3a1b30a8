#include "tickwerk/kernel/tile_element_wise.h"

#include <span>

#include "tickwerk/kernel/exp_log.h"
#include "tickwerk/kernel/tile_vec.h"

namespace tickwerk::kernel::tile {
namespace {

/// `Formula::of` over the values of one, two or three inputs, bar after bar; `constants` last.
template <std::size_t kWidth, class Formula>
TW_INLINE void unary(const TileArgs& args) noexcept {
  const double* a = args.inputs[0];
  const std::size_t size = args.num_bars * kTileLanes;
  for (std::size_t i = 0; i < size; i += kWidth) {
    store<kWidth>(args.out + i, 0, Formula::of(load<kWidth>(a + i, 0), args.constants));
  }
}

template <std::size_t kWidth, class Formula>
TW_INLINE void binary(const TileArgs& args) noexcept {
  const double* a = args.inputs[0];
  const double* b = args.inputs[1];
  const std::size_t size = args.num_bars * kTileLanes;
  for (std::size_t i = 0; i < size; i += kWidth) {
    store<kWidth>(args.out + i, 0, Formula::of(load<kWidth>(a + i, 0), load<kWidth>(b + i, 0)));
  }
}

template <std::size_t kWidth, class Formula>
TW_INLINE void fold(const TileArgs& args) noexcept {
  const std::size_t size = args.num_bars * kTileLanes;
  for (std::size_t i = 0; i < size; i += kWidth) {
    Vec<kWidth> folded = load<kWidth>(args.inputs[0] + i, 0);
    for (std::size_t k = 1; k < args.num_inputs; ++k) {
      folded = Formula::of(folded, load<kWidth>(args.inputs[k] + i, 0));
    }
    store<kWidth>(args.out + i, 0, folded);
  }
}

template <std::size_t kWidth>
TW_INLINE void choose(const TileArgs& args) noexcept {
  const std::size_t size = args.num_bars * kTileLanes;
  for (std::size_t i = 0; i < size; i += kWidth) {
    using V = Vec<kWidth>;
    const V condition = load<kWidth>(args.inputs[0] + i, 0);
    const V if_true = load<kWidth>(args.inputs[1] + i, 0);
    const V if_false = load<kWidth>(args.inputs[2] + i, 0);
    const V chosen = condition != 0.0 ? if_true : if_false;
    store<kWidth>(args.out + i, 0, condition == condition ? chosen : nan_of<V>());
  }
}

/// 1 or 0 where both are values, else NaN: `a - a` and `b - b` would make NaN of infinities.
template <class V, class Mask>
TW_INLINE V truth(Mask holds, V a, V b) noexcept {
  const V found = holds ? every<V>(1.0) : V{};
  const V known = a == a ? found : nan_of<V>();
  return b == b ? known : nan_of<V>();
}

}  // namespace

#define TW_UNARY(name, expression)                                                  \
  namespace {                                                                       \
  struct name##_formula {                                                           \
    template <class V>                                                              \
    TW_INLINE static V of(V a, [[maybe_unused]] const double* constants) noexcept { \
      return expression;                                                            \
    }                                                                               \
  };                                                                                \
  }                                                                                 \
  TW_TILE_KERNEL(name, unary<kWidth, name##_formula>(args))

#define TW_BINARY(name, form, expression)      \
  namespace {                                  \
  struct name##_formula {                      \
    template <class V>                         \
    TW_INLINE static V of(V a, V b) noexcept { \
      return expression;                       \
    }                                          \
  };                                           \
  }                                            \
  TW_TILE_KERNEL(name, form<kWidth, name##_formula>(args))

TW_BINARY(add, binary, a + b)
TW_BINARY(subtract, binary, a - b)
TW_BINARY(multiply, binary, a* b)
TW_BINARY(divide, binary, a / b)
TW_BINARY(less, binary, truth(a < b, a, b))
TW_BINARY(less_equal, binary, truth(a <= b, a, b))
TW_BINARY(greater, binary, truth(a > b, a, b))
TW_BINARY(greater_equal, binary, truth(a >= b, a, b))
TW_BINARY(equal, binary, truth(a == b, a, b))
TW_BINARY(not_equal, binary, truth(a != b, a, b))
TW_BINARY(logical_and, binary, a == 0.0 ? V{} : (b == 0.0 ? V{} : a * b))
TW_BINARY(logical_or, binary, a == 1.0 ? a : (b == 1.0 ? b : a + b))
TW_BINARY(fill_nan, binary, value_or(a, b))
TW_BINARY(ratio, binary, b > 1e-10 ? a / b : nan_of<V>())
TW_BINARY(smallest, fold, smaller(a, b))
TW_BINARY(largest, fold, larger(a, b))

TW_UNARY(negate, -a)
TW_UNARY(absolute, a < 0.0 ? -a : a + 0.0)
TW_UNARY(sign, a > 0.0 ? every<V>(1.0) : (a < 0.0 ? every<V>(-1.0) : a))
TW_UNARY(root, square_root(a))
TW_UNARY(logical_not, 1.0 - a)
TW_UNARY(is_nan, a == a ? V{} : every<V>(1.0))
TW_UNARY(clip,
         a < constants[0] ? every<V>(constants[0])
                          : (a > constants[1] ? every<V>(constants[1]) : a))
TW_TILE_KERNEL(where, choose<kWidth>(args))

void logarithm(const TileArgs& args) noexcept {
  const std::size_t size = args.num_bars * kTileLanes;
  kernel::log(std::span(args.inputs[0], size), std::span(args.out, size));
}

void exponential(const TileArgs& args) noexcept {
  const std::size_t size = args.num_bars * kTileLanes;
  kernel::exp(std::span(args.inputs[0], size), std::span(args.out, size));
}

}  // namespace tickwerk::kernel::tile
