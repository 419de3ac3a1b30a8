// One run of a sweep against the engine, on the same market and signals.
#include <benchmark/benchmark.h>

#include "tickwerk/backtest/equity_run.h"
#include "tickwerk/backtest/market_fixture.h"
#include "tickwerk/market/synthetic.h"

namespace tickwerk::backtest {
namespace {

struct Case {
  explicit Case(std::size_t num_symbols)
      : bars(market::make_synthetic({.num_symbols = num_symbols, .num_sessions = 2520})),
        signals(trend_signals(bars, 40)) {
    config.fill = FillRule::kSameClose;
    config.fills = config.orders = Listing::kCount;
  }

  void report(benchmark::State& state) const {
    const auto rows = static_cast<std::int64_t>(state.iterations() * bars.num_rows());
    state.SetItemsProcessed(rows * static_cast<std::int64_t>(bars.num_symbols()));
  }

  market::Bars bars;
  strategy::Signals signals;
  BacktestConfig config;
};

void engine(benchmark::State& state) {
  const Case given(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    benchmark::DoNotOptimize(run(given.bars, given.signals, {}, given.config));
  }
  given.report(state);
}
BENCHMARK(engine)->Arg(200)->Arg(3000)->Unit(benchmark::kMillisecond);

void equity_run(benchmark::State& state) {
  const Case given(static_cast<std::size_t>(state.range(0)));
  const CloseSteps steps(given.bars, given.config.delist_after);
  EquityRun runs(steps);
  for (auto _ : state) {
    benchmark::DoNotOptimize(runs.run(given.signals, {}, given.config));
  }
  given.report(state);
}
BENCHMARK(equity_run)->Arg(200)->Arg(3000)->Unit(benchmark::kMillisecond);

void close_steps(benchmark::State& state) {
  const Case given(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    benchmark::DoNotOptimize(CloseSteps(given.bars, given.config.delist_after));
  }
  given.report(state);
}
BENCHMARK(close_steps)->Arg(200)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace tickwerk::backtest
