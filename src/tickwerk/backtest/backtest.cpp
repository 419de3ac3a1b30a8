#include "tickwerk/backtest/backtest.h"

#include <fmt/format.h>

#include <cmath>

#include "tickwerk/backtest/loop.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::backtest {
namespace {

void require(std::string_view rule, double found, bool holds) {
  if (!holds) throw Error(Code::kInvalidArgument, fmt::format("{}, found {}", rule, found));
}

bool finite_from_zero(double value) { return std::isfinite(value) && value >= 0; }

void check(const BacktestConfig& config) {
  require("start capital must be finite and > 0", config.start_capital,
          std::isfinite(config.start_capital) && config.start_capital > 0);
  for (const Bps cost : {config.costs.commission, config.costs.spread, config.costs.impact}) {
    require("costs in basis points must be finite and >= 0", cost.value,
            finite_from_zero(cost.value));
  }
  require("costs must add up to less than 10000 basis points", config.costs.total() * 1e4,
          config.costs.total() < 1);
  require("min_trade must be in [0, 1]", config.min_trade,
          config.min_trade >= 0 && config.min_trade <= 1);
  require("lot_size must be finite and >= 0", config.lot_size, finite_from_zero(config.lot_size));
  require("delist_after must be >= 1", config.delist_after, config.delist_after >= 1);
  require("delist_haircut must be in [0, 1]", config.delist_haircut,
          config.delist_haircut >= 0 && config.delist_haircut <= 1);
}

/// Vectors run over the padding of a row, so it must say "no bar".
void check_padding(const Panel& prices) {
  for (std::size_t t = 0; t < prices.num_rows(); ++t) {
    for (std::size_t i = prices.num_symbols(); i < prices.stride(); ++i) {
      TW_CHECK(std::isnan(prices.row(t)[i]), ==, true);
    }
  }
}

void check_input(const market::Bars& bars,
                 const strategy::Signals& signals,
                 const BacktestConfig& config) {
  if (config.fill == FillRule::kNextOpen && !bars.has("open")) {
    throw Error(Code::kNotFound,
                "fill next_open needs the field 'open', found bars with a close only; "
                "same_close can do without");
  }
  TW_CHECK(signals.direction.num_rows(), ==, bars.num_rows());
  TW_CHECK(signals.direction.num_symbols(), ==, bars.num_symbols());
  TW_CHECK(signals.decides.size(), ==, bars.num_rows());
  check_padding(bars.close());
  if (config.fill == FillRule::kNextOpen) check_padding(bars.field("open"));
}

}  // namespace

std::string_view to_string(FillRule rule) noexcept {
  return rule == FillRule::kNextOpen ? "next_open" : "same_close";
}

BacktestResult run(const market::Bars& bars,
                   const strategy::Signals& signals,
                   const strategy::StrategySpec& spec,
                   const BacktestConfig& config,
                   std::size_t first_row) {
  TW_ZONE("backtest::run");
  check(config);
  check_input(bars, signals, config);
  Loop loop(bars, signals, spec, config);
  for (std::size_t t = first_row; t < bars.num_rows(); ++t) loop.step(t);
  BacktestResult result = loop.finish();
  trace::count(trace::Counter::kRows, result.equity.size());
  trace::count(trace::Counter::kOrders, result.num_orders);
  trace::count(trace::Counter::kFills, result.num_fills);
  return result;
}

risk::OrderList decide(const market::Bars& bars,
                       const strategy::Signals& signals,
                       const strategy::StrategySpec& spec,
                       const BacktestConfig& config,
                       const Holdings& holdings) {
  TW_ZONE("backtest::decide");
  BacktestConfig listing = config;
  listing.orders = Listing::kList;
  check(listing);
  check_input(bars, signals, listing);
  if (bars.num_rows() == 0) return {};
  Loop loop(bars, signals, spec, listing);
  for (std::size_t t = 0; t < bars.num_rows(); ++t) loop.watch(t);
  loop.hold(holdings);
  loop.decide_only(bars.num_rows() - 1);
  return loop.finish().orders;
}

}  // namespace tickwerk::backtest
