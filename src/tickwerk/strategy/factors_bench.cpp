// The step build_factors of the built-in strategies, and of a sweep over the parameters of one.
#include <benchmark/benchmark.h>

#include "tickwerk/market/synthetic.h"
#include "tickwerk/strategy/factors.h"

namespace tickwerk::strategy {
namespace {

constexpr std::size_t kNumSessions = 2520;

market::Bars bars_of(const benchmark::State& state) {
  return market::make_synthetic(
      {.num_symbols = static_cast<std::size_t>(state.range(0)), .num_sessions = kNumSessions});
}

void report(benchmark::State& state, std::size_t num_variants) {
  state.SetItemsProcessed(state.iterations() * state.range(0) *
                          static_cast<std::int64_t>(kNumSessions * num_variants));
}

void built_in(benchmark::State& state, const char* name) {
  const market::Bars bars = bars_of(state);
  const Strategy strategy = make_strategy(built_in_spec(name));
  for (auto _ : state) {
    benchmark::DoNotOptimize(build_factors(strategy, {.bars = bars}).direction.row(0));
  }
  report(state, 1);
}
BENCHMARK_CAPTURE(built_in, trend_baseline, "trend_baseline")
    ->Arg(200)
    ->Arg(3000)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(built_in, ema_trend, "ema_trend")
    ->Arg(200)
    ->Arg(3000)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(built_in, multifactor_long_short, "multifactor_long_short")
    ->Arg(200)
    ->Arg(3000)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

/// 10 fast by 10 slow means.
void sweep(benchmark::State& state) {
  const market::Bars bars = bars_of(state);
  const Strategy base = make_strategy(built_in_spec("trend_baseline"));
  std::vector<Strategy> variants(100, base);
  for (std::size_t k = 0; k < variants.size(); ++k) {
    variants[k].spec.params = {{"fast", 5.0 + 5.0 * static_cast<double>(k % 10)},
                               {"slow", 60.0 + 20.0 * static_cast<double>(k / 10)}};
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(build_factors(variants, {.bars = bars}).data());
  }
  report(state, variants.size());
}
BENCHMARK(sweep)->Arg(200)->Unit(benchmark::kMillisecond)->UseRealTime();

void compile(benchmark::State& state, const char* name) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(make_strategy(built_in_spec(name)));
  }
}
BENCHMARK_CAPTURE(compile, trend_baseline, "trend_baseline")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(compile, multifactor_long_short, "multifactor_long_short")
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace tickwerk::strategy
