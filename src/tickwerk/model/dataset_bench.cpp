// A dataset of 1.26 million rows and 13 features, part by part: the labels, the rows, the hash, the
// file and its way back.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <filesystem>

#include "tickwerk/factor/evaluate.h"
#include "tickwerk/factor/selection.h"
#include "tickwerk/market/synthetic.h"
#include "tickwerk/model/dataset_builder.h"
#include "tickwerk/model/dataset_file.h"
#include "tickwerk/model/dataset_summary.h"
#include "tickwerk/strategy/signals.h"

namespace tickwerk::model {
namespace {

constexpr std::size_t kSymbols = 500;
constexpr std::size_t kSessions = 2520;
constexpr const char* kFeatures = "ta+rv_20+rv_60+vov_20_60+volume_zscore";  // 9 and 4

const market::Bars& bars() {
  static const market::Bars made =
      market::make_synthetic({.num_symbols = kSymbols, .num_sessions = kSessions});
  return made;
}

struct Evaluated {
  std::vector<FeaturePanel> features;
  Panel label;
  DatasetDescription description;
};

Evaluated evaluated() {
  const factor::SelectedExpressions chosen =
      factor::select({.catalogue = kFeatures, .horizons = {10}});
  std::vector<std::string> names = chosen.names;
  names.push_back(factor::trade_label(10));
  factor::Evaluation evaluation =
      factor::evaluate({.bars = bars()}, chosen.module, {.params = {}, .names = names, .run = {}});
  Evaluated made;
  made.label = std::move(evaluation.values.back());
  for (std::size_t i = 0; i + 1 < names.size(); ++i) {
    const expr::Definition& definition = evaluation.definitions[i];
    made.features.push_back({definition.name, std::move(evaluation.values[i])});
    made.description.features.push_back({.name = definition.name,
                                         .expression = definition.text,
                                         .reach = evaluation.graph[definition.node].reach});
  }
  return made;
}

LabeledRows labeled(const Panel& label) {
  return label_rows({.rule = LabelRule::kReturn},
                    {.bars = bars(), .values = label.view(), .values_reach = 10});
}

const LabelColumn kLabel = {.name = "fwd_trade_10", .rule = LabelRule::kReturn};

Dataset made() {
  Evaluated from = evaluated();
  return build_dataset(bars(), std::move(from.features), labeled(from.label), kLabel);
}

std::filesystem::path file() {
  return std::filesystem::temp_directory_path() / fmt::format("dataset_bench_{}", ::getpid());
}

void report(benchmark::State& state, std::size_t num_rows) {
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(num_rows));
}

void evaluate_features(benchmark::State& state) {
  bars();
  for (auto _ : state) benchmark::DoNotOptimize(evaluated().label.row(0));
  report(state, kSymbols * kSessions);
}
BENCHMARK(evaluate_features)->Unit(benchmark::kMillisecond)->UseRealTime();

void label_every_bar(benchmark::State& state) {
  const Panel label = evaluated().label;
  for (auto _ : state) benchmark::DoNotOptimize(labeled(label).label.data());
  report(state, kSymbols * kSessions);
}
BENCHMARK(label_every_bar)->Unit(benchmark::kMillisecond)->UseRealTime();

void label_barriers(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        label_rows({.rule = LabelRule::kTripleBarrier, .horizon = 20}, {.bars = bars()})
            .label.data());
  }
  report(state, kSymbols * kSessions);
}
BENCHMARK(label_barriers)->Unit(benchmark::kMillisecond)->UseRealTime();

void label_entries(benchmark::State& state) {
  const strategy::Strategy strategy =
      strategy::make_strategy(strategy::built_in_spec("trend_baseline"));
  const strategy::Signals signals = strategy::build_signals(
      bars(), strategy.spec, strategy::build_factors(strategy, {.bars = bars()}));
  for (auto _ : state) {
    benchmark::DoNotOptimize(label_rows({}, {.bars = bars(), .signals = &signals}).label.data());
  }
  report(state, kSymbols * kSessions);
}
BENCHMARK(label_entries)->Unit(benchmark::kMillisecond)->UseRealTime();

void fingerprint_rows(benchmark::State& state) {
  const Dataset dataset = made();
  for (auto _ : state) benchmark::DoNotOptimize(dataset_fingerprint(dataset));
  report(state, dataset.num_rows());
}
BENCHMARK(fingerprint_rows)->Unit(benchmark::kMillisecond)->UseRealTime();

void summarize_rows(benchmark::State& state) {
  const Dataset dataset = made();
  for (auto _ : state) benchmark::DoNotOptimize(summarize(dataset, {}, 0, {}).num_complete);
  report(state, dataset.num_rows());
}
BENCHMARK(summarize_rows)->Unit(benchmark::kMillisecond)->UseRealTime();

void write_rows(benchmark::State& state) {
  const DatasetDescription description = evaluated().description;
  const Dataset dataset = made();
  for (auto _ : state) write_dataset(file(), dataset, description, "");
  report(state, dataset.num_rows());
  std::filesystem::remove(file());
}
BENCHMARK(write_rows)->Unit(benchmark::kMillisecond)->UseRealTime();

void read_rows(benchmark::State& state) {
  const DatasetDescription description = evaluated().description;
  const Dataset dataset = made();
  write_dataset(file(), dataset, description, dataset_fingerprint(dataset));
  for (auto _ : state) benchmark::DoNotOptimize(read_dataset(file()).dataset.num_rows());
  report(state, dataset.num_rows());
  std::filesystem::remove(file());
}
BENCHMARK(read_rows)->Unit(benchmark::kMillisecond)->UseRealTime();

/// All of it, from bars in memory to the file.
void bars_to_file(benchmark::State& state) {
  bars();
  for (auto _ : state) {
    Evaluated from = evaluated();
    const Dataset dataset =
        build_dataset(bars(), std::move(from.features), labeled(from.label), kLabel);
    write_dataset(file(), dataset, from.description, dataset_fingerprint(dataset));
  }
  report(state, kSymbols * kSessions);
  std::filesystem::remove(file());
}
BENCHMARK(bars_to_file)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace tickwerk::model
