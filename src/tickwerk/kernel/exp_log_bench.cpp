#include <benchmark/benchmark.h>

#include <cmath>

#include "tickwerk/kernel/exp_log.h"

namespace tickwerk {
namespace {

constexpr std::size_t kRows = 2520;
constexpr std::size_t kSymbols = 200;

Panel prices() {
  Panel panel(kRows, kSymbols);
  for (std::size_t t = 0; t < kRows; ++t) {
    for (std::size_t i = 0; i < kSymbols; ++i) {
      panel(t, i) = 5.0 + 0.01 * static_cast<double>((t * 7919 + i * 104729) % 50021);
    }
  }
  return panel;
}

void report(benchmark::State& state) {
  const auto elements = static_cast<std::int64_t>(kRows * kSymbols);
  state.SetBytesProcessed(state.iterations() * elements * 16);
  state.SetItemsProcessed(state.iterations() * elements);
  state.counters["rows"] = benchmark::Counter(static_cast<double>(state.iterations() * kRows),
                                              benchmark::Counter::kIsRate);
}

void log_panel(benchmark::State& state) {
  const Panel in = prices();
  Panel out(kRows, kSymbols);
  for (auto _ : state) {
    kernel::log(in.view(), out.span());
    benchmark::ClobberMemory();
  }
  report(state);
}
BENCHMARK(log_panel);

void exp_panel(benchmark::State& state) {
  Panel in = prices();
  kernel::log(in.view(), in.span());
  Panel out(kRows, kSymbols);
  for (auto _ : state) {
    kernel::exp(in.view(), out.span());
    benchmark::ClobberMemory();
  }
  report(state);
}
BENCHMARK(exp_panel);

template <double (*function)(double)>
void c_library_panel(benchmark::State& state) {
  const Panel in = prices();
  Panel out(kRows, kSymbols);
  for (auto _ : state) {
    for (std::size_t t = 0; t < kRows; ++t) {
      for (std::size_t i = 0; i < kSymbols; ++i) out(t, i) = function(in(t, i));
    }
    benchmark::ClobberMemory();
  }
  report(state);
}
BENCHMARK(c_library_panel<std::log>)->Name("c_library_log_panel");

}  // namespace
}  // namespace tickwerk
