// Which rows of a panel are bars of a symbol: windows count those. Made once per run; tiles are
// gathered and scattered by it. Internal to `expr`.
#pragma once

#include <cstdint>
#include <vector>

#include "tickwerk/kernel/tile.h"
#include "tickwerk/panel/panel.h"

namespace tickwerk::expr {

class OwnBars {
 public:
  /// Bars are where `bar` is not NaN. Cost: one pass over the panel, in parallel.
  explicit OwnBars(PanelView bar);

  /// One lane for which every row is a bar: the space of daily values.
  static OwnBars every_row(std::size_t num_rows);

  std::size_t num_rows() const noexcept { return num_rows_; }
  std::size_t num_symbols() const noexcept { return count_.size(); }
  std::size_t num_groups() const noexcept {
    return (count_.size() + kernel::kTileLanes - 1) / kernel::kTileLanes;
  }

  std::int64_t count(std::size_t symbol) const noexcept { return count_[symbol]; }

  /// Row of bar k of a symbol; 0 <= k < count.
  std::size_t row(std::size_t symbol, std::size_t k) const noexcept {
    const std::vector<std::int32_t>& rows = rows_[symbol];
    return rows.empty() ? static_cast<std::size_t>(first_[symbol]) + k
                        : static_cast<std::size_t>(rows[k]);
  }

  /// Number of bars of a symbol on rows before `row`.
  std::int64_t count_before(std::size_t symbol, std::size_t row) const noexcept;

  /// Eight neighbouring symbols. `aligned`: bar k of each stands on row first + k.
  struct Group {
    std::size_t symbol = 0;  // of lane 0
    std::size_t num_lanes = 0;
    std::size_t max_count = 0;
    bool aligned = false;
    std::size_t first = 0;
  };
  Group group(std::size_t index) const noexcept;

 private:
  OwnBars() = default;

  std::size_t num_rows_ = 0;
  std::vector<std::int32_t> first_, count_;
  std::vector<std::vector<std::int32_t>> rows_;  // empty where the bars are without gaps
};

}  // namespace tickwerk::expr
