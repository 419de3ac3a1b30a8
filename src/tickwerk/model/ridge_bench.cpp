// Ridge over 50 expanding windows of 1.2 million rows x 13 features, each window fitted and its
// test rows predicted, by adding the new rows to the sums. bench/peers/ridge_peer.py makes the same
// rows by the same formula; the squared error of all predictions says that both did the same.
#include <benchmark/benchmark.h>

#include <cmath>
#include <vector>

#include "tickwerk/base/parallel.h"
#include "tickwerk/model/linear.h"

namespace tickwerk::model {
namespace {

constexpr std::size_t kNumRows = 1'200'000;
constexpr std::size_t kNumFeatures = 13;
constexpr std::size_t kNumWindows = 50;
constexpr double kSquaredError = 98129.72656211756;  // of the peers

// Source: Steele, Lea and Flood (2014), "Fast splittable pseudorandom number generators", OOPSLA,
// figure 17 with the constants of its variant 13.
double uniform(std::size_t stream, std::size_t row) {
  std::uint64_t x = ((std::uint64_t{stream} << 32) + row + 1) * 0x9E3779B97F4A7C15;
  x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9;
  x = (x ^ x >> 27) * 0x94D049BB133111EB;
  return static_cast<double>((x ^ x >> 31) >> 11) * 0x1p-53;
}

struct Rows {
  Panel features{kNumFeatures, kNumRows};
  std::vector<double> target;
  std::vector<double> weights;

  Rows() : target(kNumRows), weights(kNumRows) {
    for (std::size_t r = 0; r < kNumRows; ++r) {
      const double common = uniform(kNumFeatures, r);
      for (std::size_t f = 0; f < kNumFeatures; ++f) {
        features(f, r) = uniform(f, r) + 0.5 * common + static_cast<double>(f);
      }
      target[r] = 0.1 * features(0, r) - 0.05 * features(1, r) + uniform(kNumFeatures + 1, r);
      weights[r] = uniform(kNumFeatures + 2, r);
    }
  }
};

const Rows& rows() {
  static const Rows rows;
  return rows;
}

std::size_t cut(std::size_t window) { return kNumRows * (window + 1) / (kNumWindows + 1); }

void finish(benchmark::State& state) {
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kNumRows));
  state.SetBytesProcessed(state.iterations() *
                          static_cast<std::int64_t>(kNumRows * (kNumFeatures + 1) * 8));
  set_num_threads(available_cores());
}

void ridge_walk_forward(benchmark::State& state) {
  const Rows& of = rows();
  const ModelSpec spec{.name = "ridge_1", .kind = ModelKind::kRidge, .alpha = 1};
  set_num_threads(static_cast<int>(state.range(0)));
  std::vector<double> predicted(kNumRows);
  double squares = 0;
  for (auto _ : state) {
    squares = 0;
    Gram gram(kNumFeatures);
    std::size_t seen = 0;
    for (std::size_t i = 0; i < kNumWindows; ++i) {
      const RowRange train{seen, cut(i)}, test{cut(i), cut(i + 1)};
      gram.add({of.features.view(), of.target, {}, std::span(&train, 1)});
      seen = train.last;
      const std::span<double> out(predicted.data() + test.first, test.last - test.first);
      fit_linear(spec, gram)->predict(of.features.view(), std::span(&test, 1), out);
      for (std::size_t r = test.first; r < test.last; ++r) {
        squares += (predicted[r] - of.target[r]) * (predicted[r] - of.target[r]);
      }
    }
  }
  if (std::abs(squares / kSquaredError - 1) > 1e-9) {
    state.SkipWithError("the squared error of all predictions is not that of the peers");
  }
  state.counters["squared_error"] = squares;
  finish(state);
}
BENCHMARK(ridge_walk_forward)
    ->ArgName("threads")
    ->Arg(1)
    ->Arg(2)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

/// The sums of all rows at once, without and with weights.
void gram_sums(benchmark::State& state) {
  const Rows& of = rows();
  const RowRange all{0, kNumRows};
  set_num_threads(static_cast<int>(state.range(0)));
  const std::span<const double> weights =
      state.range(1) != 0 ? std::span<const double>(of.weights) : std::span<const double>();
  for (auto _ : state) {
    Gram gram(kNumFeatures);
    gram.add({of.features.view(), of.target, weights, std::span(&all, 1)});
    benchmark::DoNotOptimize(gram.weight());
  }
  finish(state);
}
BENCHMARK(gram_sums)
    ->ArgNames({"threads", "weights"})
    ->Args({1, 0})
    ->Args({2, 0})
    ->Args({1, 1})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace
}  // namespace tickwerk::model
