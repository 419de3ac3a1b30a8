// Writing the trades of BACKTEST_MEDIUM: 274,000 rows of 12 columns.
#include <benchmark/benchmark.h>

#include <filesystem>

#include "tickwerk/base/parallel.h"
#include "tickwerk/report/backtest_csv.h"

namespace tickwerk::report {
namespace {

constexpr std::size_t kNumTrades = 274'000;
constexpr std::size_t kNumSymbols = 200;

void write_trades(benchmark::State& state) {
  RowLabels labels;
  for (std::int32_t day = 0; day < 2520; ++day) {
    labels.times.push_back(to_string(Date{16'000 + day}));
  }
  for (std::size_t symbol = 0; symbol < kNumSymbols; ++symbol) {
    labels.symbols.push_back(fmt::format("S{:03}", symbol));
  }
  risk::FillList fills;
  for (std::size_t i = 0; i < kNumTrades; ++i) {
    risk::Fill fill;
    fill.bar = static_cast<std::int32_t>(i * 2520 / kNumTrades);
    fill.symbol = static_cast<std::uint32_t>(i % kNumSymbols) & 0xffffff;
    fill.order_qty = fill.fill_qty = (i % 3 == 0 ? -1 : 1) / (1.0 + static_cast<double>(i % 7919));
    fill.price = 20 + static_cast<double>(i * 2'654'435'761 % 100'003) / 313;
    fills.push_back(fill);
  }
  const auto path = std::filesystem::temp_directory_path() / "tickwerk_trades_bench.csv";
  set_num_threads(static_cast<int>(state.range(0)));
  for (auto _ : state) write_trades_csv(path, fills, labels, {});
  set_num_threads(available_cores());
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kNumTrades));
  state.SetBytesProcessed(state.iterations() *
                          static_cast<std::int64_t>(std::filesystem::file_size(path)));
  std::filesystem::remove(path);
}
BENCHMARK(write_trades)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace tickwerk::report
