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
TW_INLINE void where_body(const TileArgs& args) noexcept {
  const std::size_t size = args.num_bars * kTileLanes;
  for (std::size_t i = 0; i < size; i += kWidth) {
    using V = Vec<kWidth>;
    const V condition = load<kWidth>(args.inputs[0] + i, 0);
    const V if_true = load<kWidth>(args.inputs[1] + i, 0);
    const V if_false = load<kWidth>(args.inputs[2] + i, 0);
    const V chosen = if_equal(condition, V{}, if_false, if_true);
    store<kWidth>(args.out + i, 0, if_value(condition, chosen, condition));
  }
}

/// `truth`, which is 1 or 0, where both are values, else NaN.
template <class V>
TW_INLINE V known(V truth, V a, V b) noexcept {
  return if_value(b, if_value(a, truth, a), b);
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

#define TW_OF_TWO(name, expression)            \
  namespace {                                  \
  struct name##_formula {                      \
    template <class V>                         \
    TW_INLINE static V of(V a, V b) noexcept { \
      return expression;                       \
    }                                          \
  };                                           \
  }

#define TW_BINARY(name, expression) \
  TW_OF_TWO(name, expression)       \
  TW_TILE_KERNEL(name, binary<kWidth, name##_formula>(args))

#define TW_FOLD(name, expression) \
  TW_OF_TWO(name, expression)     \
  TW_TILE_KERNEL(name, fold<kWidth, name##_formula>(args))

TW_BINARY(add, a + b)
TW_BINARY(subtract, a - b)
TW_BINARY(multiply, a* b)
TW_BINARY(divide, a / b)
TW_BINARY(less, known(if_less(a, b, every<V>(1.0), V{}), a, b))
TW_BINARY(less_equal, known(if_not_above(a, b, every<V>(1.0), V{}), a, b))
TW_BINARY(greater, known(if_less(b, a, every<V>(1.0), V{}), a, b))
TW_BINARY(greater_equal, known(if_not_above(b, a, every<V>(1.0), V{}), a, b))
TW_BINARY(equal, known(if_equal(a, b, every<V>(1.0), V{}), a, b))
TW_BINARY(not_equal, known(if_equal(a, b, V{}, every<V>(1.0)), a, b))
TW_BINARY(logical_and, if_equal(a, V{}, a, if_equal(b, V{}, b, a* b)))
TW_BINARY(logical_or, if_equal(a, every<V>(1.0), a, if_equal(b, every<V>(1.0), b, a + b)))
TW_BINARY(fill_nan, value_or(a, b))
TW_BINARY(ratio, only_above(b, 1e-10, a / b))
TW_FOLD(smallest, if_value(a, least(a, b), a))
TW_FOLD(largest, if_value(a, greatest(a, b), a))

TW_UNARY(negate, -a)
TW_UNARY(absolute, if_less(a, V{}, -a, a + 0.0))
TW_UNARY(sign, if_less(V{}, a, every<V>(1.0), if_less(a, V{}, every<V>(-1.0), a)))
TW_UNARY(root, square_root(a))
TW_UNARY(logical_not, 1.0 - a)
TW_UNARY(is_nan, if_value(a, V{}, every<V>(1.0)))
TW_UNARY(clip,
         if_less(a,
                 every<V>(constants[0]),
                 every<V>(constants[0]),
                 if_less(every<V>(constants[1]), a, every<V>(constants[1]), a)))
TW_TILE_KERNEL(where, where_body<kWidth>(args))

void logarithm(const TileArgs& args) noexcept {
  const std::size_t size = args.num_bars * kTileLanes;
  kernel::log(std::span(args.inputs[0], size), std::span(args.out, size));
}

void exponential(const TileArgs& args) noexcept {
  const std::size_t size = args.num_bars * kTileLanes;
  kernel::exp(std::span(args.inputs[0], size), std::span(args.out, size));
}

}  // namespace tickwerk::kernel::tile
