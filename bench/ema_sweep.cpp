// A sweep of 100 EMA pairs over 200 symbols x 2520 days at same_close: as `tickwerk backtest
// --sweep` runs it, metrics included, against the hand-written limit, which gives equity alone.
//   ema_sweep                   the times of both, as JSON
//   ema_sweep engine N          N sweeps of the engine on one thread, for a profiler
//   ema_sweep export DIR        the bars as Parquet and the closes as .npy
//   ema_sweep equity FAST SLOW  equity of one pair, as JSON, to be held against `tickwerk backtest`
// The sum of the final equities is stated; a run that gives another is not timed.
#include "limit/ema_sweep.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "npy.h"
#include "paired.h"
#include "random_walk.h"
#include "tickwerk/base/parallel.h"
#include "tickwerk/job/history.h"
#include "tickwerk/job/sweep.h"
#include "tickwerk/market/write_bars.h"

namespace tickwerk::bench {
namespace {

using nlohmann::ordered_json;

constexpr double kTolerance = 1e-9;
constexpr double kExpectedSum = 2938156.9703106624;  // of all final equities
constexpr std::size_t kNumPairs = 15;

double sum_of_finals(const Panel& equity) {
  double sum = 0;
  for (std::size_t pair = 0; pair < equity.num_rows(); ++pair) {
    sum += equity(pair, equity.num_symbols() - 1);
  }
  return sum;
}

/// The sweep of the engine over bars that are there, on no record.
class EngineSweep {
 public:
  explicit EngineSweep(const limit::Sweep& sweep) {
    history_.loaded.bars = make_random_walk({}, Fields::kClose);
    config_.strategy = strategy::built_in_spec("trend_baseline");
    config_.backtest.start_capital = sweep.start_capital;
    config_.backtest.fill = backtest::FillRule::kSameClose;
    job::SweptParameter fast{.name = "fast", .values = {}}, slow{.name = "slow", .values = {}};
    fast.values.assign(sweep.fast.begin(), sweep.fast.end());
    slow.values.assign(sweep.slow.begin(), sweep.slow.end());
    sweep_.grid = job::SweepGrid({std::move(fast), std::move(slow)});
  }

  const market::Bars& bars() const { return history_.loaded.bars; }

  double sum_of_finals() const {
    double sum = 0;
    for (const auto& outcome : job::run_combinations(config_, sweep_, history_, nullptr).outcomes) {
      sum += outcome.figures.metric("final_pf") * config_.backtest.start_capital;
    }
    return sum;
  }

 private:
  job::RunConfig config_;
  job::SweepConfig sweep_;
  job::History history_;
};

ordered_json time_all() {
  const limit::Sweep sweep;
  const EngineSweep engine(sweep);
  const market::Bars& bars = engine.bars();
  Panel equity(limit::kNumPairs, bars.num_rows());
  ordered_json line = {{"workload", "ema_sweep"},
                       {"num_symbols", bars.num_symbols()},
                       {"sum_of_final_equities", kExpectedSum}};
  for (const int threads : {1, 2}) {
    if (threads > available_cores()) continue;
    set_num_threads(threads);
    const auto run = [&] { limit::ema_sweep(bars.close().view(), sweep, threads, equity.span()); };
    run();
    for (const double sum : {sum_of_finals(equity), engine.sum_of_finals()}) {
      if (std::abs(sum - kExpectedSum) <= kTolerance * std::abs(kExpectedSum)) continue;
      line["void"] =
          fmt::format("the final equities must add up to {}, found {}", kExpectedSum, sum);
      return line;
    }
    const Paired times = measure_paired([&] { engine.sum_of_finals(); }, run, kNumPairs);
    line[fmt::format("threads_{}", threads)] = {{"num_pairs", times.num_pairs},
                                                {"engine_ms", to_json(times.first_ms)},
                                                {"limit_ms", to_json(times.second_ms)},
                                                {"ratio", to_json(times.ratio)}};
  }
  return line;
}

ordered_json run_engine(int num_sweeps) {
  set_num_threads(1);
  const EngineSweep engine{limit::Sweep()};
  double sum = 0;
  for (int k = 0; k < num_sweeps; ++k) sum = engine.sum_of_finals();
  return sum;
}

ordered_json export_bars(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  const market::Bars bars = make_random_walk({}, Fields::kOhlcv);
  market::write_parquet(bars, folder / "bars.parquet");
  write_npy(bars.close().view(), folder / "close_200.npy");
  return {{"workload", "ema_sweep"}, {"num_symbols", bars.num_symbols()}};
}

ordered_json equity_of(int fast, int slow) {
  const market::Bars bars = make_random_walk({}, Fields::kClose);
  limit::Sweep sweep;
  sweep.fast.fill(fast);
  sweep.slow.fill(slow);
  Panel equity(limit::kNumPairs, bars.num_rows());
  limit::ema_sweep(bars.close().view(), sweep, 2, equity.span());
  return std::vector<double>(equity.row(0), equity.row(0) + bars.num_rows());
}

ordered_json answer(std::span<char*> words) {
  const auto word = [&](std::size_t k) -> std::string { return k < words.size() ? words[k] : ""; };
  if (words.empty()) return time_all();
  if (words.size() == 2 && word(0) == "export") return export_bars(word(1));
  if (words.size() == 2 && word(0) == "engine" && std::atoi(words[1]) > 0) {
    return run_engine(std::atoi(words[1]));
  }
  if (words.size() == 3 && word(0) == "equity") {
    const int fast = std::atoi(words[1]), slow = std::atoi(words[2]);
    if (1 <= fast && fast < slow && slow <= 2520) return equity_of(fast, slow);
  }
  throw Error(
      Code::kInvalidArgument,
      fmt::format(
          "arguments must be none, `export DIR`, `engine N` or `equity FAST SLOW` with 1 <= FAST "
          "< SLOW <= 2520, found '{}'",
          fmt::join(words, " ")));
}

}  // namespace
}  // namespace tickwerk::bench

int main(int argc, char** argv) {
  try {
    const std::span<char*> words(argv + 1, argv + argc);
    fmt::print("{}\n", tickwerk::bench::answer(words).dump());
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "ema_sweep: {}\n", error.what());
    return 1;
  }
}
