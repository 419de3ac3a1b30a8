// Prints of 500 symbols x 2520 sessions, four fields: the reading of the bars that every question
// to the store begins with.
#include <benchmark/benchmark.h>

#include "tickwerk/base/parallel.h"
#include "tickwerk/market/synthetic.h"
#include "tickwerk/store/prints.h"

namespace tickwerk::store {
namespace {

void prints(benchmark::State& state) {
  const market::Bars bars =
      market::make_synthetic({.num_symbols = 500, .num_sessions = 2520, .seed = 42});
  expr::Inputs inputs;
  inputs.num_rows = bars.num_rows();
  inputs.num_symbols = bars.num_symbols();
  inputs.bar = bars.close().view();
  for (const auto& [name, panel] : bars.fields) inputs.fields.emplace(name, panel.view());
  const int threads = num_threads();
  set_num_threads(static_cast<int>(state.range(0)));
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        make_prints(bars, inputs, {"$bar", "$place", "close", "high", "low", "volume"}, 2520));
  }
  set_num_threads(threads);
  state.SetBytesProcessed(state.iterations() * 2520 * 500 * 4 * 8);
}
BENCHMARK(prints)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace tickwerk::store
