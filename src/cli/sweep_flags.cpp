#include "cli/sweep_flags.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "cli/run_flag_rows.h"
#include "tickwerk/base/error.h"

namespace tickwerk::cli {
namespace {

void show_progress(std::size_t num_done, std::size_t num_all) {
  if (num_done < num_all) {
    fmt::print(stderr, "\r\033[K{} of {} combinations ...", num_done, num_all);
  } else {
    fmt::print(stderr, "\r\033[K");
  }
}

/// What of a run can be swept: its numbers and choices, no files and no switches.
const std::vector<const RunFlagRow*>& swept_rows() {
  static const std::vector<const RunFlagRow*> all = [] {
    std::vector<const RunFlagRow*> rows;
    for (const auto* table : {&strategy_rows(), &backtest_rows()}) {
      for (const RunFlagRow& row : *table) {
        const Flag& flag = row.flag;
        const bool is_text =
            flag.key == "strategy" || flag.key == "benchmark" || flag.key == "meta_model";
        const bool counts = flag.kind != Kind::kSwitch && flag.kind != Kind::kPairs;
        if (counts && !is_text) rows.push_back(&row);
      }
    }
    return rows;
  }();
  return all;
}

/// A value of a sweep as if its flag had been given.
void apply_swept(const std::string& name, const std::string& value, job::RunConfig& config) {
  const auto row = std::ranges::find(
      swept_rows(), name, [](const RunFlagRow* each) { return std::string(each->flag.key); });
  TW_CHECK((row != swept_rows().end()), ==, true);
  const std::string place = fmt::format("--sweep {}", name);
  Settings settings({(*row)->flag});
  settings.give((*row)->flag, {value, Source::kFlag, place});
  try {
    (*row)->apply(settings, config);
  } catch (const Error& error) {
    throw error.with_context(place);
  }
}

}  // namespace

FlagGroup sweep_flags() {
  FlagGroup group{.title = "Sweep and stress", .flags = {}};
  group.flags.push_back(
      {.key = "sweep",
       .kind = Kind::kWords,
       .placeholder = "NAME=VALUES",
       .text =
           "run every combination of these parameters of the strategy and settings (top_n, "
           "rebalance, commission_bps, fill, ...), each with the values low:high:step or a,b,c; "
           "several may follow"});
  group.flags.push_back({.key = "metric",
                         .placeholder = "METRIC",
                         .text = "what a sweep ranks by: sharpe, cagr, max_drawdown_pct or another "
                                 "metric; less is better for volatility, losses, turnover, costs",
                         .default_value = "sharpe"});
  group.flags.push_back({.key = "top",
                         .kind = Kind::kWhole,
                         .placeholder = "N",
                         .text = "best and worst combinations in the report of a sweep",
                         .range = {.low = 1, .high = 1000},
                         .default_value = "10"});
  group.flags.push_back({.key = "no_resume",
                         .kind = Kind::kSwitch,
                         .text = "run combinations again that are on record",
                         .default_value = "false"});
  group.flags.push_back({.key = "stress",
                         .kind = Kind::kSwitch,
                         .text = "repeat the backtest with other costs, fill delays and capital, "
                                 "and show where it breaks",
                         .default_value = "false"});
  return group;
}

Repetition repetition(const Settings& settings) {
  const bool sweeps = settings.given("sweep"), stresses = settings.on("stress");
  if (sweeps && stresses) {
    throw Error(Code::kInvalidArgument,
                "--stress must stand without --sweep, found both: stress the combination you mean");
  }
  for (const std::string_view of_sweep : {"metric", "top", "no_resume"}) {
    if (sweeps || settings.source(of_sweep) != Source::kFlag) continue;
    throw Error(Code::kInvalidArgument,
                fmt::format("{} must come with --sweep, found none", settings.place(of_sweep)));
  }
  if (sweeps) return Repetition::kSweep;
  return stresses ? Repetition::kStress : Repetition::kNone;
}

job::SweepConfig sweep_config(const Settings& settings, const Output& output) {
  job::SweepConfig config;
  try {
    config.grid = job::parse_grid(settings.texts("sweep"));
  } catch (const Error& error) {
    throw error.with_context(settings.place("sweep"));
  }
  for (const RunFlagRow* row : swept_rows()) config.settings.names.emplace_back(row->flag.key);
  config.settings.apply = apply_swept;
  config.metric = settings.text("metric");
  job::trial_metric(config.metric);
  config.num_shown = static_cast<std::size_t>(settings.whole("top"));
  config.resume = settings.on("no_resume") ? job::Resume::kCompute : job::Resume::kRecord;
  if (::isatty(STDERR_FILENO) == 1 && output.verbosity() != Verbosity::kQuiet) {
    config.progress = show_progress;
  }
  return config;
}

}  // namespace tickwerk::cli
