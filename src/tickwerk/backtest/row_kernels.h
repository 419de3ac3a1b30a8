// One row of the backtest at a time: passes over all symbols of the book in vector lanes, sums in
// lane order (kernel/lanes.h). Closes and opens may be NaN (no bar). Each pass first writes the
// terms of its sums and then adds them: a loop that adds doubles in a fixed order does not
// vectorise together with conditions. Nothing here allocates, throws or knows dates. Internal to
// `backtest`.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tickwerk/backtest/book.h"

namespace tickwerk::backtest {

struct MarkSums {
  double value = 0;              // of all holdings at the last known close
  std::int64_t num_present = 0;  // symbols with a bar
  std::int64_t num_expired = 0;  // held symbols missing for exactly `delist_after` bars
};
/// Takes in the closes of a bar: last closes and missing bars of the book.
MarkSums mark(Book& book, const double* close, double delist_after) noexcept;

/// Takes back the count of a missing bar, for rows on which the whole market has none.
void forget_missing(Book& book) noexcept;

/// Sum of shares * last close.
double holdings_value(Book& book) noexcept;

struct WantSums {
  double strength = 0;    // of the symbols wanted long
  double kept_value = 0;  // of the holdings that the decision leaves as they are
};
/// Splits a decision into the strengths and held values of the symbols that take part in it (0 for
/// the others: direction kKeep or no bar).
WantSums want(Book& book,
              const std::int8_t* direction,
              const double* strength,
              const double* close) noexcept;

/// Target values are min(strength * unit, cap).
struct Targets {
  double unit = 0;
  double cap = 0;
};

/// Drops from strength and held value what is no order: a difference of 0, below `least`, or, where
/// the symbol is held and wanted, below `band` (both in cash). Returns the sum of |target - held|
/// over what is left.
double select_orders(Book& book, Targets targets, double least, double band) noexcept;

/// Sum of |target - held| over what select_orders left.
double traded_value(Book& book, Targets targets) noexcept;

/// Orders of the book: target value / close, rounded toward zero to whole lots (lot_size > 0), less
/// the shares held; 0 where select_orders left nothing. Returns how many are not 0.
std::int64_t order_shares(Book& book,
                          Targets targets,
                          double lot_size,
                          const double* close) noexcept;

struct Notional {
  double bought = 0;
  double sold = 0;
};
struct Tradeable {
  Notional notional;
  std::int64_t num_buys = 0;
  std::int64_t num_sells = 0;
  std::int64_t num_waiting = 0;  // orders that meet no price
};
/// The orders that can trade at `price` (not NaN).
Tradeable tradeable(Book& book, const double* price) noexcept;

/// Fills the orders that can trade at `price` and adds the fills to the shares.
void fill_orders(Book& book, const double* price) noexcept;

/// The same with buys scaled by `buy_factor` and, with lot_size > 0, rounded down to whole lots.
Notional fill_scaled_orders(Book& book,
                            const double* price,
                            double buy_factor,
                            double lot_size) noexcept;

/// How many fills of this bar are buys.
std::int64_t count_bought(Book& book) noexcept;

/// Drops the orders that met a price; those that found none keep waiting.
void drop_filled(Book& book, const double* price) noexcept;

}  // namespace tickwerk::backtest
