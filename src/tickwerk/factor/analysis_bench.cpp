// Analysis of 13 factors, 500 symbols x 2520 days, five horizons and five quantiles, beside the
// rank correlations of the same factors with one horizon alone. The market has late listings,
// delistings, gaps and prices in whole cents, so that ranks have ties.
#include <benchmark/benchmark.h>

#include "tickwerk/base/parallel.h"
#include "tickwerk/factor/analysis.h"
#include "tickwerk/factor/catalogue_fixture.h"
#include "tickwerk/factor/row_statistics.h"
#include "tickwerk/market/synthetic.h"

namespace tickwerk::factor {
namespace {

constexpr const char* kFactors[] = {
    "close / ts_mean(close, 20)",
    "close / ts_mean(close, 50)",
    "close / ts_mean(close, 200)",
    "close / ema(close, 20)",
    "close / ema(close, 60)",
    "atr(14) / close",
    "rsi(close, 14)",
    "log_ret(close, 1)",
    "log_ret(close, 5)",
    "log_ret(close, 20)",
    "ts_std(log_ret(close), 20)",
    "ts_std(log_ret(close), 60)",
    "close[-21] / close[-252] - 1",
};
constexpr std::size_t kHorizons[] = {1, 5, 10, 20, 60};

/// A market and what an analysis of it reads.
struct Study {
  market::Bars bars;
  ValuesByName values;
  std::vector<NamedFactor> factors;
  std::vector<HorizonLabels> horizons;

  Study() {
    bars = market::make_synthetic({.num_symbols = 500, .num_sessions = 2520});
    std::string text = "import labels\n";
    for (std::size_t f = 0; f < std::size(kFactors); ++f) {
      text += fmt::format("f{:02} = {}\n", f, kFactors[f]);
    }
    for (const std::size_t h : kHorizons) {
      text += fmt::format("label r{0} = fwd_return_{0}\nlabel t{0} = fwd_trade_{0}\n", h);
    }
    values = evaluate_text(text, bars);
    for (std::size_t f = 0; f < std::size(kFactors); ++f) {
      factors.push_back({kFactors[f], view(fmt::format("f{:02}", f))});
    }
    for (const std::size_t h : kHorizons) {
      const PanelView returns = view(fmt::format("r{}", h));
      horizons.push_back({h, returns, view(fmt::format("t{}", h)), returns});
    }
  }

  PanelView view(const std::string& name) const { return values.at(name).view(); }

  AnalysisInputs inputs() const { return {factors, horizons, {view("t1"), view("r1")}, {}, 0}; }
};

const Study& study() {
  static const Study study;
  return study;
}

void finish(benchmark::State& state, std::size_t num_ics) {
  const PanelView panel = study().factors[0].values;
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(panel.num_rows * num_ics));
  set_num_threads(available_cores());
}

void analysis(benchmark::State& state) {
  const AnalysisInputs inputs = study().inputs();
  set_num_threads(static_cast<int>(state.range(0)));
  const AnalysisConfig config{.correlation = state.range(1) != 0 ? FactorCorrelation::kCompute
                                                                 : FactorCorrelation::kSkip};
  for (auto _ : state) benchmark::DoNotOptimize(analyze(config, inputs).factors.data());
  finish(state, std::size(kFactors) * std::size(kHorizons));
}
BENCHMARK(analysis)
    ->ArgNames({"threads", "correlation"})
    ->Args({1, 1})
    ->Args({1, 0})
    ->Args({2, 1})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

/// Each factor and the label sorted once a day, one horizon: nothing else.
void rank_ic_alone(benchmark::State& state) {
  const Study& of = study();
  const PanelView label = of.horizons[3].label;
  set_num_threads(static_cast<int>(state.range(0)));
  std::vector<Daily> daily(of.factors.size(), Daily(label.num_rows));
  for (auto _ : state) {
    parallel_for(label.num_rows, 64, [&](std::size_t first, std::size_t last) {
      RowStatistics rows(label.num_symbols);
      RankRow of_label(label.num_symbols), of_factor(label.num_symbols);
      for (std::size_t t = first; t < last; ++t) {
        rows.rank(label.row(t), of_label);
        for (std::size_t f = 0; f < of.factors.size(); ++f) {
          rows.rank(of.factors[f].values.row(t), of_factor);
          daily[f][t] = rows.rank_correlation(of_factor, of_label);
        }
      }
    });
    benchmark::DoNotOptimize(daily.data());
  }
  finish(state, of.factors.size());
}
BENCHMARK(rank_ic_alone)
    ->ArgName("threads")
    ->Arg(1)
    ->Arg(2)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace
}  // namespace tickwerk::factor
