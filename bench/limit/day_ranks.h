// Rank correlation of the values of one day with one fixed order of the symbols: a sort of 32-bit
// keys that hold the coarse value and the symbol's place in that order. Exact for ties and for
// values too near for the key. At most 512 values. Used by bench/limit only.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "limit/sort_keys.h"
#include "limit/vectors.h"

namespace tickwerk::limit {

/// Sum, least and greatest of a row, its padding left out.
struct RowSummary {
  double sum;
  double least;
  double greatest;
};

class DayRanks {
 public:
  explicit DayRanks(std::size_t num_symbols) noexcept : n_(num_symbols) {}

  /// Takes the order of the symbols by `values`, ties by their average rank.
  void set_order(const double* values, const RowSummary& summary) noexcept;

  /// Spearman's correlation of `values` with the order that was set; NaN where either is constant.
  /// Ranks are average ranks. `summary` is that of the values.
  double correlation(const double* values, const RowSummary& summary) const noexcept;

 private:
  static constexpr int kPlaceBits = 9;
  static constexpr std::uint32_t kPlaces = 1u << kPlaceBits;
  static constexpr std::uint32_t kCoarse = 1u << (32 - kPlaceBits);

  void make_keys(const double* values,
                 const RowSummary& summary,
                 const std::uint32_t* place,
                 Keys* keys) const noexcept;
  bool any_near(const Keys* sorted) const noexcept;
  double exact_correlation(const double* values, const Keys* sorted) const noexcept;
  double correlation_of(std::int64_t product, std::int64_t ties) const noexcept;

  std::size_t n_;
  std::int64_t order_ties_ = 0;  // sum of g^3 - g over groups of g tied symbols
  bool order_constant_ = false;
  alignas(64) std::uint32_t place_[kNumKeys] = {};         // of a symbol in the order
  alignas(64) std::uint32_t symbol_at_[kNumKeys] = {};     // the symbol at a place
  alignas(64) std::int32_t twice_rank_at_[kNumKeys] = {};  // twice the average rank from 0
};

/// Groups of equal values in `symbols`, which is sorted by value: calls group(first, last).
template <class Group>
void for_ties(const double* values, const std::uint32_t* symbols, std::size_t n, Group group) {
  for (std::size_t first = 0; first < n;) {
    std::size_t last = first + 1;
    while (last < n && values[symbols[last]] == values[symbols[first]]) ++last;
    if (last - first > 1) group(first, last);
    first = last;
  }
}

}  // namespace tickwerk::limit
