// The loop over bars: signals become target shares, targets become orders, orders become fills with
// costs, and equity compounds. Semantics: docs/backtest.md. It does not load, choose or report.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "tickwerk/market/bars.h"
#include "tickwerk/risk/fill.h"
#include "tickwerk/strategy/signals.h"

namespace tickwerk::backtest {

enum class FillRule { kNextOpen, kSameClose };
std::string_view to_string(FillRule rule) noexcept;

enum class Listing { kCount, kList };

struct BacktestConfig {
  double start_capital = 10'000;
  FillRule fill = FillRule::kNextOpen;
  risk::CostRates costs = {};
  double min_trade = 1e-9;  // share of equity; smaller differences are no orders
  double lot_size = 0;      // shares; 0 = fractional
  int delist_after = 5;     // bars without a bar of the symbol, while the market has bars
  double delist_haircut = 0;
  Listing fills = Listing::kList;
  Listing orders = Listing::kList;
};

struct BacktestResult {
  std::vector<risk::EquityRow> equity;  // one row a bar from first_row on
  risk::FillList fills;                 // sorted by (bar, symbol)
  risk::OrderList orders;               // sorted by (bar, symbol)
  std::uint64_t num_orders = 0;
  std::uint64_t num_fills = 0;    // orders that traded, wholly or in part
  std::uint64_t num_partial = 0;  // buys that met a price but not the cash, also those cut to 0
  std::uint64_t num_waiting = 0;  // once for every bar on which an order met no price
  std::uint64_t num_delisted = 0;
  std::vector<double> shares;      // per symbol after the last bar
  std::vector<double> last_close;  // per symbol, NaN before its first bar
  double cash = 0;                 // after the last bar
};

/// Runs bars [first_row, end). `gross`, `max_weight` and `band` come from the strategy's
/// specification. Every bar: cash + holdings = equity within 1e-9 of equity. The same bits for any
/// number of threads. Throws kInvalidArgument for a config out of range, kNotFound when `next_open`
/// finds no opens.
BacktestResult run(const market::Bars& bars,
                   const strategy::Signals& signals,
                   const strategy::StrategySpec& spec,
                   const BacktestConfig& config,
                   std::size_t first_row = 0);

/// What is held before a decision. Shares: one per symbol of the bars.
struct Holdings {
  double cash = 0;
  std::vector<double> shares;
};

/// The orders that `run` would decide at the close of the last row, had it these holdings there:
/// sorted by symbol, of the last row. Empty when that row does not decide. Errors as `run`.
risk::OrderList decide(const market::Bars& bars,
                       const strategy::Signals& signals,
                       const strategy::StrategySpec& spec,
                       const BacktestConfig& config,
                       const Holdings& holdings);

}  // namespace tickwerk::backtest
