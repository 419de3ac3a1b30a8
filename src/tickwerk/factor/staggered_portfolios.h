// A bucket of symbols held for h days, bought anew every day: h portfolios side by side, each
// renewed every h days, and the daily returns of all of them together. Overlapping h-day returns
// say nothing about a year, since neighbours share h - 1 days; these daily returns do. Used by
// analysis.h; no costs.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "tickwerk/factor/quantiles.h"

namespace tickwerk::factor {

/// Simple returns of symbols, [time, symbol]; row t is what follows the decision at the close of t,
/// up to the close of t + 1: from the open of t + 1 (the label fwd_trade_1) and from the close of t
/// (fwd_return_1). A name that stops trading loses its haircut there. NaN where it has no bar: what
/// is held keeps its value, and cannot be bought. A return across a gap falls on its first row.
struct DailyReturns {
  PanelView from_open;
  PanelView from_close;
};

/// kClose buys at the close that decides, which nobody can: to be read beside the other.
enum class Entry { kNextOpen, kClose };

/// Prices as indices that begin at 1, and what 1 of capital buys. The same for all factors,
/// buckets and horizons.
class PricePaths {
 public:
  /// Throws kInvalidArgument when shapes differ.
  explicit PricePaths(const DailyReturns& returns);

  std::size_t num_rows() const noexcept { return index_.num_rows(); }
  std::size_t num_symbols() const noexcept { return index_.num_symbols(); }
  /// Index at the close of t.
  const double* index(std::size_t t) const noexcept { return index_.row(t); }
  /// Units of the index that 1 buys after the decision at t; NaN where nothing can be bought.
  const double* units(Entry entry, std::size_t t) const noexcept {
    return (entry == Entry::kNextOpen ? units_from_open_ : units_from_close_).row(t);
  }

 private:
  Panel index_;
  Panel units_from_open_;
  Panel units_from_close_;
};

/// Daily simple returns of the books of some buckets, [bucket][horizon]: each day 1 is spread
/// equally over the symbols of the bucket that can be bought, and kept without rebalancing to the
/// close `horizon` days on. Row t is the profit from the close of t - 1 to that of t over the value
/// at its beginning, new money included. NaN before all `horizon` portfolios can have been formed,
/// and where there is none. Row t reads buckets before t and prices up to t. Requires equal shapes
/// and horizons >= 1 (checked). Cost: rows * symbols a horizon, however long. Source: Jegadeesh and
/// Titman (1993), "Returns to Buying Winners and Selling Losers", Journal of Finance 48(1), section
/// I; theirs weighs the portfolios equally each month, ours by what they are worth.
std::vector<std::vector<Daily>> staggered_returns(const Buckets& buckets,
                                                  std::span<const std::size_t> wanted,
                                                  std::span<const std::size_t> horizons,
                                                  const PricePaths& paths,
                                                  Entry entry);

}  // namespace tickwerk::factor
