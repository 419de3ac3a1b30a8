// Order statistics of windows (kernel/tile_window.h): rank by counting; quantiles from a window
// that is kept sorted in all lanes at once, by comparisons instead of branches.
#include <utility>

#include "tickwerk/kernel/tile_vec.h"
#include "tickwerk/kernel/tile_window.h"

namespace tickwerk::kernel::tile {
namespace {

constexpr double kInfinity = __builtin_inf();
constexpr auto kBlockBars = static_cast<std::ptrdiff_t>(kTileBlock);

/// Whether values are counted, or are as many as the bars of the window.
enum class Count { kValues, kBars };

// Windows of this many bars are ranked beside each other, so that none waits for its additions.
constexpr std::ptrdiff_t kAtOnce = 4;

template <std::size_t kWidth, Count kCount>
TW_INLINE void rank_block(const double* x,
                          double* out,
                          std::ptrdiff_t begin,
                          const TileArgs& args) {
  using V = Vec<kWidth>;
  const auto n = static_cast<std::ptrdiff_t>(args.constants[0]);
  const V one = every<V>(1.0);
  for (std::ptrdiff_t bar = begin; bar < begin + kBlockBars; bar += kAtOnce) {
    V value[kAtOnce], below[kAtOnce]{}, not_above[kAtOnce]{}, count[kAtOnce]{};
    for (std::ptrdiff_t i = 0; i < kAtOnce; ++i) value[i] = load<kWidth>(x, bar + i);
    for (std::ptrdiff_t k = bar - n + 1; k <= bar; ++k) {
      for (std::ptrdiff_t i = 0; i < kAtOnce; ++i) {
        const V other = load<kWidth>(x, k + i);
        below[i] = if_less(other, value[i], below[i] + one, below[i]);
        not_above[i] = if_not_above(other, value[i], not_above[i] + one, not_above[i]);
        if constexpr (kCount == Count::kValues) count[i] = count[i] + one_if_value(other);
      }
    }
    for (std::ptrdiff_t i = 0; i < kAtOnce; ++i) {
      if constexpr (kCount == Count::kBars) count[i] = every<V>(args.constants[0]);
      const V rank = (below[i] + not_above[i] + 1.0) * 0.5 / count[i];
      const V enough = only_from(count[i], args.constants[1], rank);
      store<kWidth>(out, bar + i, if_value(value[i], enough, value[i]));
    }
  }
}

template <std::size_t kWidth>
TW_INLINE void ranks(const TileArgs& args) noexcept {
  const auto n = static_cast<std::ptrdiff_t>(args.constants[0]);
  const auto num_bars = static_cast<std::ptrdiff_t>(args.num_bars);
  for (std::size_t lane = 0; lane < kTileLanes; lane += kWidth) {
    const double* x = args.inputs[0] + lane;
    for (std::ptrdiff_t bar = 0; bar < num_bars; bar += kBlockBars) {
      if (any_nan<kWidth>(x, bar - n + 1, bar + kBlockBars)) {
        rank_block<kWidth, Count::kValues>(x, args.out + lane, bar, args);
      } else {
        rank_block<kWidth, Count::kBars>(x, args.out + lane, bar, args);
      }
    }
  }
}

/// Batcher's odd-even merge exchange sort of any number of vectors, lane by lane. Source: Knuth
/// (1998), "The Art of Computer Programming", volume 3, section 5.2.2, algorithm M.
template <class V>
TW_INLINE void sort_lanes(V* values, std::ptrdiff_t size) noexcept {
  std::ptrdiff_t top = 1;
  while (top < size) top *= 2;
  for (std::ptrdiff_t p = top / 2; p > 0; p /= 2) {
    std::ptrdiff_t q = top / 2, r = 0, distance = p;
    for (;;) {
      for (std::ptrdiff_t i = 0; i < size - distance; ++i) {
        if ((i & p) != r) continue;
        const V low = values[i], high = values[i + distance];
        values[i] = least(high, low);
        values[i + distance] = greatest(low, high);
      }
      if (q == p) break;
      distance = q - p;
      q /= 2;
      r = p;
    }
  }
}

/// Puts `entering` in the place of `leaving` in a sorted window.
template <class V>
TW_INLINE void replace_lanes(V* sorted, std::ptrdiff_t size, V leaving, V entering) noexcept {
  V before = every<V>(-kInfinity);
  for (std::ptrdiff_t i = 0; i < size; ++i) {
    const V next = i + 1 < size ? sorted[i + 1] : every<V>(kInfinity);
    const V kept = if_less(sorted[i], leaving, sorted[i], next);
    const V at_most = least(entering, kept);
    sorted[i] = greatest(at_most, before);
    before = kept;
  }
}

/// Where a quantile stands between order statistics.
struct Place {
  std::ptrdiff_t low;
  double share;  // of the order statistic above
};

TW_INLINE Place place_of(double count, double q) noexcept {
  const double at = (count - 1.0) * q;
  const auto low = static_cast<std::ptrdiff_t>(at);
  return {low, at - static_cast<double>(low)};
}

template <class T>
TW_INLINE T between(T low, T high, double share) noexcept {
  return share == 0.0 ? low : low + (high - low) * share;
}

template <std::size_t kWidth>
class SortedWindow {
 public:
  TW_INLINE static void run(const TileArgs& args, double q, double min_count) noexcept {
    for (std::size_t lane = 0; lane < kTileLanes; lane += kWidth) {
      SortedWindow window;
      window.run_lanes(args, lane, q, min_count);
    }
  }

 private:
  using V = Vec<kWidth>;

  /// NaN stands at the end, as an infinity; -0 is 0, so that equal values are the same.
  TW_INLINE static V key(V x) noexcept { return value_or(x, every<V>(kInfinity)) + 0.0; }

  TW_INLINE void run_lanes(const TileArgs& args, std::size_t lane, double q, double min_count) {
    const double* x = args.inputs[0] + lane;
    const auto n = static_cast<std::ptrdiff_t>(args.constants[0]);
    const auto num_bars = static_cast<std::ptrdiff_t>(args.num_bars);
    V count{};
    for (std::ptrdiff_t k = 0; k < n; ++k) {
      const V value = load<kWidth>(x, k - n + 1);
      count = count + one_if_value(value);
      sorted_[k] = key(value);
    }
    sort_lanes(sorted_, n);
    const Place whole = place_of(static_cast<double>(n), q);
    for (std::ptrdiff_t bar = 0; bar < num_bars; ++bar) {
      if (bar > 0) {
        const V leaving = load<kWidth>(x, bar - n);
        const V entering = load<kWidth>(x, bar);
        count = count + one_if_value(entering) - one_if_value(leaving);
        replace_lanes(sorted_, n, key(leaving), key(entering));
      }
      const V high = whole.low + 1 < n ? sorted_[whole.low + 1] : sorted_[whole.low];
      const V value = between(sorted_[whole.low], high, whole.share);
      const V is_whole = only_from(count, static_cast<double>(n), value);
      store<kWidth>(args.out + lane, bar, is_whole);
      if (min_count < static_cast<double>(n)) fill_partial(args, lane, bar, count, q, min_count);
    }
  }

  /// Lanes whose window misses values, one by one.
  TW_INLINE void fill_partial(const TileArgs& args,
                              std::size_t lane,
                              std::ptrdiff_t bar,
                              V count,
                              double q,
                              double min_count) const noexcept {
    for (std::size_t l = 0; l < kWidth; ++l) {
      const double values = count[l];
      if (values >= args.constants[0] || values < min_count) continue;
      const Place place = place_of(values, q);
      const bool is_last = static_cast<double>(place.low + 1) >= values;
      const double low = sorted_[place.low][l];
      const double high = is_last ? low : sorted_[place.low + 1][l];
      args.out[bar * static_cast<std::ptrdiff_t>(kTileLanes) +
               static_cast<std::ptrdiff_t>(lane + l)] = between(low, high, place.share);
    }
  }

  V sorted_[kLargestSortedWindow];
};

}  // namespace

TW_TILE_KERNEL(window_rank, ranks<kWidth>(args))
TW_TILE_KERNEL(window_quantile,
               SortedWindow<kWidth>::run(args, args.constants[1], args.constants[2]))
TW_TILE_KERNEL(window_median, SortedWindow<kWidth>::run(args, 0.5, args.constants[1]))

}  // namespace tickwerk::kernel::tile
