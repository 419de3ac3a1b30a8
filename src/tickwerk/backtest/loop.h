// One bar of a backtest after the other: fill, mark, decide, account. Holds the book and collects
// the result. Internal to `backtest`: `run` checks the arguments and calls `step` for each row.
#pragma once

#include <span>

#include "tickwerk/backtest/backtest.h"
#include "tickwerk/backtest/book.h"
#include "tickwerk/backtest/each_order.h"
#include "tickwerk/backtest/liquidity.h"
#include "tickwerk/backtest/row_kernels.h"

namespace tickwerk::backtest {

class Loop {
 public:
  Loop(const market::Bars& bars,
       const strategy::Signals& signals,
       const strategy::StrategySpec& spec,
       const BacktestConfig& config);

  /// Looks at bar t without trading, so that its closes are the last known ones.
  void watch(std::size_t t);

  /// Puts holdings in place of those there are.
  void hold(const Holdings& holdings);

  /// Only the decision of bar t, which must have been watched; the orders are in the result.
  void decide_only(std::size_t t);

  /// Bar t, whole. Rows must be stepped in order.
  void step(std::size_t t);

  /// The result; the loop is spent.
  BacktestResult finish();

 private:
  void accrue();
  void order(std::size_t t, double equity);
  void decide(std::size_t t, double equity);
  void decide_each_order(std::size_t t, double equity);
  std::span<const std::uint32_t> call_margin(std::size_t t, double equity);
  void fill(std::size_t t, const Panel& prices, double tolerance);
  void fill_all_orders(std::size_t t, const Panel& prices, double tolerance);
  void fill_each_order(std::size_t t, const Panel& prices, double tolerance);
  void remember_liquidity(std::size_t t, std::size_t symbol);
  void close_delisted(std::size_t t);
  std::span<const std::uint32_t> symbols_with_orders();
  void list_orders(std::size_t t, std::span<const std::uint32_t> symbols);
  void list_fills(std::size_t t, const double* price, double buy_factor);
  void list_each_fill(std::size_t t, const double* price);
  void sort_fills(std::size_t first);
  void record(std::size_t t, double holdings);

  const market::Bars& bars_;
  const strategy::Signals& signals_;
  const strategy::StrategySpec& spec_;
  const BacktestConfig& config_;
  const Panel& close_;
  const Panel* open_;  // null for same_close
  double cost_rate_;
  OrderCosts costs_;
  bool each_order_;  // shorts, or costs that are not the same for all orders
  Liquidity liquidity_;
  double periods_per_year_;
  double long_share_;   // of equity, wanted in longs
  double short_share_;  // of equity, wanted in shorts
  Book book_;
  std::vector<std::uint32_t> with_orders_;
  BacktestResult result_;
  Notional traded_;           // on this bar
  double cost_ = 0;           // of what was traded on this bar, with each_order_
  double short_value_ = 0;    // after the last bar
  double borrow_fee_ = 0;     // of this bar
  double interest_ = 0;       // of this bar
  bool orders_open_ = false;  // some order of the book has not met a price
};

}  // namespace tickwerk::backtest
