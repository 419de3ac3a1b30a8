// One row of the backtest at a time: pure passes over all symbols, in vector lanes, sums in lane
// order (kernel/lanes.h). All arrays have `size` elements, a whole number of vectors; closes and
// opens may be NaN (no bar). Nothing here allocates, throws or knows dates. Internal to `backtest`.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tickwerk::backtest {

struct MarkSums {
  double value = 0;        // of all holdings at the last known close
  double num_present = 0;  // symbols with a bar
  double num_expired = 0;  // held symbols that have been missing for exactly `delist_after` bars
};
MarkSums mark(const double* close,
              std::size_t size,
              double delist_after,
              const double* shares,
              double* last_close,
              double* bars_missing) noexcept;

/// Takes back the count of a missing bar, for rows on which the whole market has none.
void forget_missing(std::size_t size, double* bars_missing) noexcept;

/// Sum of shares * last close.
double holdings_value(const double* shares, const double* last_close, std::size_t size) noexcept;

struct WantSums {
  double strength = 0;    // of the symbols wanted long
  double kept_value = 0;  // of the holdings that the decision leaves as they are
};
/// Splits the row into strengths and held values of the symbols that take part in the decision (0
/// for the others: direction kKeep or no bar). `strength_in` null: all equal.
WantSums want(const std::int8_t* direction,
              const double* strength_in,
              const double* close,
              const double* shares,
              const double* last_close,
              std::size_t size,
              double* strength,
              double* held_value) noexcept;

/// Target values are min(strength * unit, cap).
struct Targets {
  double unit = 0;
  double cap = 0;
};

/// Drops from strength and held value what is no order: a difference of 0, below `least`, or, where
/// the symbol is held and wanted, below `band` (both in cash). Returns the sum of |target - held|
/// over what is left.
double select_orders(Targets targets,
                     double least,
                     double band,
                     std::size_t size,
                     double* strength,
                     double* held_value) noexcept;

/// Sum of |target - held| over what select_orders left.
double traded_value(Targets targets,
                    const double* strength,
                    const double* held_value,
                    std::size_t size) noexcept;

/// Order quantities: target value / close, rounded toward zero to whole lots (lot_size > 0), less
/// the shares held; 0 where select_orders left nothing. Returns how many are not 0.
double order_shares(Targets targets,
                    double lot_size,
                    const double* strength,
                    const double* held_value,
                    const double* close,
                    const double* shares,
                    std::size_t size,
                    double* orders) noexcept;

struct Notional {
  double bought = 0;
  double sold = 0;
};
/// Notional of the orders that can trade at `price` (not NaN).
Notional order_notional(const double* orders, const double* price, std::size_t size) noexcept;

/// Fills what can trade at `price`, buys scaled by `buy_factor` and, with lot_size > 0 and a factor
/// below 1, rounded down to whole lots; adds the fills to the shares.
Notional fill_orders(const double* orders,
                     const double* price,
                     double buy_factor,
                     double lot_size,
                     std::size_t size,
                     double* shares,
                     double* fills) noexcept;

/// Drops the orders that met a price; those that found none keep waiting.
void drop_filled(const double* price, std::size_t size, double* orders) noexcept;

}  // namespace tickwerk::backtest
