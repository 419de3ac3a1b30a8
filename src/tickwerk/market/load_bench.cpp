// What loading costs: the market of BACKTEST_MEDIUM from a Parquet file and from a CSV file,
// validation included.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "tickwerk/market/load.h"
#include "tickwerk/market/synthetic.h"
#include "tickwerk/market/write_bars.h"

namespace tickwerk::market {
namespace {

enum class Format { kCsv, kParquet };

void load_medium(benchmark::State& state, Format format) {
  const bool csv = format == Format::kCsv;
  const std::filesystem::path path =
      std::filesystem::temp_directory_path() /
      ("tickwerk_load_bench." + std::to_string(::getpid()) + (csv ? ".csv" : ".parquet"));
  const Bars bars = make_synthetic({});
  (csv ? write_csv : write_parquet)(bars, path);
  LoadConfig config;
  config.prices = path;
  const std::string expected = fingerprint(bars);
  std::size_t num_bars = 0;
  for (auto _ : state) {
    const LoadedBars loaded = load(config);
    if (loaded.validation.num_masked == 0 && loaded.fingerprint != expected) {
      state.SkipWithError("the bars read are not the bars written");
      break;
    }
    num_bars += loaded.validation.num_bars;
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(num_bars));
  state.SetBytesProcessed(static_cast<std::int64_t>(std::filesystem::file_size(path)) *
                          static_cast<std::int64_t>(state.iterations()));
  std::filesystem::remove(path);
}

void load_csv(benchmark::State& state) { load_medium(state, Format::kCsv); }
void load_parquet(benchmark::State& state) { load_medium(state, Format::kParquet); }
BENCHMARK(load_csv)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK(load_parquet)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime();

}  // namespace
}  // namespace tickwerk::market
