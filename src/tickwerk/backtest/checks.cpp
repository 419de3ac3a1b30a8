#include "tickwerk/backtest/checks.h"

#include <fmt/format.h>

#include <cmath>
#include <cstring>

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

}  // namespace

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

void check(const strategy::Signals& signals,
           const strategy::StrategySpec& spec,
           const BacktestConfig& config,
           const Shape& shape) {
  check_exposures(spec, config.shorts);
  TW_CHECK(signals.direction.num_rows(), ==, shape.num_rows);
  TW_CHECK(signals.direction.num_symbols(), ==, shape.num_symbols);
  TW_CHECK(signals.decides.size(), ==, shape.num_rows);
  check_directions(signals, spec);
}

}  // namespace tickwerk::backtest
