#include "tickwerk/job/meta_model_comparison.h"

#include <algorithm>
#include <cmath>

#include "tickwerk/trace/zone.h"

namespace tickwerk::job {
namespace {

constexpr int kMostRuns = 6;
constexpr double kTolerance = 1e-4;  // of the exposure

report::MetaModelRun measured(const RunConfig& config,
                              const History& history,
                              const backtest::BacktestResult& result) {
  const bool listed = config.backtest.fills == backtest::Listing::kList;
  const risk::Metrics metrics = risk::summarize({.equity = result.equity,
                                                 .start_capital = config.backtest.start_capital,
                                                 .frequency = history.loaded.bars.frequency,
                                                 .rf = config.rf,
                                                 .fills = listed ? &result.fills : nullptr,
                                                 .costs = config.backtest.costs,
                                                 .impacts = result.impacts,
                                                 .last_close = result.last_close,
                                                 .first_row = history.loaded.first_row});
  return {.net = metrics.net,
          .turnover = metrics.turnover,
          .num_trades = metrics.episodes_net.num_episodes,
          .exposure = metrics.exposure};
}

report::MetaModelRun run_scaled(const RunConfig& config, const History& history, double scale) {
  strategy::StrategySpec spec = history.spec;
  spec.gross *= scale;
  if (spec.net) *spec.net *= scale;
  spec.max_weight *= scale;
  spec.band *= scale;
  backtest::BacktestConfig backtest = config.backtest;
  backtest.orders = backtest::Listing::kCount;
  const market::LoadedBars& loaded = history.loaded;
  return measured(
      config, history,
      backtest::run(loaded.bars, history.own_signals, spec, backtest, loaded.first_row));
}

}  // namespace

report::MetaModelComparison compare_with_own(const RunConfig& config, const History& history) {
  TW_ZONE("compare_with_own");
  report::MetaModelComparison comparison{.use = history.spec.meta_model,
                                         .frequency = history.loaded.bars.frequency,
                                         .counts = *history.meta_model,
                                         .own = run_scaled(config, history, 1),
                                         .with = measured(config, history, history.result)};
  const double wanted = comparison.with.exposure.value_or(0);
  double found = comparison.own.exposure.value_or(0);
  if (!(wanted > 0) || !(found > 0)) return comparison;
  comparison.own_scaled = comparison.own;
  for (int run = 0; run < kMostRuns && std::abs(found - wanted) > kTolerance * wanted; ++run) {
    const double scale = std::min(comparison.scale * wanted / found, 1.0);
    if (scale == comparison.scale) break;
    comparison.scale = scale;
    comparison.own_scaled = run_scaled(config, history, scale);
    found = comparison.own_scaled->exposure.value_or(0);
    if (!(found > 0)) break;
  }
  return comparison;
}

}  // namespace tickwerk::job
