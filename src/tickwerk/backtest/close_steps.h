// How each close stands to the last one known, and when a holding counts as delisted: what runs
// over the same bars share. Made once for a sweep, read by `EquityRun`; knows no strategy.
#pragma once

#include <span>
#include <vector>

#include "tickwerk/backtest/backtest.h"

namespace tickwerk::backtest {

class CloseSteps {
 public:
  /// Rows before `first_row` are left out. Allocates a panel of the shape of the closes.
  CloseSteps(const market::Bars& bars, int delist_after, std::size_t first_row = 0);

  /// close / last close known before, 1 on the first bar of a symbol; NaN where it has no bar.
  const Panel& ratio() const noexcept { return ratio_; }

  /// Symbols that have gone without a bar for exactly `delist_after` rows of the market on row t.
  std::span<const std::uint32_t> expired(std::size_t t) const noexcept {
    return std::span(expired_).subspan(expired_from_[t], expired_from_[t + 1] - expired_from_[t]);
  }

  Frequency frequency() const noexcept { return frequency_; }
  const std::vector<Timestamp>& times() const noexcept { return times_; }
  std::size_t first_row() const noexcept { return first_row_; }

 private:
  std::size_t first_row_;
  Frequency frequency_;
  std::vector<Timestamp> times_;
  Panel ratio_;
  std::vector<std::uint32_t> expired_;
  std::vector<std::size_t> expired_from_;  // one a row and one more: where it begins in expired_
};

}  // namespace tickwerk::backtest
