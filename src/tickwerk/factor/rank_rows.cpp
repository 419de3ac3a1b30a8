#include "tickwerk/factor/rank_rows.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "tickwerk/kernel/eight_lanes.h"

namespace tickwerk::factor {
namespace {

using kernel::Eight;
using kernel::kLanes;

constexpr std::size_t kWordBits = 64;

double total(const double (&lane)[kLanes]) noexcept {
  return ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

/// Bit i is flags[i], which is 0 or 1.
std::uint64_t bits_of(const std::uint8_t (&flags)[kWordBits]) noexcept {
  static_assert(std::endian::native == std::endian::little);
  // A product with this moves the lowest bits of eight bytes into its highest byte.
  constexpr std::uint64_t kGather = 0x0102040810204080;
  std::uint64_t bits = 0;
  for (std::size_t first = 0; first < kWordBits; first += 8) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, flags + first, sizeof eight);
    bits |= (eight * kGather >> 56) << first;
  }
  return bits;
}

/// twice[i] of a row without equal values; the sum of the orders.
TW_VECTOR_CLONES
double twice_distinct_ranks(const double* order, std::size_t num_symbols, double* twice) noexcept {
  double lane[kLanes] = {};
  const std::size_t whole = num_symbols / kLanes * kLanes;
  for (std::size_t i = 0; i < whole; i += kLanes) {
    for (std::size_t j = 0; j < kLanes; ++j) {
      const bool is_present = order[i + j] == order[i + j];
      twice[i + j] = is_present ? 2 * order[i + j] + 2 : 0.0;
      lane[j] += is_present ? order[i + j] : 0.0;
    }
  }
  for (std::size_t i = whole; i < num_symbols; ++i) {
    const bool is_present = order[i] == order[i];
    twice[i] = is_present ? 2 * order[i] + 2 : 0.0;
    lane[0] += is_present ? order[i] : 0.0;
  }
  return total(lane);
}

/// Ranks above one that is gone move down by a whole rank, those beside it by half of one.
template <std::size_t width, std::size_t num_gone>
TW_LANES_INLINE void lower_beyond(const double* gone, double* twice, std::size_t num_padded) {
  using Vector = typename Eight<width>::Vector;
  const Vector one = Vector{} + 1.0;
  for (std::size_t i = 0; i < num_padded; i += kLanes) {
    Eight<width> ranks = kernel::load<width>(twice + i);
    for (Vector& rank : ranks.part) {
      Vector less{};
      for (std::size_t k = 0; k < num_gone; ++k) {
        const Vector limit = Vector{} + gone[k];
        less += limit < rank ? one : Vector{};
        less += limit <= rank ? one : Vector{};
      }
      rank -= less;
    }
    kernel::store(ranks, twice + i);
  }
}

/// As many at once as keep their limits in registers.
template <std::size_t width>
TW_LANES_INLINE void remove_all(double* twice,
                                std::size_t num_padded,
                                std::span<const std::size_t> places) {
  while (!places.empty()) {
    const std::size_t count = places.size() >= 4 ? 4 : (places.size() >= 2 ? 2 : 1);
    double gone[4];
    for (std::size_t k = 0; k < count; ++k) gone[k] = twice[places[k]];
    if (count == 4) {
      lower_beyond<width, 4>(gone, twice, num_padded);
    } else if (count == 2) {
      lower_beyond<width, 2>(gone, twice, num_padded);
    } else {
      lower_beyond<width, 1>(gone, twice, num_padded);
    }
    for (std::size_t k = 0; k < count; ++k) twice[places[k]] = 0;
    places = places.subspan(count);
  }
}

TW_BY_WIDTH(void,
            remove_by_width,
            (double* twice, std::size_t num_padded, std::span<const std::size_t> places),
            remove_all,
            (twice, num_padded, places))

}  // namespace

TW_VECTOR_CLONES
std::size_t mark_present(const double* order,
                         std::size_t num_symbols,
                         std::span<std::uint64_t> present) noexcept {
  std::size_t count = 0;
  for (std::size_t w = 0; w < present.size(); ++w) {
    const double* const from = order + w * kWordBits;
    const std::size_t size = std::min(num_symbols - w * kWordBits, kWordBits);
    std::uint8_t flags[kWordBits] = {};
    for (std::size_t i = 0; i < size; ++i) flags[i] = from[i] == from[i] ? 1 : 0;
    present[w] = bits_of(flags);
    count += static_cast<std::size_t>(std::popcount(present[w]));
  }
  return count;
}

void twice_average_ranks(const double* order,
                         std::size_t num_symbols,
                         std::size_t count,
                         double* scratch,
                         double* twice) noexcept {
  const double sum = twice_distinct_ranks(order, num_symbols, twice);
  const auto n = static_cast<double>(count);
  // Counts of smaller values are 0, 1, 2, ... unless values are equal: then their sum is less.
  if (2 * sum == n * (n - 1)) return;
  std::fill_n(scratch, num_symbols, 0.0);
  for (std::size_t i = 0; i < num_symbols; ++i) {
    if (order[i] == order[i]) scratch[static_cast<std::size_t>(order[i])] += 1;
  }
  for (std::size_t i = 0; i < num_symbols; ++i) {
    if (order[i] == order[i]) {
      twice[i] = 2 * order[i] + 1 + scratch[static_cast<std::size_t>(order[i])];
    }
  }
}

void remove_ranks(double* twice,
                  std::size_t num_padded,
                  std::span<const std::size_t> places) noexcept {
  remove_by_width(twice, num_padded, places);
}

TW_VECTOR_CLONES
double rank_product(const double* x, const double* y, std::size_t num_padded) noexcept {
  // Four times as many lanes as usual: any order gives this sum, and one lane waits for itself.
  double lane[4 * kLanes] = {};
  const std::size_t whole = num_padded / (4 * kLanes) * (4 * kLanes);
  for (std::size_t i = 0; i < whole; i += 4 * kLanes) {
    for (std::size_t j = 0; j < 4 * kLanes; ++j) lane[j] += x[i + j] * y[i + j];
  }
  for (std::size_t i = whole; i < num_padded; i += kLanes) {
    for (std::size_t j = 0; j < kLanes; ++j) lane[j] += x[i + j] * y[i + j];
  }
  double sum = 0;
  for (const double part : lane) sum += part;
  return sum;
}

}  // namespace tickwerk::factor
