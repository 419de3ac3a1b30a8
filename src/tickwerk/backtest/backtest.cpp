#include "tickwerk/backtest/backtest.h"

#include <cmath>

#include "tickwerk/backtest/checks.h"
#include "tickwerk/backtest/loop.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::backtest {
namespace {

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
                 const strategy::StrategySpec& spec,
                 const BacktestConfig& config) {
  if (config.fill == FillRule::kNextOpen && !bars.has("open")) {
    throw Error(Code::kNotFound,
                "fill next_open needs the field 'open', found bars with a close only; "
                "same_close can do without");
  }
  check(signals, spec, config, {bars.num_rows(), bars.num_symbols()});
  check_padding(bars.close());
  if (config.fill == FillRule::kNextOpen) check_padding(bars.field("open"));
}

}  // namespace

std::string_view to_string(FillRule rule) noexcept {
  return rule == FillRule::kNextOpen ? "next_open" : "same_close";
}

std::string_view to_string(CostModel model) noexcept {
  return model == CostModel::kLinear ? "linear" : "sqrt";
}

BacktestResult run(const market::Bars& bars,
                   const strategy::Signals& signals,
                   const strategy::StrategySpec& spec,
                   const BacktestConfig& config,
                   std::size_t first_row) {
  TW_ZONE("backtest::run");
  check(config);
  check_input(bars, signals, spec, config);
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
  check_input(bars, signals, spec, listing);
  if (bars.num_rows() == 0) return {};
  Loop loop(bars, signals, spec, listing);
  for (std::size_t t = 0; t < bars.num_rows(); ++t) loop.watch(t);
  loop.hold(holdings);
  loop.decide_only(bars.num_rows() - 1);
  return loop.finish().orders;
}

}  // namespace tickwerk::backtest
