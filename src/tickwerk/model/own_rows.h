// The rows on which each symbol has a bar, and from them where a label ends that reads so many bars
// of the symbol ahead. Used by everything here that looks ahead; reads no prices but to see that
// there is one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "tickwerk/panel/panel.h"

namespace tickwerk::model {

class OwnRows {
 public:
  /// A symbol has a bar where `close` is not NaN. Cost: one pass, 4 bytes a bar.
  explicit OwnRows(PanelView close);

  std::size_t num_rows() const noexcept { return num_rows_; }
  std::size_t num_symbols() const noexcept { return begin_.size() - 1; }

  /// Rows of the symbol's bars, ascending: number n is that of its n-th bar.
  std::span<const std::uint32_t> of(std::size_t symbol) const noexcept {
    return {rows_.data() + begin_[symbol], begin_[symbol + 1] - begin_[symbol]};
  }

  /// Number of the symbol's bar on `row`, which it has.
  std::size_t number(std::size_t symbol, std::size_t row) const noexcept;

 private:
  std::size_t num_rows_ = 0;
  std::vector<std::size_t> begin_;
  std::vector<std::uint32_t> rows_;
};

/// How far labels of one kind look: `bars` of the symbol. A symbol has stopped trading when
/// `stopped_after` or more rows follow its last bar.
struct Ahead {
  std::size_t bars = 1;
  std::size_t stopped_after = 6;
};

/// The last row that a label given on bar number `number` may read, whatever came of it: that of
/// the symbol's own bar `bars` on. Of a symbol that stopped before it: the row on which that bar
/// would have been had it gone on every session, but not before it was known to have stopped, and
/// within the data. Empty where the data end first.
std::optional<std::uint32_t> label_end(const OwnRows& rows,
                                       std::size_t symbol,
                                       std::size_t number,
                                       const Ahead& ahead) noexcept;

}  // namespace tickwerk::model
