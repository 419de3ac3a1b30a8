// Which rows of a panel are bars of a symbol: windows count those. Made once per run; tiles are
// gathered and scattered by it. Internal to `expr`.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "tickwerk/kernel/tile.h"
#include "tickwerk/panel/panel.h"

namespace tickwerk::expr {

class OwnBars {
 public:
  /// Bars are where `bar` is not NaN. `earlier`: bars of each symbol before the first row, empty
  /// for none. Cost: one pass over the panel, in parallel.
  explicit OwnBars(PanelView bar, std::span<const std::int64_t> earlier = {});

  /// One lane for which every row is a bar: the space of daily values.
  static OwnBars every_row(std::size_t num_rows, std::int64_t earlier = 0);

  std::size_t num_rows() const noexcept { return num_rows_; }
  std::size_t num_symbols() const noexcept { return count_.size(); }
  std::size_t num_groups() const noexcept {
    return (count_.size() + kernel::kTileLanes - 1) / kernel::kTileLanes;
  }

  std::int64_t count(std::size_t symbol) const noexcept { return count_[symbol]; }

  /// Number of a symbol's first bar here, counted from its first bar of all.
  std::int64_t earlier(std::size_t symbol) const noexcept { return earlier_[symbol]; }

  /// Bars that any symbol has had up to the last row, those before the first row included.
  std::int64_t most_bars() const noexcept;

  /// In tiles a symbol's bars stand at [begin, end): blocks of a tile are blocks of its own bars,
  /// also where earlier bars are not here.
  std::int64_t begin(std::size_t symbol) const noexcept {
    return earlier_[symbol] % std::int64_t{kernel::kTileBlock};
  }
  std::int64_t end(std::size_t symbol) const noexcept { return begin(symbol) + count_[symbol]; }

  /// Row of the bar that stands at `bar` in tiles; begin <= bar < end.
  std::size_t row(std::size_t symbol, std::int64_t bar) const noexcept {
    const std::vector<std::int32_t>& rows = rows_[symbol];
    const std::int64_t k = bar - begin(symbol);
    return static_cast<std::size_t>(rows.empty() ? first_[symbol] + k
                                                 : rows[static_cast<std::size_t>(k)]);
  }

  /// Rows of a symbol's bars; empty where they are without gaps.
  std::span<const std::int32_t> rows(std::size_t symbol) const noexcept { return rows_[symbol]; }

  /// Rows between a symbol's first and last bar on which it has none.
  std::span<const std::int32_t> holes(std::size_t symbol) const noexcept { return holes_[symbol]; }

  /// Number of bars of a symbol on rows before `row`.
  std::int64_t count_before(std::size_t symbol, std::size_t row) const noexcept;

  /// Eight neighbouring symbols. `aligned`: they have their bars on the same rows, without gaps;
  /// the bar that stands at `bar` in tiles is that of row `first_row + bar`.
  struct Group {
    std::size_t symbol = 0;  // of lane 0
    std::size_t num_lanes = 0;
    std::int64_t begin = 0;  // of the lane that begins first
    std::int64_t end = 0;    // of the lane that ends last
    bool aligned = false;
    std::int64_t first_row = 0;
  };
  Group group(std::size_t index) const noexcept;

 private:
  OwnBars() = default;

  std::size_t num_rows_ = 0;
  std::vector<std::int32_t> first_, count_;
  std::vector<std::int64_t> earlier_;
  std::vector<std::vector<std::int32_t>> rows_;  // empty where the bars are without gaps
  std::vector<std::vector<std::int32_t>> holes_;
};

}  // namespace tickwerk::expr
