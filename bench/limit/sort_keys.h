// 512 unsigned keys sorted in 32 vector registers, without a branch: the ranks of the factor
// panel's limit. Columns are sorted by a network over the registers, then merged over the lanes.
// Used by bench/limit only; a short array is filled up by its caller with keys that sort last.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#pragma GCC diagnostic ignored "-Wpsabi"

namespace tickwerk::limit {

using Keys = std::uint32_t __attribute__((vector_size(64)));

inline constexpr std::size_t kKeyLanes = 16;
inline constexpr std::size_t kKeyRegisters = 32;
inline constexpr std::size_t kNumKeys = kKeyLanes * kKeyRegisters;

namespace detail {

struct Comparator {
  std::uint8_t low;
  std::uint8_t high;
};

/// Source: Batcher (1968), "Sorting networks and their applications", odd-even merge sort.
constexpr std::size_t kNumComparators = 191;
constexpr std::array<Comparator, kNumComparators> column_network() {
  std::array<Comparator, kNumComparators> network{};
  std::size_t size = 0;
  constexpr std::size_t n = kKeyRegisters;
  for (std::size_t p = 1; p < n; p *= 2) {
    for (std::size_t k = p; k >= 1; k /= 2) {
      for (std::size_t j = k % p; j + k < n; j += 2 * k) {
        for (std::size_t i = 0; i < k && i + j + k < n; ++i) {
          if ((i + j) / (2 * p) != (i + j + k) / (2 * p)) continue;
          network[size++] = {static_cast<std::uint8_t>(i + j),
                             static_cast<std::uint8_t>(i + j + k)};
        }
      }
    }
  }
  return network;
}
inline constexpr std::array<Comparator, kNumComparators> kColumnNetwork = column_network();

[[gnu::always_inline]] inline void exchange(Keys& low, Keys& high) noexcept {
  const Keys a = low, b = high;
  low = a < b ? a : b;
  high = a < b ? b : a;
}

template <std::size_t... kIndex>
[[gnu::always_inline]] inline void sort_columns(Keys* v, std::index_sequence<kIndex...>) noexcept {
  (exchange(v[kColumnNetwork[kIndex].low], v[kColumnNetwork[kIndex].high]), ...);
}

/// Lane l takes lane l ^ kFlip.
template <std::uint32_t kFlip>
[[gnu::always_inline]] inline Keys flipped(Keys x) noexcept {
  constexpr Keys kLane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  return __builtin_shuffle(x, kLane ^ kFlip);
}

/// The smaller of two where the lane's bit is clear, else the larger.
template <std::uint32_t kBit>
[[gnu::always_inline]] inline Keys by_lane(Keys a, Keys b) noexcept {
  constexpr Keys kLane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  const Keys smaller = a < b ? a : b;
  const Keys larger = a < b ? b : a;
  return (kLane & kBit) != 0 ? larger : smaller;
}

template <std::uint32_t kBit>
[[gnu::always_inline]] inline void exchange_lanes(Keys* v) noexcept {
#pragma GCC unroll 32
  for (std::size_t r = 0; r < kKeyRegisters; ++r) v[r] = by_lane<kBit>(v[r], flipped<kBit>(v[r]));
  if constexpr (kBit > 1) exchange_lanes<kBit / 2>(v);
}

/// Sorted runs of kRun lanes become sorted runs of 2 * kRun.
template <std::uint32_t kRun>
[[gnu::always_inline]] inline void merge_lanes(Keys* v) noexcept {
#pragma GCC unroll 16
  for (std::size_t r = 0; r < kKeyRegisters / 2; ++r) {
    Keys& one = v[r];
    Keys& other = v[kKeyRegisters - 1 - r];
    const Keys a = one, b = other;
    one = by_lane<kRun>(a, flipped<2 * kRun - 1>(b));
    other = by_lane<kRun>(b, flipped<2 * kRun - 1>(a));
  }
  if constexpr (kRun > 1) exchange_lanes<kRun / 2>(v);
#pragma GCC unroll 5
  for (std::size_t distance = kKeyRegisters / 2; distance >= 1; distance /= 2) {
#pragma GCC unroll 32
    for (std::size_t r = 0; r < kKeyRegisters; ++r) {
      if ((r & distance) == 0) exchange(v[r], v[r + distance]);
    }
  }
}

}  // namespace detail

/// Sorts all keys ascending: the key at position p ends in lane p / 32 of register p % 32.
/// Layout: 32 vectors. Cost: about 2,300 vector operations, no allocation.
[[gnu::always_inline]] inline void sort_keys(Keys* v) noexcept {
  detail::sort_columns(v, std::make_index_sequence<detail::kNumComparators>());
  detail::merge_lanes<1>(v);
  detail::merge_lanes<2>(v);
  detail::merge_lanes<4>(v);
  detail::merge_lanes<8>(v);
}

}  // namespace tickwerk::limit
