// The state of a backtest between bars, one lane per symbol. Internal to `backtest`: loop.cpp
// drives it, row_kernels.cpp computes on it.
#pragma once

#include <algorithm>

#include "tickwerk/panel/panel.h"

namespace tickwerk::backtest {

/// Arrays of `size` doubles, `size` a whole number of vectors; the padding lanes stay 0.
struct Book {
  explicit Book(std::size_t num_symbols)
      : size(Panel::padded(num_symbols)), arrays(kNumArrays, num_symbols) {
    std::fill_n(ones(), size, 1.0);
  }

  static constexpr std::size_t kNumArrays = 15;
  std::size_t size;
  Panel arrays;
  double cash = 0;

  double* shares() noexcept { return arrays.row(0); }
  double* last_close() noexcept { return arrays.row(1); }    // 0 before the first bar
  double* bars_missing() noexcept { return arrays.row(2); }  // since the last bar
  double* orders() noexcept { return arrays.row(3); }        // open, signed shares
  double* fills() noexcept { return arrays.row(4); }         // of this bar, signed shares
  double* strength() noexcept { return arrays.row(5); }      // of this decision; < 0 short
  double* held_value() noexcept { return arrays.row(6); }    // of what takes part in it, else 0
  double* terms() noexcept { return arrays.row(7); }         // of sums, between two passes
  double* more_terms() noexcept { return arrays.row(8); }
  double* ones() noexcept { return arrays.row(9); }

  // Of the bar on which each open order was decided; written where costs need them.
  double* order_volatility() noexcept { return arrays.row(10); }
  double* order_adv() noexcept { return arrays.row(11); }

  // The parts of the orders that meet a price: what opens or enlarges a holding, what reduces it.
  double* opening() noexcept { return arrays.row(12); }
  double* closing() noexcept { return arrays.row(13); }
  double* impact() noexcept { return arrays.row(14); }  // of this bar's fills, of notional
};

}  // namespace tickwerk::backtest
