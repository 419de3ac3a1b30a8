// Compile time of factor files, from text to checked graph. Expected: a file of 158 definitions
// (four of the bar, 14 ratios over 11 windows) in under 5 ms; time per term of a long sum stays
// the same.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <string>
#include <string_view>

#include "tickwerk/base/error.h"
#include "tickwerk/expr/module.h"

namespace tickwerk::expr {
namespace {

std::string factor_file() {
  std::string text = "range(n) = ts_max(high, n) - ts_min(low, n) + 1e-12\n";
  text += "body = (close - open) / open\nlength = (high - low) / open\n";
  text += "upper = (high - max(open, close)) / open\nlower = (min(open, close) - low) / open\n";
  constexpr std::string_view kFormulas[] = {
      "close[-{0}] / close",
      "ts_mean(close, {0}) / close",
      "ts_std(close, {0}) / close",
      "ts_slope(close, {0}) / close",
      "ts_residual(close, {0}) / close",
      "ts_quantile(close, {0}, 0.8) / close",
      "(close - ts_min(low, {0})) / range({0})",
      "(ts_argmax(high, {0}) - ts_argmin(low, {0})) / {0}",
      "ts_corr(close, log(volume + 1), {0})",
      "ts_corr(close / close[-1], log(volume / volume[-1] + 1), {0})",
      "ts_mean(close > close[-1], {0}) - ts_mean(close < close[-1], {0})",
      "ts_sum(max(close - close[-1], 0), {0}) / ts_sum(abs(close - close[-1]), {0})",
      "ts_std(volume, {0}) / (volume + 1e-12)",
      "cs_zscore(ts_zscore(ret(close, {0}), 60, min_count=10))"};
  int name = 0;
  for (const std::string_view formula : kFormulas) {
    for (const int window : {5, 10, 15, 20, 30, 40, 60, 90, 120, 180, 250}) {
      text += fmt::format("f{} = {}\n", name++, fmt::format(fmt::runtime(formula), window));
    }
  }
  return text;
}

void compile(benchmark::State& state, const std::string& text, std::size_t num_definitions) {
  for (auto _ : state) {
    Graph graph;
    const Module module = Module::parse(text, "bench.expr", {});
    const auto definitions = lower_all(module, {}, graph);
    if (definitions.size() != num_definitions) state.SkipWithError("definitions are missing");
    benchmark::DoNotOptimize(graph.size());
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * text.size()));
}

void compile_158_definitions(benchmark::State& state) { compile(state, factor_file(), 158); }
BENCHMARK(compile_158_definitions)->Unit(benchmark::kMillisecond);

void compile_sum(benchmark::State& state) {
  std::string text = "x = close";
  for (int term = 1; term < state.range(0); ++term) text += fmt::format(" + close[-{}]", term);
  compile(state, text, 1);
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(compile_sum)->Arg(100)->Arg(10'000)->Arg(100'000)->Unit(benchmark::kMillisecond);

void refuse_nested_parentheses(benchmark::State& state) {
  const std::string text = "x = " + std::string(1'000'000, '(');
  for (auto _ : state) {
    try {
      benchmark::DoNotOptimize(Module::parse(text, "bench.expr", {}));
      state.SkipWithError("nesting was accepted");
    } catch (const Error&) {
      continue;
    }
  }
}
BENCHMARK(refuse_nested_parentheses)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace tickwerk::expr
