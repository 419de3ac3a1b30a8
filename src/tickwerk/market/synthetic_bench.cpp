#include <benchmark/benchmark.h>

#include "tickwerk/market/synthetic.h"

namespace tickwerk::market {
namespace {

void synthetic_market(benchmark::State& state) {
  const SyntheticConfig config{.num_symbols = static_cast<std::size_t>(state.range(0)),
                               .num_sessions = static_cast<std::size_t>(state.range(1))};
  for (auto _ : state) benchmark::DoNotOptimize(make_synthetic(config));
  const auto bars = static_cast<std::int64_t>(config.num_symbols * config.num_sessions);
  state.SetItemsProcessed(state.iterations() * bars);
  state.SetBytesProcessed(state.iterations() * bars * 5 * 8);
  state.counters["rows"] = benchmark::Counter(
      static_cast<double>(state.iterations()) * static_cast<double>(state.range(1)),
      benchmark::Counter::kIsRate);
}
BENCHMARK(synthetic_market)
    ->Args({200, 2520})
    ->Args({500, 252})
    ->Args({3000, 2520})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace
}  // namespace tickwerk::market
