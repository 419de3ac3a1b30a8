// The store over 500 symbols x 2520 sessions x 13 columns: is anything stale, a warm read, an
// appended day, a full build. Bytes are those of the decoded doubles.
#include <benchmark/benchmark.h>

#include <filesystem>

#include "tickwerk/store/store_fixture.h"

namespace tickwerk::store {
namespace {

struct Bench {
  Bench() {
    config.address = {.root = std::filesystem::temp_directory_path() /
                              fmt::format("tickwerk_store_bench_{}", getpid()),
                      .group = "bench",
                      .frequency = Frequency::kDaily,
                      .universe = "all"};
    config.now = midnight(make_date(2025, 1, 15));
  }
  ~Bench() { std::filesystem::remove_all(config.address.root); }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  Query query(const market::Bars& bars, const expr::Inputs& of_bars) const {
    return {bars, of_bars, expressions.graph, expressions.columns};
  }

  const market::Bars market =
      market::make_synthetic({.num_symbols = 500, .num_sessions = 2520, .seed = 42});
  const expr::Inputs inputs = inputs_of(market);
  const Expressions expressions;
  Config config;
};

const Bench& bench() {
  static const Bench only;
  return only;
}

std::int64_t decoded_bytes(const Bench& b) {
  return static_cast<std::int64_t>(b.market.num_rows() * b.market.num_symbols() *
                                   b.expressions.columns.size() * sizeof(double));
}

void require(benchmark::State& state, const Result& result, Outcome outcome, std::size_t number) {
  std::size_t found = 0;
  for (const Finding& finding : result.findings) found += finding.outcome == outcome ? 1 : 0;
  if (found != number || !result.warnings.empty()) state.SkipWithError("not what is measured");
}

void is_stale(benchmark::State& state) {
  const Bench& b = bench();
  read_or_evaluate(b.query(b.market, b.inputs), b.config);
  for (auto _ : state) {
    const Result result = look_up(b.query(b.market, b.inputs), b.config);
    require(state, result, Outcome::kHit, result.findings.size());
  }
}

void warm_read(benchmark::State& state) {
  const Bench& b = bench();
  read_or_evaluate(b.query(b.market, b.inputs), b.config);
  for (auto _ : state) {
    const Result result = read_or_evaluate(b.query(b.market, b.inputs), b.config);
    require(state, result, Outcome::kHit, result.findings.size());
  }
  state.SetBytesProcessed(state.iterations() * decoded_bytes(b));
}

void append_day(benchmark::State& state) {
  const Bench& b = bench();
  const market::Bars before = first_rows(b.market, b.market.num_rows() - 1);
  const expr::Inputs inputs_before = inputs_of(before);
  Config config = b.config;
  config.address.group = "append";
  config.from = date_of(b.market.times.back());
  const std::filesystem::path folder = folder_of(config.address);
  const std::filesystem::path saved = folder.parent_path() / "saved";
  std::filesystem::remove_all(folder);
  std::filesystem::remove_all(saved);
  read_or_evaluate(b.query(before, inputs_before), config);
  std::filesystem::copy(
      folder, saved,
      std::filesystem::copy_options::recursive | std::filesystem::copy_options::copy_symlinks);
  for (auto _ : state) {
    state.PauseTiming();
    std::filesystem::remove_all(folder);
    std::filesystem::copy(
        saved, folder,
        std::filesystem::copy_options::recursive | std::filesystem::copy_options::copy_symlinks);
    state.ResumeTiming();
    const Result result = read_or_evaluate(b.query(b.market, b.inputs), config);
    require(state, result, Outcome::kExtended, b.expressions.columns.size());
  }
}

void full_build(benchmark::State& state) {
  const Bench& b = bench();
  Config config = b.config;
  config.address.group = "build";
  for (auto _ : state) {
    state.PauseTiming();
    std::filesystem::remove_all(folder_of(config.address));
    state.ResumeTiming();
    const Result result = read_or_evaluate(b.query(b.market, b.inputs), config);
    require(state, result, Outcome::kMiss, result.findings.size());
  }
  state.SetBytesProcessed(state.iterations() * decoded_bytes(b));
}

void direct_evaluation(benchmark::State& state) {
  const Bench& b = bench();
  for (auto _ : state) benchmark::DoNotOptimize(b.expressions.evaluated(b.market));
  state.SetBytesProcessed(state.iterations() * decoded_bytes(b));
}

BENCHMARK(is_stale)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(warm_read)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(append_day)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(full_build)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(direct_evaluation)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace tickwerk::store
