// How a window is put together from parts: in order where it is short; else the suffix of an old
// block, whole blocks, and the prefix of the newest, over blocks that begin at own bars divisible
// by kTileBlock. A value depends on the bars of its window alone, and costs a few operations
// however long the window is. Used by the windowed kernels that add, multiply or compare
// (kernel/tile_sums.cpp, tile_moments.cpp, tile_joint.cpp).
#pragma once

#include "tickwerk/kernel/tile_vec.h"

namespace tickwerk::kernel {

// An algebra says what is put together: its State<V>, none(), grow(state, bar, weights),
// join(state, state, weights); how many inputs it has (kInputs), what stands for a NaN (kAbsent),
// whether it reads weights (kWeighted); and, as an object, the result(state, count, first bar) of a
// window.

inline constexpr auto kBlock = static_cast<std::ptrdiff_t>(kTileBlock);

/// The values of one bar.
template <class V>
struct BarValues {
  V x, y;
  V position;  // of the bar, counted from bar 0 of the call
};

/// What joining parts of `a` and `b` values needs: b / (a + b) and a b / (a + b).
template <class W>
struct Weights {
  W of_newer, of_square;
};

TW_INLINE Weights<double> weights_of(double a, double b) noexcept {
  const double share = b / (a + b);
  return {share, a * share};
}

template <class V>
TW_INLINE Weights<V> weights_of_counts(V a, V b) noexcept {
  const V sum = a + b;
  const V share = b / greatest(sum, every<V>(1.0));
  return {share, a * share};
}

template <std::size_t kWidth, class Algebra, bool kCounted>
class BlockWindow {
 public:
  /// The eight lanes, `kWidth` at a time.
  TW_INLINE static void run(const TileArgs& args, Algebra algebra) noexcept {
    for (std::size_t lane = 0; lane < kTileLanes; lane += kWidth) {
      BlockWindow window;
      window.algebra_ = algebra;
      window.begin(args, lane);
      if (window.n_ <= kBlock) {
        window.run_short();
      } else {
        window.run_long();
      }
    }
  }

 private:
  using V = Vec<kWidth>;
  using State = typename Algebra::template State<V>;
  struct Part {
    State state;
    V count;  // where kCounted
  };

  // Totals of whole blocks are kept for windows up to 2048 bars; longer ones add them up again.
  static constexpr std::ptrdiff_t kKept = 128;

  TW_INLINE void begin(const TileArgs& args, std::size_t lane) noexcept {
    x_ = args.inputs[0] + lane;
    y_ = Algebra::kInputs == 2 ? args.inputs[1] + lane : x_;
    out_ = args.out + lane;
    min_count_ = args.constants[1];
    n_ = static_cast<std::ptrdiff_t>(args.constants[0]);
    num_bars_ = static_cast<std::ptrdiff_t>(args.num_bars);
    for (std::ptrdiff_t k = 1; k <= kBlock; ++k) {
      grow_[k] = weights_of(static_cast<double>(k - 1), 1.0);
    }
  }

  /// `kFull`: the bar is known to hold no NaN, or a NaN may spread.
  template <bool kFull>
  TW_INLINE BarValues<V> read(std::ptrdiff_t bar, V& present) const noexcept {
    BarValues<V> values;
    values.x = load<kWidth>(x_, bar);
    values.y = Algebra::kInputs == 2 ? load<kWidth>(y_, bar) : V{};
    values.position = every<V>(static_cast<double>(bar));
    if constexpr (!kFull) {
      present = one_if_value(values.x);
      if constexpr (Algebra::kInputs == 2) {
        present = if_value(values.y, present, V{});
        values.y = if_equal(present, V{}, every<V>(Algebra::kAbsent), values.y);
      }
      values.x = if_equal(present, V{}, every<V>(Algebra::kAbsent), values.x);
    } else {
      present = every<V>(1.0);
    }
    return values;
  }

  TW_INLINE static Part none() noexcept { return {Algebra::template none<V>(), V{}}; }

  /// One more bar, the `size`th of the part. `kFull`: the part and the bar hold no NaN.
  template <bool kFull>
  TW_INLINE void grow(Part& part, std::ptrdiff_t bar, std::ptrdiff_t size) const noexcept {
    V present;
    const BarValues<V> values = read<kFull>(bar, present);
    if constexpr (kFull || !Algebra::kWeighted) {
      part.state = Algebra::grow(part.state, values, grow_[size]);
    } else {
      part.state = Algebra::grow(part.state, values, weights_of_counts(part.count, present));
    }
    if constexpr (kCounted) part.count = part.count + present;
  }

  template <bool kFull>
  TW_INLINE Part join(const Part& older,
                      const Part& newer,
                      Weights<double> weights) const noexcept {
    Part part;
    if constexpr (kFull || !Algebra::kWeighted) {
      part.state = Algebra::join(older.state, newer.state, weights);
    } else {
      part.state =
          Algebra::join(older.state, newer.state, weights_of_counts(older.count, newer.count));
    }
    if constexpr (kCounted) {
      part.count = older.count + newer.count;
    } else {
      part.count = V{};
    }
    return part;
  }

  template <bool kFull>
  TW_INLINE void emit(const Part& whole, std::ptrdiff_t bar) const noexcept {
    const auto first_bar = static_cast<double>(bar - n_ + 1);
    const V count = kFull ? every<V>(static_cast<double>(n_)) : whole.count;
    const V value = algebra_.result(whole.state, count, first_bar);
    store<kWidth>(out_, bar, kCounted ? only_from(count, min_count_, value) : value);
  }

  TW_INLINE bool has_nan(std::ptrdiff_t first_bar, std::ptrdiff_t last) const noexcept {
    if (any_nan<kWidth>(x_, first_bar, last)) return true;
    return Algebra::kInputs == 2 && any_nan<kWidth>(y_, first_bar, last);
  }

  template <bool kFull>
  TW_INLINE void short_block(std::ptrdiff_t begin_bar) const noexcept {
    for (std::ptrdiff_t bar = begin_bar; bar < begin_bar + kBlock; ++bar) {
      Part part = none();
#pragma GCC unroll 1
      for (std::ptrdiff_t k = 1; k <= n_; ++k) grow<kFull>(part, bar - n_ + k, k);
      emit<kFull>(part, bar);
    }
  }

  TW_INLINE void run_short() const noexcept {
    for (std::ptrdiff_t bar = 0; bar < num_bars_; bar += kBlock) {
      if (kCounted && has_nan(bar - n_ + 1, bar + kBlock)) {
        short_block<false>(bar);
      } else {
        short_block<true>(bar);
      }
    }
  }

  template <bool kFull>
  TW_INLINE Part total_as(std::ptrdiff_t block) const noexcept {
    Part part = none();
#pragma GCC unroll 1
    for (std::ptrdiff_t k = 0; k < kBlock; ++k) grow<kFull>(part, block * kBlock + k, k + 1);
    return part;
  }

  TW_INLINE Part total(std::ptrdiff_t block) const noexcept {
    return kCounted && block <= newest_nan_ ? total_as<false>(block) : total_as<true>(block);
  }

  /// parts[k]: bars from position k to the end of the block, from position `from` on.
  template <bool kFull>
  TW_INLINE void suffixes_as(std::ptrdiff_t block,
                             std::ptrdiff_t from,
                             Part* parts) const noexcept {
    Part part = none();
#pragma GCC unroll 1
    for (std::ptrdiff_t k = kBlock - 1; k >= from; --k) {
      grow<kFull>(part, block * kBlock + k, kBlock - k);
      parts[k] = part;
    }
  }

  TW_INLINE void suffixes(std::ptrdiff_t block, std::ptrdiff_t from, Part* parts) const noexcept {
    if (kCounted && block <= newest_nan_) {
      suffixes_as<false>(block, from, parts);
    } else {
      suffixes_as<true>(block, from, parts);
    }
  }

  template <bool kFull>
  TW_INLINE void long_block(std::ptrdiff_t block, const Part* older, const Part* newer) noexcept {
    // The windows of the first outputs begin in block - back_, those of the rest, from position
    // `turn` on, one block later.
    const std::ptrdiff_t turn = kBlock - start_;
    Part middle[2] = {none(), none()};  // the whole blocks of the first outputs, of the rest
    std::ptrdiff_t size = 0;
#pragma GCC unroll 1
    for (std::ptrdiff_t whole = block - 1; whole > block - back_; --whole) {
      middle[1] = middle[0];
      middle[0] = join<kFull>(middle[0], keeps_ ? kept_[whole & (kKept - 1)] : total(whole),
                              weights_of(static_cast<double>(size), static_cast<double>(kBlock)));
      size += kBlock;
    }
    Part prefix = none();
#pragma GCC unroll 1
    for (std::ptrdiff_t k = 0; k < kBlock; ++k) {
      grow<kFull>(prefix, block * kBlock + k, k + 1);
      Part window = k < turn ? older[start_ + k] : newer[k - turn];
      if (back_ > 1) window = join<kFull>(window, middle[k < turn ? 0 : 1], to_middle_[k]);
      emit<kFull>(join<kFull>(window, prefix, to_prefix_[k]), block * kBlock + k);
    }
    if (keeps_) kept_[block & (kKept - 1)] = prefix;
  }

  TW_INLINE void run_long() noexcept {
    back_ = (n_ - 1 + kBlock - 1) / kBlock;
    start_ = back_ * kBlock - (n_ - 1);
    keeps_ = back_ <= kKept;
    for (std::ptrdiff_t k = 0; k < kBlock; ++k) {
      const auto in_suffix = static_cast<double>(kBlock - (start_ + k) % kBlock);
      const auto in_prefix = static_cast<double>(k + 1);
      const double in_middle = static_cast<double>(n_) - in_suffix - in_prefix;
      to_middle_[k] = weights_of(in_suffix, in_middle);
      to_prefix_[k] = weights_of(in_suffix + in_middle, in_prefix);
    }
    newest_nan_ = -back_ - 1;
    if (kCounted) {
      for (std::ptrdiff_t block = -back_; block < 0; ++block) {
        const std::ptrdiff_t from = block == -back_ ? start_ : 0;
        if (has_nan(block * kBlock + from, (block + 1) * kBlock)) newest_nan_ = block;
      }
    }
    if (keeps_) {
      for (std::ptrdiff_t block = -back_ + 1; block < 0; ++block) {
        kept_[block & (kKept - 1)] = total(block);
      }
    }
    Part suffix[2][kBlock];
    suffixes(-back_, start_, suffix[0]);
    const std::ptrdiff_t num_blocks = num_bars_ / kBlock;
    for (std::ptrdiff_t block = 0; block < num_blocks; ++block) {
      Part* older = suffix[block & 1];
      Part* newer = suffix[(block & 1) ^ 1];
      if (kCounted && has_nan(block * kBlock, (block + 1) * kBlock)) newest_nan_ = block;
      if (back_ >= 2) suffixes(block - back_ + 1, 0, newer);
      if (kCounted && newest_nan_ >= block - back_) {
        long_block<false>(block, older, newer);
      } else {
        long_block<true>(block, older, newer);
      }
      if (back_ == 1) suffixes(block, 0, newer);
    }
  }

  const double* x_;
  const double* y_;
  double* out_;
  Algebra algebra_;
  double min_count_;
  std::ptrdiff_t n_, num_bars_;
  std::ptrdiff_t back_, start_;  // windows begin at position start_ of the block back_ blocks ago
  std::ptrdiff_t newest_nan_;    // the newest block that holds a NaN
  bool keeps_;
  Weights<double> grow_[kBlock + 1], to_middle_[kBlock], to_prefix_[kBlock];
  Part kept_[kKept];
};

}  // namespace tickwerk::kernel
