// The passes of row_kernels.h for what that file leaves out: shorts, and orders that each have a
// cost of their own. Strengths, values and targets of shorts are negative. Sums in lane order;
// nothing here allocates or throws. Internal to `backtest`.
#pragma once

#include <cstdint>

#include "tickwerk/backtest/book.h"
#include "tickwerk/backtest/order_costs.h"

namespace tickwerk::backtest {

/// Of longs and of shorts, both >= 0.
struct Sides {
  double longs = 0;
  double shorts = 0;
};

/// Value of the holdings at the last known closes.
Sides holding_sides(Book& book) noexcept;

struct SidedWant {
  Sides strength;  // of the symbols wanted
  Sides kept;      // value of the holdings that the decision leaves as they are
};
/// As `want`; a symbol wanted short has the negative of its strength in the book.
SidedWant want_sides(Book& book,
                     const std::int8_t* direction,
                     const double* strength,
                     const double* close) noexcept;

/// Target values are strength * unit of its side, at most `cap` away from 0.
struct SidedTargets {
  Sides unit;
  double cap = 0;
};

/// As `select_orders`; the band is for holdings whose target is on the same side.
void select_sides(Book& book, const SidedTargets& targets, double least, double band) noexcept;

/// Costs of what select_sides left, each order of the size that may trade.
double cost_of_sides(Book& book, const SidedTargets& targets, const OrderCosts& costs) noexcept;

/// As `order_shares`; lots round shorts toward zero too.
std::int64_t order_sides(Book& book,
                         const SidedTargets& targets,
                         double lot_size,
                         const double* close) noexcept;

struct FillRules {
  double initial_margin = 0;
  double cash_tolerance = 0;    // cash that may be missing
  double margin_tolerance = 0;  // equity that may be missing
  double lot_size = 0;
};

/// What the fills of one bar did; the quantities are in the book.
struct FilledOrders {
  double bought = 0;  // notional
  double sold = 0;    // notional
  double cost = 0;
  std::int64_t num_fills = 0;
  std::int64_t num_partial = 0;
  std::int64_t num_waiting = 0;
  std::int64_t num_impact_capped = 0;
  std::int64_t num_participation_capped = 0;
};

/// Fills the orders that meet a price (not NaN) and adds the fills to shares and cash: first
/// what sells, its short part scaled to the initial margin; then what covers shorts, whole; then
/// what buys, scaled to the cash that is left. Orders stay in the book.
FilledOrders fill_each_order(Book& book,
                             const double* price,
                             const OrderCosts& costs,
                             const FillRules& rules) noexcept;

}  // namespace tickwerk::backtest
