// The engine against the hand-written limit: one strategy, one set of prices, both run in turn.
//   backtest_limits                  times of every workload, as JSON
//   backtest_limits peak ohlcv|close memory of the largest workload against its input, as JSON
//   backtest_limits export DIR       closes for the peers as .npy, and what a run must give, as
//   JSON
// A workload states its fills and its final equity; a run that gives others is not timed.
#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "limit/fused_loops.h"
#include "npy.h"
#include "paired.h"
#include "process_memory.h"
#include "random_walk.h"
#include "tickwerk/backtest/backtest.h"
#include "tickwerk/base/parallel.h"
#include "tickwerk/strategy/signals.h"
#include "tickwerk/strategy/strategy.h"

namespace tickwerk::bench {
namespace {

using backtest::BacktestResult;
using backtest::FillRule;
using backtest::Listing;
using nlohmann::ordered_json;

constexpr double kTolerance = 1e-9;  // of the final equity
constexpr std::size_t kSmall = 200;
constexpr std::size_t kLarge = 3000;

struct Workload {
  std::string_view name;
  FillRule fill;
  Listing engine_fills;
  Listing limit_fills;
  std::size_t num_symbols;
  std::size_t num_pairs;
  std::uint64_t expected_fills;
  double expected_equity;
};

constexpr Workload kWorkloads[] = {
    {"same_close_200", FillRule::kSameClose, Listing::kCount, Listing::kCount, kSmall, 200, 270'496,
     32292.765646289376},
    {"next_open_200", FillRule::kNextOpen, Listing::kCount, Listing::kCount, kSmall, 200, 270'379,
     32035.254287792628},
    {"next_open_200_listed", FillRule::kNextOpen, Listing::kList, Listing::kList, kSmall, 200,
     270'379, 32035.254287792628},
    {"next_open_200_listed_by_engine", FillRule::kNextOpen, Listing::kList, Listing::kCount, kSmall,
     200, 270'379, 32035.254287792628},
    {"same_close_3000", FillRule::kSameClose, Listing::kCount, Listing::kCount, kLarge, 15,
     3'972'209, 26234.22217365373},
};

/// The engine's part of a job, from bars to result: factors, signals, backtest.
BacktestResult run_engine(const market::Bars& bars, FillRule fill, Listing fills) {
  const auto strategy = strategy::make_strategy(strategy::built_in_spec("trend_baseline"));
  backtest::BacktestConfig config;
  config.fill = fill;
  config.fills = fills;
  config.orders = Listing::kCount;
  const strategy::Signals signals = strategy::build_signals(
      bars, strategy.spec, strategy::build_factors(strategy, {.bars = bars}));
  return backtest::run(bars, signals, strategy.spec, config);
}

/// The limit with memory of its own.
class Limit {
 public:
  explicit Limit(const market::Bars& bars)
      : bars_(bars),
        rows_(bars.num_rows()),
        state_(1, limit::num_state(bars.num_symbols())),
        above_(limit::num_above(bars.num_symbols())),
        fills_(bars.num_rows() * bars.num_symbols()) {}

  limit::Outcome run(FillRule fill, Listing fills) {
    limit::Memory memory;
    memory.rows = rows_;
    memory.state = {state_.row(0), state_.stride()};
    memory.above = above_;
    if (fills == Listing::kList) memory.fills = fills_;
    const PanelView close = bars_.close().view();
    return fill == FillRule::kSameClose
               ? limit::same_close(close, rules_, memory)
               : limit::next_open(bars_.field("open").view(), close, rules_, memory);
  }

  const std::vector<limit::Row>& rows() const { return rows_; }
  const std::vector<risk::Fill>& fills() const { return fills_; }

 private:
  const market::Bars& bars_;
  limit::Rules rules_;
  std::vector<limit::Row> rows_;
  Panel state_;
  std::vector<std::uint8_t> above_;
  std::vector<risk::Fill> fills_;
};

bool close_to(double found, double expected) {
  return std::abs(found - expected) <= kTolerance * std::abs(expected);
}

/// What makes the time of a workload void; empty when engine and limit did the work.
std::string objection(const Workload& workload, const BacktestResult& engine, Limit& limit) {
  const limit::Outcome outcome = limit.run(workload.fill, workload.limit_fills);
  for (std::size_t t = 0; t < engine.equity.size(); ++t) {
    if (!close_to(limit.rows()[t].equity, engine.equity[t].equity)) {
      return fmt::format("equity of the limit must be the engine's {}, found {} on row {}",
                         engine.equity[t].equity, limit.rows()[t].equity, t);
    }
  }
  if (outcome.num_fills != engine.num_fills || outcome.num_partial != engine.num_partial) {
    return fmt::format("fills of the limit must be the engine's {} ({} partial), found {} ({})",
                       engine.num_fills, engine.num_partial, outcome.num_fills,
                       outcome.num_partial);
  }
  const bool both_list = workload.limit_fills == Listing::kList;
  for (std::size_t k = 0; both_list && k < engine.fills.size(); ++k) {
    const risk::Fill& a = engine.fills[k];
    const risk::Fill& b = limit.fills()[k];
    if (a.bar != b.bar || a.symbol != b.symbol || a.price != b.price || a.status() != b.status() ||
        std::abs(a.fill_qty - b.fill_qty) > kTolerance * std::abs(engine.equity[0].equity)) {
      return fmt::format("fill {} of the limit must be the engine's", k);
    }
  }
  if (engine.num_fills != workload.expected_fills ||
      !close_to(engine.equity.back().equity, workload.expected_equity)) {
    return fmt::format("the workload must give {} fills and equity {}, found {} and {}",
                       workload.expected_fills, workload.expected_equity, engine.num_fills,
                       engine.equity.back().equity);
  }
  return {};
}

ordered_json time_workload(const Workload& workload, const market::Bars& bars) {
  ordered_json line = {{"workload", workload.name}, {"num_symbols", workload.num_symbols}};
  Limit limit(bars);
  const std::string void_because =
      objection(workload, run_engine(bars, workload.fill, workload.engine_fills), limit);
  if (!void_because.empty()) {
    line["void"] = void_because;
    return line;
  }
  line["num_fills"] = workload.expected_fills;
  for (const int threads : {1, 2}) {
    if (threads > available_cores() || (threads > 1 && workload.num_symbols == kSmall)) continue;
    set_num_threads(threads);
    const Paired times =
        measure_paired([&] { run_engine(bars, workload.fill, workload.engine_fills); },
                       [&] { limit.run(workload.fill, workload.limit_fills); }, workload.num_pairs);
    line[fmt::format("threads_{}", threads)] = {{"num_pairs", times.num_pairs},
                                                {"engine_ms", to_json(times.first_ms)},
                                                {"limit_ms", to_json(times.second_ms)},
                                                {"ratio", to_json(times.ratio)}};
  }
  return line;
}

ordered_json time_all() {
  ordered_json lines = ordered_json::array();
  for (const std::size_t num_symbols : {kSmall, kLarge}) {
    const market::Bars bars = make_random_walk({.num_symbols = num_symbols}, Fields::kOhlcv);
    for (const Workload& workload : kWorkloads) {
      if (workload.num_symbols == num_symbols) lines.push_back(time_workload(workload, bars));
    }
  }
  return lines;
}

ordered_json measure_peak(Fields fields) {
  set_num_threads(1);
  const Workload& workload = kWorkloads[std::size(kWorkloads) - 1];
  const market::Bars bars = make_random_walk({.num_symbols = workload.num_symbols}, fields);
  double input = 0;
  for (const auto& [name, panel] : bars.fields) input += static_cast<double>(panel.num_bytes());

  reset_peak();
  const double before = resident_bytes();
  run_engine(bars, workload.fill, workload.engine_fills);
  const double peak = peak_bytes();
  return {{"workload", workload.name},
          {"input_bytes", input},
          {"resident_before", before},
          {"peak_bytes", peak},
          {"ratio", peak / input}};
}

ordered_json export_prices(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  for (const std::size_t num_symbols : {kSmall, kLarge}) {
    const market::Bars bars = make_random_walk({.num_symbols = num_symbols}, Fields::kClose);
    write_npy(bars.close().view(), folder / fmt::format("close_{}.npy", num_symbols));
  }
  ordered_json written = ordered_json::array();
  for (const Workload& workload : kWorkloads) {
    written.push_back({{"workload", workload.name},
                       {"num_fills", workload.expected_fills},
                       {"final_equity", workload.expected_equity}});
  }
  return written;
}

ordered_json answer(int argc, char** argv) {
  const std::string_view word = argc > 1 ? argv[1] : "";
  const std::string_view what = argc > 2 ? argv[2] : "";
  if (argc == 1) return time_all();
  if (argc == 3 && word == "peak" && what == "ohlcv") return measure_peak(Fields::kOhlcv);
  if (argc == 3 && word == "peak" && what == "close") return measure_peak(Fields::kClose);
  if (argc == 3 && word == "export") return export_prices(what);
  throw Error(
      Code::kInvalidArgument,
      fmt::format("arguments must be none, `peak ohlcv|close` or `export DIR`, found '{}'", word));
}

}  // namespace
}  // namespace tickwerk::bench

int main(int argc, char** argv) {
  try {
    fmt::print("{}\n", tickwerk::bench::answer(argc, argv).dump(2));
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "backtest_limits: {}\n", error.what());
    return 1;
  }
}
