#include "tickwerk/backtest/backtest.h"

#include <fmt/format.h>

#include <cmath>
#include <cstring>

#include "tickwerk/backtest/loop.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::backtest {
namespace {

void require(std::string_view rule, double found, bool holds) {
  if (!holds) throw Error(Code::kInvalidArgument, fmt::format("{}, found {}", rule, found));
}

bool finite_from_zero(double value) { return std::isfinite(value) && value >= 0; }

void check_sqrt_costs(const BacktestConfig& config) {
  require("impact_coef must be finite and >= 0", config.impact_coef,
          finite_from_zero(config.impact_coef));
  const double fixed = config.costs.commission.value + config.costs.spread.value;
  require("commission, spread and the cap on impact must add up to less than 10000 basis points",
          fixed + config.impact_cap.value,
          finite_from_zero(config.impact_cap.value) && fixed + config.impact_cap.value < 1e4);
}

void check_shorts(const ShortRules& rules) {
  require("initial_margin must be finite and >= 0", rules.initial_margin,
          finite_from_zero(rules.initial_margin));
  require("maintenance_margin must be in [0, initial_margin]", rules.maintenance_margin,
          rules.maintenance_margin >= 0 && rules.maintenance_margin <= rules.initial_margin);
  require("borrow_fee must be finite and >= 0", rules.borrow_fee,
          finite_from_zero(rules.borrow_fee));
}

void check(const BacktestConfig& config) {
  require("start capital must be finite and > 0", config.start_capital,
          std::isfinite(config.start_capital) && config.start_capital > 0);
  for (const Bps cost : {config.costs.commission, config.costs.spread, config.costs.impact}) {
    require("costs in basis points must be finite and >= 0", cost.value,
            finite_from_zero(cost.value));
  }
  require("costs must add up to less than 10000 basis points", config.costs.total() * 1e4,
          config.costs.total() < 1);
  check_sqrt_costs(config);
  require("participation_cap must be finite and >= 0", config.participation_cap,
          finite_from_zero(config.participation_cap));
  require("cash_rate must be in (-1, 1]", config.cash_rate,
          config.cash_rate > -1 && config.cash_rate <= 1);
  check_shorts(config.shorts);
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

/// Exposures that cash and initial margin can bear: what shorts bring is cash, so longs may be as
/// much as equity and shorts.
void check_exposures(const strategy::StrategySpec& spec, const ShortRules& rules) {
  if (spec.short_selling == strategy::ShortSelling::kRefuse) return;
  const double net = spec.net.value_or(0);
  require("net must be between -gross and gross, and at most 1 without leverage", net,
          std::abs(net) <= spec.gross && net <= 1);
  const double shorts = (spec.gross - net) / 2;
  require("initial_margin x (gross - net) / 2, the equity that the shorts need, must be at most 1",
          rules.initial_margin * shorts, rules.initial_margin * shorts <= 1);
}

void check_directions(const strategy::Signals& signals, const strategy::StrategySpec& spec) {
  if (spec.short_selling == strategy::ShortSelling::kAllow) return;
  const strategy::DirectionPanel& direction = signals.direction;
  for (std::size_t t = 0; t < direction.num_rows(); ++t) {
    // As bytes, of which the C library finds one faster than a loop finds a number.
    const auto wanted = static_cast<std::uint8_t>(strategy::kShort);
    if (std::memchr(direction.row(t), wanted, direction.num_symbols()) == nullptr) continue;
    throw Error(Code::kInvalidArgument,
                fmt::format("a short position must be allowed (allow_short), found one wanted by "
                            "strategy {} on row {}",
                            spec.name, t));
  }
}

void check_input(const market::Bars& bars,
                 const strategy::Signals& signals,
                 const strategy::StrategySpec& spec,
                 const BacktestConfig& config) {
  check_exposures(spec, config.shorts);
  if (config.fill == FillRule::kNextOpen && !bars.has("open")) {
    throw Error(Code::kNotFound,
                "fill next_open needs the field 'open', found bars with a close only; "
                "same_close can do without");
  }
  TW_CHECK(signals.direction.num_rows(), ==, bars.num_rows());
  TW_CHECK(signals.direction.num_symbols(), ==, bars.num_symbols());
  TW_CHECK(signals.decides.size(), ==, bars.num_rows());
  check_directions(signals, spec);
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
