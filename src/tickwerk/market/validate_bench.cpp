#include <benchmark/benchmark.h>

#include <cmath>

#include "tickwerk/base/parallel.h"
#include "tickwerk/market/calendar.h"
#include "tickwerk/market/validate.h"

namespace tickwerk::market {
namespace {

/// Clean bars on NYSE sessions from 2011-04-21: prices that wander, nothing to find.
Bars clean_bars(std::size_t num_rows, std::size_t num_symbols) {
  Bars bars;
  Date date = make_date(2011, 4, 20);
  for (std::size_t t = 0; t < num_rows; ++t) {
    date = Calendar::nyse().next_session(date);
    bars.times.push_back(midnight(date));
  }
  for (std::size_t s = 0; s < num_symbols; ++s) bars.symbols.push_back(fmt::format("S{:05}", s));
  for (const char* field : {"open", "high", "low", "close", "volume"}) {
    bars.fields.emplace(field, Panel(num_rows, num_symbols));
  }
  const auto set = [&](const char* field, std::size_t t, std::size_t s, double value) {
    bars.fields.find(field)->second(t, s) = value;
  };
  for (std::size_t t = 0; t < num_rows; ++t) {
    for (std::size_t s = 0; s < num_symbols; ++s) {
      const double close = 50 + 5 * std::sin(0.1 * static_cast<double>(t + s));
      set("open", t, s, close * 0.995);
      set("high", t, s, close * 1.01);
      set("low", t, s, close * 0.99);
      set("close", t, s, close);
      set("volume", t, s, 1e6);
    }
  }
  return bars;
}

void validate_all_symbols(benchmark::State& state) {
  const int threads_before = num_threads();
  set_num_threads(static_cast<int>(state.range(1)));
  Bars bars = clean_bars(2516, static_cast<std::size_t>(state.range(0)));
  const BarSources sources;
  for (auto _ : state) {
    benchmark::DoNotOptimize(validate_and_mask(bars, sources).findings.data());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0) * 2516);
  set_num_threads(threads_before);
}
BENCHMARK(validate_all_symbols)
    ->ArgNames({"symbols", "threads"})
    ->Args({440, 1})
    ->Args({440, 2})
    ->Args({3000, 1})
    ->Args({3000, 2})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace tickwerk::market
