#include "tickwerk/job/settings.h"

#include <fmt/ranges.h>

#include <algorithm>

namespace tickwerk::job {
namespace {

using Settings = std::vector<std::pair<std::string, std::string>>;

/// The shortest text that reads back the same, as a person would write it: 100000, not 1e+05.
std::string number(double value) { return fmt::format("{}", value); }

void add_bars(const RunConfig& config, Settings& settings) {
  const market::LoadConfig& load = config.load;
  settings.emplace_back("prices", load.prices.filename().string());
  settings.emplace_back("freq", suffix(load.frequency));
  if (!load.symbols.empty()) {
    settings.emplace_back("symbols", fmt::format("{}", fmt::join(load.symbols, ",")));
  }
  if (!load.universe.empty()) settings.emplace_back("universe", load.universe.filename().string());
  if (load.max_symbols) settings.emplace_back("max_symbols", std::to_string(*load.max_symbols));
  if (load.from) settings.emplace_back("from", to_string(*load.from));
  if (load.to) settings.emplace_back("to", to_string(*load.to));
  if (config.max_sessions && !load.from) {
    settings.emplace_back("max_sessions", std::to_string(*config.max_sessions));
  }
}

void add_strategy(const strategy::StrategySpec& spec, Settings& settings) {
  settings.emplace_back("strategy", spec.name);
  for (const auto& [name, value] : spec.params) {
    settings.emplace_back("param." + name, number(value));
  }
  std::string weights(to_string(spec.weights));
  if (spec.weights == strategy::Weighting::kInverseVol) {
    weights += fmt::format("({})", spec.inverse_vol_window);
  }
  settings.emplace_back("weights", weights);
  settings.emplace_back("top_n", std::to_string(spec.top_n));
  settings.emplace_back("max_weight", number(spec.max_weight));
  settings.emplace_back("gross", number(spec.gross));
  settings.emplace_back("rebalance", to_string(spec.rebalance));
  settings.emplace_back("band", number(spec.band));
  settings.emplace_back("min_volume_ratio", number(spec.min_volume_ratio));
}

void add_backtest(const RunConfig& config, Settings& settings) {
  const backtest::BacktestConfig& backtest = config.backtest;
  settings.emplace_back("start_capital", number(backtest.start_capital));
  settings.emplace_back("fill", backtest::to_string(backtest.fill));
  settings.emplace_back("commission_bps", number(backtest.costs.commission.value));
  settings.emplace_back("spread_w", number(backtest.costs.spread.value));
  settings.emplace_back("impact_w", number(backtest.costs.impact.value));
  settings.emplace_back("min_trade", number(backtest.min_trade));
  settings.emplace_back("lot_size", number(backtest.lot_size));
  settings.emplace_back("delist_after", std::to_string(backtest.delist_after));
  settings.emplace_back("delist_haircut", number(backtest.delist_haircut));
  settings.emplace_back("rf", number(config.rf));
  if (!config.benchmark.empty()) {
    settings.emplace_back("benchmark", std::filesystem::path(config.benchmark).filename().string());
  }
}

void add_daily(const RunConfig& config, Settings& settings) {
  if (config.date) settings.emplace_back("date", to_string(*config.date));
  if (!config.positions.empty()) {
    settings.emplace_back("positions", std::filesystem::path(config.positions).filename().string());
  }
  const OrderLimits& limits = config.limits;
  if (limits.max_orders) settings.emplace_back("max_orders", number(*limits.max_orders));
  if (limits.max_notional) settings.emplace_back("max_notional", number(*limits.max_notional));
  if (limits.max_weight) settings.emplace_back("max_order_weight", number(*limits.max_weight));
}

}  // namespace

std::vector<std::pair<std::string, std::string>> result_settings(const RunConfig& config) {
  Settings settings;
  add_bars(config, settings);
  add_strategy(config.strategy, settings);
  add_backtest(config, settings);
  add_daily(config, settings);
  std::sort(settings.begin(), settings.end());
  return settings;
}

}  // namespace tickwerk::job
