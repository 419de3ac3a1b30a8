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

/// How the impact of an order follows from its notional N. kLinear: costs.impact x N. kSqrt:
/// impact_coef x vol_20 x sqrt(N / adv_20) x N, at most impact_cap x N, which an order without
/// vol_20 or adv_20 pays too.
enum class CostModel { kLinear, kSqrt };
std::string_view to_string(CostModel model) noexcept;

enum class Listing { kCount, kList };

/// What short positions must have and cost. Margins are shares of the short value.
struct ShortRules {
  double initial_margin = 0.5;      // equity that opening shorts may not need more of; 0 = no limit
  double maintenance_margin = 0.3;  // with less equity than this, shorts are covered
  double borrow_fee = 0.005;        // a year, of the short value
};

struct BacktestConfig {
  double start_capital = 10'000;
  FillRule fill = FillRule::kNextOpen;
  risk::CostRates costs = {};
  CostModel cost_model = CostModel::kLinear;
  double impact_coef = 1;        // of kSqrt
  Bps impact_cap{50};            // of kSqrt
  double participation_cap = 0;  // largest notional of a fill as a share of adv_20; 0 = no limit
  double cash_rate = 0;          // interest a year on cash, paid on negative cash
  ShortRules shorts = {};
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
  std::uint64_t num_fills = 0;  // orders that traded, wholly or in part
  /// Orders that met a price but not the cash, the margin or the volume; also those cut to 0.
  std::uint64_t num_partial = 0;
  std::uint64_t num_waiting = 0;  // once for every bar on which an order met no price
  std::uint64_t num_delisted = 0;
  std::uint64_t num_impact_capped = 0;         // fills that paid the impact_cap
  std::uint64_t num_participation_capped = 0;  // orders cut by participation_cap
  std::uint64_t num_margin_calls = 0;          // bars that ended below the maintenance margin
  std::uint64_t num_margin_covers = 0;         // orders that such bars made or enlarged
  risk::ImpactList impacts;                    // one a listed fill under kSqrt, else empty
  std::vector<double> shares;                  // per symbol after the last bar
  std::vector<double> last_close;              // per symbol, NaN before its first bar
  double cash = 0;                             // after the last bar
};

/// Runs bars [first_row, end). `gross`, `net`, `max_weight`, `band` and `short_selling` come from
/// the strategy's specification. Every bar: cash + holdings = equity within 1e-9 of equity. The
/// same bits for any number of threads. Throws kInvalidArgument for a config out of range, for
/// exposures that cash or initial margin can never allow and for a short signal that
/// `short_selling` refuses; kNotFound when `next_open` finds no opens, or costs that read volume no
/// volume.
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
