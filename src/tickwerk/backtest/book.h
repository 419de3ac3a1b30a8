// The state of a backtest between bars, one lane per symbol, and what a row of the book is worth.
// Internal to `backtest`: loop.cpp drives it, row_kernels.cpp computes on it.
#pragma once

#include "tickwerk/panel/panel.h"

namespace tickwerk::backtest {

/// Arrays of `size` doubles, `size` a whole number of vectors; the padding lanes stay 0.
struct Book {
  explicit Book(std::size_t num_symbols)
      : size(Panel::padded(num_symbols)), rows(kNumArrays, num_symbols) {}

  static constexpr std::size_t kNumArrays = 7;
  std::size_t size;
  Panel rows;
  double cash = 0;

  double* shares() noexcept { return rows.row(0); }
  double* last_close() noexcept { return rows.row(1); }    // 0 before the first bar
  double* bars_missing() noexcept { return rows.row(2); }  // since the last bar
  double* orders() noexcept { return rows.row(3); }        // open, signed shares
  double* strength() noexcept { return rows.row(4); }      // of this decision; 0 = no order
  double* held_value() noexcept { return rows.row(5); }    // of what takes part in it, else 0
  double* fills() noexcept { return rows.row(6); }         // of this bar, signed shares
};

}  // namespace tickwerk::backtest
