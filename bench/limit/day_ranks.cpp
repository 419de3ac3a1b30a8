#include "limit/day_ranks.h"

namespace tickwerk::limit {
namespace {

constexpr Keys positions_in(std::size_t lane_zero) noexcept {
  Keys positions{};
  for (std::size_t lane = 0; lane < kKeyLanes; ++lane) {
    positions[lane] = static_cast<std::uint32_t>(lane * kKeyRegisters + lane_zero);
  }
  return positions;
}

/// The key at a position, of sorted vectors laid out as numbers.
std::uint32_t key_at(const std::uint32_t* sorted, std::size_t position) noexcept {
  return sorted[position % kKeyRegisters * kKeyLanes + position / kKeyRegisters];
}

/// Orders what the coarse keys could not tell apart: few neighbours, so insertion is enough.
void settle(const double* values, std::uint32_t* symbols, std::size_t n) noexcept {
  for (std::size_t p = 1; p < n; ++p) {
    const std::uint32_t symbol = symbols[p];
    std::size_t to = p;
    for (; to > 0 && values[symbols[to - 1]] > values[symbol]; --to) symbols[to] = symbols[to - 1];
    symbols[to] = symbol;
  }
}

}  // namespace

void DayRanks::make_keys(const double* values,
                         const RowSummary& summary,
                         const std::uint32_t* place,
                         Keys* keys) const noexcept {
  alignas(64) std::uint32_t flat[kNumKeys];
  // The last 512 coarse values stay free for the padding, which must differ from itself too.
  const double scale = (kCoarse - kNumKeys - 1) / (summary.greatest - summary.least);
  const double least = summary.least;
  for (std::size_t i = 0; i < n_; ++i) {
    const auto coarse =
        static_cast<std::uint32_t>(static_cast<std::int32_t>((values[i] - least) * scale));
    flat[i] = coarse << kPlaceBits | place[i];
  }
  for (std::size_t i = n_; i < kNumKeys; ++i) {
    flat[i] = static_cast<std::uint32_t>(kCoarse - kNumKeys + i) << kPlaceBits;
  }
  std::memcpy(keys, flat, sizeof flat);
}

bool DayRanks::any_near(const Keys* sorted) const noexcept {
  constexpr Keys kNextLane = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0};
  Keys least = sorted[kKeyRegisters - 1] ^ __builtin_shuffle(sorted[0], kNextLane);
  for (std::size_t r = 0; r + 1 < kKeyRegisters; ++r) {
    const Keys differing = sorted[r] ^ sorted[r + 1];
    least = differing < least ? differing : least;
  }
  std::uint32_t near = 0;
  for (std::size_t lane = 0; lane < kKeyLanes; ++lane) near |= least[lane] < kPlaces;
  return near != 0;
}

double DayRanks::correlation_of(std::int64_t product, std::int64_t ties) const noexcept {
  const auto n = static_cast<std::int64_t>(n_);
  const std::int64_t twelve_squares = n * n * n - n;
  const double variances = static_cast<double>(twelve_squares - order_ties_) *
                           static_cast<double>(twelve_squares - ties);
  return 3 * static_cast<double>(product - n * (n - 1) * (n - 1)) / std::sqrt(variances);
}

void DayRanks::set_order(const double* values, const RowSummary& summary) noexcept {
  order_constant_ = !(summary.least < summary.greatest);
  if (order_constant_) return;
  alignas(64) std::uint32_t symbols[kNumKeys];
  for (std::size_t i = 0; i < kNumKeys; ++i) symbols[i] = static_cast<std::uint32_t>(i);
  Keys keys[kKeyRegisters];
  make_keys(values, summary, symbols, keys);
  sort_keys(keys);
  alignas(64) std::uint32_t sorted[kNumKeys];
  std::memcpy(sorted, keys, sizeof sorted);
  for (std::size_t p = 0; p < n_; ++p) symbol_at_[p] = key_at(sorted, p) % kPlaces;
  settle(values, symbol_at_, n_);
  for (std::size_t p = 0; p < n_; ++p) {
    place_[symbol_at_[p]] = static_cast<std::uint32_t>(p);
    twice_rank_at_[p] = static_cast<std::int32_t>(2 * p);
  }
  order_ties_ = 0;
  for_ties(values, symbol_at_, n_, [&](std::size_t first, std::size_t last) {
    const auto tied = static_cast<std::int64_t>(last - first);
    order_ties_ += tied * tied * tied - tied;
    std::fill(twice_rank_at_ + first, twice_rank_at_ + last,
              static_cast<std::int32_t>(first + last - 1));
  });
}

double DayRanks::correlation(const double* values, const RowSummary& summary) const noexcept {
  if (order_constant_ || !(summary.least < summary.greatest)) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  Keys keys[kKeyRegisters];
  make_keys(values, summary, place_, keys);
  sort_keys(keys);
  if (order_ties_ > 0 || any_near(keys)) return exact_correlation(values, keys);
  Keys products{};
  for (std::size_t r = 0; r < kKeyRegisters; ++r) {
    products += (keys[r] & (kPlaces - 1)) * (positions_in(0) + static_cast<std::uint32_t>(r));
  }
  std::int64_t product = 0;
  for (std::size_t lane = 0; lane < kKeyLanes; ++lane) product += products[lane];
  return correlation_of(4 * product, 0);
}

double DayRanks::exact_correlation(const double* values, const Keys* sorted) const noexcept {
  alignas(64) std::uint32_t flat[kNumKeys];
  std::memcpy(flat, sorted, sizeof flat);
  alignas(64) std::uint32_t symbols[kNumKeys];
  for (std::size_t p = 0; p < n_; ++p) symbols[p] = symbol_at_[key_at(flat, p) % kPlaces];
  settle(values, symbols, n_);
  std::int64_t product = 0;
  for (std::size_t p = 0; p < n_; ++p) {
    product += static_cast<std::int64_t>(2 * p) * twice_rank_at_[place_[symbols[p]]];
  }
  std::int64_t ties = 0;
  for_ties(values, symbols, n_, [&](std::size_t first, std::size_t last) {
    const auto tied = static_cast<std::int64_t>(last - first);
    ties += tied * tied * tied - tied;
    for (std::size_t p = first; p < last; ++p) {
      const std::int64_t moved =
          static_cast<std::int64_t>(first + last - 1) - static_cast<std::int64_t>(2 * p);
      product += moved * twice_rank_at_[place_[symbols[p]]];
    }
  });
  return correlation_of(product, ties);
}

}  // namespace tickwerk::limit
