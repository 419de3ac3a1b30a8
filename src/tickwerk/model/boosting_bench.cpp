// Gradient boosting of 1.2 million rows x 12 features, 200 trees of depth 6, and predicting them.
// bench/peers/boosting_peer.py makes the same matrix by the same formula and times the same library
// from Python: `mean_prediction` of both must agree.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <fstream>
#include <numeric>
#include <string>
#include <vector>

#include "tickwerk/base/parallel.h"
#include "tickwerk/model/boosting.h"
#include "tickwerk/model/boosting_file.h"

namespace tickwerk::model {
namespace {

constexpr std::size_t kNumFeatures = 12;
constexpr std::size_t kNumRows = 1'200'000;

/// Element `index` of a sequence of uniform numbers. Source: Steele, Lea, Flood (2014), "Fast
/// splittable pseudorandom number generators", OOPSLA, figure 17 (SplitMix64).
double uniform(std::uint64_t index) {
  std::uint64_t z = (index + 1) * 0x9E3779B97F4A7C15;
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
  z = (z ^ z >> 27) * 0x94D049BB133111EB;
  return static_cast<double>((z ^ z >> 31) >> 11) * 0x1p-53;
}

struct Matrix {
  Matrix() : features(kNumFeatures, kNumRows), target(kNumRows) {
    for (std::size_t f = 0; f < kNumFeatures; ++f) {
      for (std::size_t row = 0; row < kNumRows; ++row) {
        const double value = uniform(f * kNumRows + row);
        features.span()(f, row) = value < 0x1p-6 ? kNaN : value;
      }
    }
    for (std::size_t row = 0; row < kNumRows; ++row) {
      const auto x = [&](std::size_t f) { return uniform(f * kNumRows + row) - 0.5; };
      target[row] = 8 * x(0) * x(1) + x(2) + 4 * x(kNumFeatures) > 0 ? 1 : 0;
    }
  }

  TrainingRows training() const {
    return {.features = features.view(), .target = target, .weights = {}, .rows = all};
  }

  Panel features;
  std::vector<double> target;
  RowRanges all = {{0, kNumRows}};
};

const Matrix& matrix() {
  static const Matrix only;
  return only;
}

ModelSpec spec() { return {.name = "boosting", .trees = {.num_trees = 200, .max_depth = 6}}; }

/// The number in kB that the system gives for the name, in bytes.
double of_process(const std::string& name) {
  std::ifstream file("/proc/self/status");
  for (std::string word; file >> word;) {
    double kilobytes = 0;
    if (word == name + ":" && file >> kilobytes) return kilobytes * 1024;
  }
  return 0;
}

double mean_prediction(const BoostingModel& model) {
  std::vector<double> predicted(kNumRows);
  model.predict(matrix().features.view(), matrix().all, predicted);
  return std::accumulate(predicted.begin(), predicted.end(), 0.0) / kNumRows;
}

void fit(benchmark::State& state) {
  set_num_threads(static_cast<int>(state.range(0)));
  matrix();
  std::unique_ptr<BoostingModel> model;
  const double before = of_process("VmRSS");
  std::ofstream("/proc/self/clear_refs") << 5;  // the peak counts from here on
  for (auto _ : state) model = fit_boosting(spec(), Target::kBinary, matrix().training());
  const double matrix_bytes = kNumFeatures * kNumRows * sizeof(double);
  state.counters["peak_per_matrix"] = (of_process("VmHWM") - before) / matrix_bytes;
  state.counters["mean_prediction"] = mean_prediction(*model);
  state.SetItemsProcessed(state.iterations() * kNumRows);
}

void predict(benchmark::State& state) {
  set_num_threads(static_cast<int>(state.range(0)));
  const auto model = fit_boosting(spec(), Target::kBinary, matrix().training());
  std::vector<double> predicted(kNumRows);
  for (auto _ : state) model->predict(matrix().features.view(), matrix().all, predicted);
  state.SetItemsProcessed(state.iterations() * kNumRows);
}

void read_file(benchmark::State& state) {
  const std::string bytes = fit_boosting(spec(), Target::kBinary, matrix().training())->bytes();
  for (auto _ : state) benchmark::DoNotOptimize(parse_boosting(bytes, "bench"));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
}

BENCHMARK(fit)
    ->ArgName("threads")
    ->Arg(1)
    ->Arg(2)
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();
BENCHMARK(predict)->ArgName("threads")->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(read_file)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace tickwerk::model
