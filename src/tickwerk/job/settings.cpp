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
  const factor::SourceFiles& beside = config.sources;
  if (!beside.groups.empty()) settings.emplace_back("groups", beside.groups.filename().string());
  for (const market::EventFile& file : beside.events) {
    settings.emplace_back("events." + file.name, file.path.filename().string());
  }
  if (beside.as_of) settings.emplace_back("as_of", to_string(*beside.as_of));
  if (config.max_sessions && !load.from) {
    settings.emplace_back("max_sessions", std::to_string(*config.max_sessions));
  }
}

void add_strategy(const strategy::StrategySpec& spec, Settings& settings) {
  settings.emplace_back("strategy", spec.name);
  for (const auto& [name, value] : spec.params) {
    settings.emplace_back("param." + name, number(value));
  }
  for (const auto& [key, text] : spec.texts) settings.emplace_back("strategy." + key, text);
  settings.emplace_back("weights",
                        to_string(strategy::Weights{spec.weights, spec.inverse_vol_window}));
  settings.emplace_back("top_n", std::to_string(spec.top_n));
  settings.emplace_back("max_weight", number(spec.max_weight));
  settings.emplace_back("gross", number(spec.gross));
  if (spec.net) settings.emplace_back("net", number(*spec.net));
  settings.emplace_back("rebalance", to_string(spec.rebalance));
  settings.emplace_back("band", number(spec.band));
  settings.emplace_back("min_volume_ratio", number(spec.min_volume_ratio));
  const strategy::MetaModelUse& meta = spec.meta_model;
  if (meta.file.empty()) return;
  settings.emplace_back("meta_model", meta.file.filename().string());
  settings.emplace_back("meta_mode", to_string(meta.mode));
  if (meta.mode == strategy::MetaMode::kFilter) {
    settings.emplace_back("min_confidence", number(meta.min_confidence));
  }
}

void add_backtest(const RunConfig& config, Settings& settings) {
  const backtest::BacktestConfig& backtest = config.backtest;
  settings.emplace_back("start_capital", number(backtest.start_capital));
  settings.emplace_back("fill", backtest::to_string(backtest.fill));
  settings.emplace_back("commission_bps", number(backtest.costs.commission.value));
  settings.emplace_back("spread_w", number(backtest.costs.spread.value));
  settings.emplace_back("cost_model", backtest::to_string(backtest.cost_model));
  if (backtest.cost_model == backtest::CostModel::kSqrt) {
    settings.emplace_back("impact_coef", number(backtest.impact_coef));
  } else {
    settings.emplace_back("impact_w", number(backtest.costs.impact.value));
  }
  settings.emplace_back("participation_cap", number(backtest.participation_cap));
  settings.emplace_back("cash_rate", number(backtest.cash_rate));
  const bool allow_short = config.strategy.short_selling == strategy::ShortSelling::kAllow;
  settings.emplace_back("allow_short", allow_short ? "true" : "false");
  if (allow_short) {
    settings.emplace_back("borrow_fee", number(backtest.shorts.borrow_fee));
    settings.emplace_back("initial_margin", number(backtest.shorts.initial_margin));
    settings.emplace_back("maintenance_margin", number(backtest.shorts.maintenance_margin));
  }
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
