// The expression engine against the hand-written limit on 13 factors of 500 symbols x 2520 days.
//   factor_panel FILE                       times of FILE (factor_panel.expr), as JSON
//   factor_panel FILE check                 whether engine and limit agree, as JSON
//   factor_panel FILE peak engine|limit N   memory of one run with N threads, as JSON
//   factor_panel FILE export DIR            bars for the peers, and what a run must give
//   factor_panel FILE limit DIR             every value of the limit as .npy, for check_limit.py
//   factor_panel FILE compile               time from FILE's text to checked expressions, as JSON
//   factor_panel FILE evaluate N            times of the expressions of any FILE with N threads
//   factor_panel FILE values DIR            every value of any FILE as .npy, by name
// The two must agree on every z-score and every daily correlation, else nothing is timed.
#include "limit/factor_panel.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "full_market.h"
#include "npy.h"
#include "paired.h"
#include "process_memory.h"
#include "tickwerk/base/parallel.h"
#include "tickwerk/expr/module.h"
#include "tickwerk/expr/run.h"
#include "tickwerk/market/write_bars.h"

namespace tickwerk::bench {
namespace {

using limit::kFactorNames;
using limit::kNumFactors;
using nlohmann::ordered_json;

constexpr double kTolerance = 1e-9;
constexpr std::size_t kNumPairs = 15;
constexpr std::size_t kNumCompiles = 100;
constexpr std::size_t kNumEvaluations = 5;
constexpr double kExpectedSum = 78.06105019620091;  // of all daily correlations

struct Compiled {
  expr::Graph graph;
  std::vector<expr::Definition> definitions;
};

Compiled compile(const std::filesystem::path& file) {
  Compiled compiled;
  compiled.definitions = expr::lower_all(expr::Module::load(file, {}), {}, compiled.graph);
  return compiled;
}

expr::Values evaluate(const Compiled& compiled, const market::Bars& bars) {
  std::vector<expr::Request> requests;
  for (const expr::Definition& definition : compiled.definitions) {
    requests.push_back({.node = definition.node});
  }
  expr::Inputs inputs;
  inputs.num_rows = bars.num_rows();
  inputs.num_symbols = bars.num_symbols();
  inputs.bar = bars.close().view();
  for (const auto& [name, panel] : bars.fields) inputs.fields.emplace(name, panel.view());
  return expr::evaluate(compiled.graph, requests, inputs);
}

/// The engine's part: from text to values.
expr::Values run_engine(const std::filesystem::path& file, const market::Bars& bars) {
  return evaluate(compile(file), bars);
}

limit::Prices prices_of(const market::Bars& bars) {
  return {bars.field("high").view(), bars.field("low").view(), bars.close().view()};
}

double sum_of(const limit::FactorPanel& panel) {
  double sum = 0;
  for (const std::vector<double>& ic : panel.ic) {
    for (const double value : ic) sum += std::isnan(value) ? 0 : value;
  }
  return sum;
}

bool agree(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
  return std::abs(a - b) <= kTolerance * std::max(1.0, std::abs(b));
}

/// Where engine and limit differ; empty when nowhere.
std::string difference(const expr::Values& engine, const limit::FactorPanel& limit) {
  if (engine.numbers.size() != 2 * kNumFactors) {
    return fmt::format("the engine must give {} values, found {}", 2 * kNumFactors,
                       engine.numbers.size());
  }
  for (std::size_t k = 0; k < kNumFactors; ++k) {
    const Panel& z = engine.numbers[k];
    const Panel& ic = engine.numbers[kNumFactors + k];
    for (std::size_t t = 0; t < z.num_rows(); ++t) {
      if (!agree(ic(t, 0), limit.ic[k][t])) {
        return fmt::format("the correlation of {} must be {} on row {}, found {}", kFactorNames[k],
                           limit.ic[k][t], t, ic(t, 0));
      }
      for (std::size_t i = 0; i < z.num_symbols(); ++i) {
        if (agree(z(t, i), limit.z[k](t, i))) continue;
        return fmt::format("{} must be {} on row {}, symbol {}, found {}", kFactorNames[k],
                           limit.z[k](t, i), t, i, z(t, i));
      }
    }
  }
  return {};
}

std::string objection(const expr::Values& engine, const limit::FactorPanel& limit) {
  const double sum = sum_of(limit);
  if (!(std::abs(sum - kExpectedSum) <= kTolerance * std::abs(kExpectedSum))) {
    return fmt::format("the correlations must add up to {}, found {}", kExpectedSum, sum);
  }
  return difference(engine, limit);
}

ordered_json time_all(const std::filesystem::path& file) {
  const market::Bars bars = make_full_market({});
  const limit::Prices prices = prices_of(bars);
  limit::FactorPanel panel(bars.num_rows(), bars.num_symbols());
  ordered_json line = {{"workload", "factor_panel"}, {"num_symbols", bars.num_symbols()}};
  for (const int threads : {1, 2}) {
    if (threads > available_cores()) continue;
    set_num_threads(threads);
    limit::factor_panel(prices, threads, panel);
    const std::string void_because = objection(run_engine(file, bars), panel);
    if (!void_because.empty()) {
      line["void"] = void_because;
      return line;
    }
    const Paired times =
        measure_paired([&] { run_engine(file, bars); },
                       [&] { limit::factor_panel(prices, threads, panel); }, kNumPairs);
    line[fmt::format("threads_{}", threads)] = {{"num_pairs", times.num_pairs},
                                                {"engine_ms", to_json(times.first_ms)},
                                                {"limit_ms", to_json(times.second_ms)},
                                                {"ratio", to_json(times.ratio)}};
  }
  return line;
}

ordered_json check(const std::filesystem::path& file) {
  const market::Bars bars = make_full_market({});
  limit::FactorPanel panel(bars.num_rows(), bars.num_symbols());
  limit::factor_panel(prices_of(bars), 1, panel);
  const std::string void_because = objection(run_engine(file, bars), panel);
  return {{"workload", "factor_panel"}, {"void", void_because}};
}

ordered_json measure_peak(const std::filesystem::path& file, std::string_view what, int threads) {
  const market::Bars bars = make_full_market({});
  set_num_threads(threads);
  reset_peak();
  const double before = resident_bytes();
  if (what == "engine") {
    run_engine(file, bars);
  } else {
    limit::FactorPanel panel(bars.num_rows(), bars.num_symbols());
    limit::factor_panel(prices_of(bars), threads, panel);
  }
  return {{"workload", "factor_panel"},
          {"threads", threads},
          {"resident_before", before},
          {"peak_bytes", peak_bytes()}};
}

ordered_json export_bars(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  const market::Bars bars = make_full_market({});
  market::write_parquet(bars, folder / "bars.parquet");
  for (const auto& [name, panel] : bars.fields) {
    write_npy(panel.view(), folder / fmt::format("{}.npy", name));
  }
  limit::FactorPanel panel(bars.num_rows(), bars.num_symbols());
  limit::factor_panel(prices_of(bars), 1, panel);
  ordered_json means;
  for (std::size_t k = 0; k < kNumFactors; ++k) {
    double sum = 0, count = 0;
    for (const double value : panel.ic[k]) {
      if (std::isnan(value)) continue;
      sum += value;
      count += 1;
    }
    means[std::string(kFactorNames[k])] = sum / count;
  }
  return {{"workload", "factor_panel"}, {"mean_ic", means}};
}

ordered_json export_limit(const std::filesystem::path& folder) {
  export_bars(folder);
  const market::Bars bars = make_full_market({});
  limit::FactorPanel panel(bars.num_rows(), bars.num_symbols());
  limit::factor_panel(prices_of(bars), 2, panel);
  Panel ic(bars.num_rows(), kNumFactors);
  for (std::size_t k = 0; k < kNumFactors; ++k) {
    write_npy(panel.z[k].view(), folder / fmt::format("z_{}.npy", kFactorNames[k]));
    for (std::size_t t = 0; t < bars.num_rows(); ++t) ic(t, k) = panel.ic[k][t];
  }
  write_npy(ic.view(), folder / "ic.npy");
  return {{"workload", "factor_panel"}, {"sum_ic", sum_of(panel)}};
}

ordered_json time_compile(const std::filesystem::path& file) {
  const std::size_t num_definitions = compile(file).definitions.size();
  const Spread times = measure_paired([&] { compile(file); }, [] {}, kNumCompiles).first_ms;
  return {{"num_definitions", num_definitions}, {"compile_ms", to_json(times)}};
}

ordered_json time_evaluate(const std::filesystem::path& file, int threads) {
  const market::Bars bars = make_full_market({});
  set_num_threads(threads);
  const std::size_t num_definitions = compile(file).definitions.size();
  reset_peak();
  const Spread times =
      measure_paired([&] { run_engine(file, bars); }, [] {}, kNumEvaluations).first_ms;
  return {{"num_definitions", num_definitions},
          {"threads", threads},
          {"engine_ms", to_json(times)},
          {"peak_bytes", peak_bytes()}};
}

ordered_json export_values(const std::filesystem::path& file, const std::filesystem::path& folder) {
  export_bars(folder);
  const Compiled compiled = compile(file);
  const expr::Values values = evaluate(compiled, make_full_market({}));
  ordered_json names = ordered_json::array();
  for (std::size_t k = 0; k < compiled.definitions.size(); ++k) {
    const std::string& name = compiled.definitions[k].name;
    write_npy(values.numbers[k].view(), folder / fmt::format("value_{}.npy", name));
    names.push_back(name);
  }
  return names;
}

ordered_json answer(std::span<char*> words) {
  const auto word = [&](std::size_t k) -> std::string_view {
    return k < words.size() ? words[k] : "";
  };
  if (words.size() == 1) return time_all(word(0));
  if (words.size() == 2 && word(1) == "compile") return time_compile(word(0));
  if (words.size() == 3 && word(1) == "evaluate" && (word(2) == "1" || word(2) == "2")) {
    return time_evaluate(word(0), word(2) == "1" ? 1 : 2);
  }
  if (words.size() == 3 && word(1) == "values") return export_values(word(0), word(2));
  if (words.size() == 2 && word(1) == "check") return check(word(0));
  if (words.size() == 4 && word(1) == "peak" && (word(2) == "engine" || word(2) == "limit") &&
      (word(3) == "1" || word(3) == "2")) {
    return measure_peak(word(0), word(2), word(3) == "1" ? 1 : 2);
  }
  if (words.size() == 3 && word(1) == "export") return export_bars(word(2));
  if (words.size() == 3 && word(1) == "limit") return export_limit(word(2));
  throw Error(Code::kInvalidArgument,
              fmt::format("arguments must be FILE, then none, `check`, `peak engine|limit 1|2`, "
                          "`export DIR`, `compile`, `evaluate 1|2`, `values DIR` "
                          "or `limit DIR`, found '{}'",
                          fmt::join(words, " ")));
}

}  // namespace
}  // namespace tickwerk::bench

int main(int argc, char** argv) {
  try {
    const std::span<char*> words(argv + 1, argv + argc);
    fmt::print("{}\n", tickwerk::bench::answer(words).dump(2));
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "factor_panel: {}\n", error.what());
    return 1;
  }
}
