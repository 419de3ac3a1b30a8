// Nanoseconds per value of tile kernels on tiles in the first-level cache: arguments are the bars
// of the tile and the window.
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdlib>
#include <memory>
#include <vector>

#include "tickwerk/base/random.h"
#include "tickwerk/kernel/tile_element_wise.h"
#include "tickwerk/kernel/tile_recursive.h"
#include "tickwerk/kernel/tile_window.h"

namespace tickwerk::kernel {
namespace {

constexpr std::size_t kBefore = 256;  // bars that windows read before the tile

struct Free {
  void operator()(double* memory) const { std::free(memory); }
};
using Memory = std::unique_ptr<double[], Free>;

Memory noise(std::size_t num_bars, std::uint64_t seed) {
  const std::size_t size = num_bars * kTileLanes;
  Memory memory(static_cast<double*>(std::aligned_alloc(64, size * sizeof(double))));
  const RandomStream random{.seed = seed};
  for (std::size_t i = 0; i < size; ++i) memory[i] = 1 + random.uniform(i);
  return memory;
}

void tile_kernel(benchmark::State& state, TileKernel kernel, std::vector<double> constants) {
  const auto num_bars = static_cast<std::size_t>(state.range(0));
  const auto window = static_cast<double>(state.range(1));
  for (double& constant : constants) constant = std::isnan(constant) ? window : constant;
  const Memory a = noise(num_bars + kBefore, 1), b = noise(num_bars + kBefore, 2);
  const Memory out = noise(num_bars, 3), memory = noise(4, 4);
  const double* inputs[] = {&a[kBefore * kTileLanes], &b[kBefore * kTileLanes],
                            &b[kBefore * kTileLanes]};
  for (auto _ : state) {
    kernel({.inputs = inputs,
            .out = out.get(),
            .num_bars = num_bars,
            .constants = constants.data(),
            .state = memory.get(),
            .num_inputs = 2});
    benchmark::ClobberMemory();
  }
  const double values =
      static_cast<double>(state.iterations()) * static_cast<double>(num_bars * kTileLanes);
  state.counters["ns_per_value"] =
      benchmark::Counter(values / 1e9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

const double kN = std::nan("");

void element_wise(benchmark::internal::Benchmark* bench) { bench->Args({64, 0})->Args({256, 0}); }

void windows(benchmark::internal::Benchmark* bench) {
  for (const int window : {5, 14, 20, 60, 252}) bench->Args({64, window})->Args({256, window});
}

#define TW_TILE_BENCH(name, kernel, shapes, ...)                                       \
  BENCHMARK_CAPTURE(tile_kernel, name, tile::kernel, std::vector<double>{__VA_ARGS__}) \
      ->Apply(shapes)

TW_TILE_BENCH(add, add, element_wise);
TW_TILE_BENCH(divide, divide, element_wise);
TW_TILE_BENCH(less, less, element_wise);
TW_TILE_BENCH(logical_and, logical_and, element_wise);
TW_TILE_BENCH(where, where, element_wise);
TW_TILE_BENCH(max, largest, element_wise);
TW_TILE_BENCH(ratio, ratio, element_wise);
TW_TILE_BENCH(sqrt, root, element_wise);
TW_TILE_BENCH(log, logarithm, element_wise);
TW_TILE_BENCH(signed_power_2, signed_power, element_wise, 2);
TW_TILE_BENCH(signed_power_1_7, signed_power, element_wise, 1.7);
TW_TILE_BENCH(ema, ema, element_wise, 20);
TW_TILE_BENCH(wilder, wilder, element_wise, 14);
TW_TILE_BENCH(cum_sum, cumulative_sum, element_wise);
TW_TILE_BENCH(latch, latch, element_wise);
TW_TILE_BENCH(ts_sum, window_sum, windows, kN, kN);
TW_TILE_BENCH(ts_sum_counted, window_sum, windows, kN, 1);
TW_TILE_BENCH(ts_max, window_max, windows, kN, kN);
TW_TILE_BENCH(ts_argmax, window_argmax, windows, kN, kN);
TW_TILE_BENCH(ts_mean, window_mean, windows, kN, kN);
TW_TILE_BENCH(ts_mean_counted, window_mean, windows, kN, 1);
TW_TILE_BENCH(ts_std, window_deviation, windows, kN, kN, 1);
TW_TILE_BENCH(ts_std_counted, window_deviation, windows, kN, 1, 1);
TW_TILE_BENCH(ts_corr, window_correlation, windows, kN, kN);
TW_TILE_BENCH(ts_skew, window_skewness, windows, kN, kN);
TW_TILE_BENCH(ts_slope, window_slope, windows, kN);
TW_TILE_BENCH(ts_r2, window_r2, windows, kN);
TW_TILE_BENCH(decay_linear, decay_linear, windows, kN);
TW_TILE_BENCH(ts_rank, window_rank, windows, kN, kN);
TW_TILE_BENCH(ts_median, window_median, windows, kN, kN);

}  // namespace
}  // namespace tickwerk::kernel
