#include "tickwerk/job/history.h"

#include <fmt/format.h>

#include <algorithm>

#include "tickwerk/base/version.h"
#include "tickwerk/job/benchmark.h"
#include "tickwerk/job/empty_sides.h"
#include "tickwerk/job/factor_store.h"
#include "tickwerk/job/judged_history.h"
#include "tickwerk/job/meta_model_comparison.h"
#include "tickwerk/job/settings.h"
#include "tickwerk/job/trials.h"
#include "tickwerk/report/backtest_report.h"
#include "tickwerk/report/figures.h"
#include "tickwerk/report/metrics_json.h"
#include "tickwerk/report/summary_text.h"
#include "tickwerk/trace/step.h"

namespace tickwerk::job {
namespace {

constexpr double kRerunHaircut = 0.30;

risk::Metrics summarize(const RunConfig& config,
                        const History& history,
                        const backtest::BacktestResult& result,
                        const TrialStatistics& trials = {}) {
  const bool listed = config.backtest.fills == backtest::Listing::kList;
  return risk::summarize({.equity = result.equity,
                          .start_capital = config.backtest.start_capital,
                          .frequency = history.loaded.bars.frequency,
                          .rf = config.rf,
                          .num_trials = std::max<std::size_t>(trials.num_trials, 1),
                          .trial_variance = trials.variance,
                          .benchmark = history.benchmark,
                          .fills = listed ? &result.fills : nullptr,
                          .costs = config.backtest.costs,
                          .impacts = result.impacts,
                          .last_close = result.last_close,
                          .first_row = history.loaded.first_row});
}

/// Puts the run on record with all others over these bars; none when the record is not kept.
TrialStatistics record_trial(const RunConfig& config, const History& history) {
  if (config.trials == TrialRecord::kOff) return {};
  const market::Bars& bars = history.loaded.bars;
  TrialBook book(config.output, history.loaded.fingerprint);
  book.add(
      {trial_settings(config, bars.times[history.loaded.first_row]), trial_params(history.spec)},
      {.strategy = history.spec.name,
       .figures = measure({.equity = history.result.equity,
                           .start_capital = config.backtest.start_capital,
                           .frequency = bars.frequency,
                           .rf = config.rf,
                           .num_orders = history.result.num_orders,
                           .num_fills = history.result.num_fills})});
  book.save();
  return book.statistics();
}

/// What the run would have given, had delisted holdings lost more of their last close.
report::HaircutRerun rerun_with_haircut(const RunConfig& config, const History& history) {
  TW_ZONE("rerun_with_haircut");
  RunConfig other = config;
  other.backtest.delist_haircut = kRerunHaircut;
  other.backtest.fills = backtest::Listing::kCount;
  other.backtest.orders = backtest::Listing::kCount;
  const backtest::BacktestResult result = backtest::run(
      history.loaded.bars, history.signals, history.spec, other.backtest, history.loaded.first_row);
  return {.haircut = kRerunHaircut, .net = summarize(other, history, result).net};
}

void add_notes(const std::vector<std::string>& notes, market::LoadedBars& loaded) {
  loaded.notes.insert(loaded.notes.end(), notes.begin(), notes.end());
}

void note_first_row(market::LoadedBars& loaded) {
  if (loaded.first_row == 0) return;
  const market::Bars& bars = loaded.bars;
  loaded.notes.push_back(fmt::format("trading begins on {}; only the signals read the {} before",
                                     to_string(bars.times[loaded.first_row], bars.frequency),
                                     report::counted(loaded.first_row, "session")));
}

/// Says what of the traded bars the benchmark leaves out; refuses one that shares none.
void note_benchmark(const RunConfig& config, History& history) {
  if (config.benchmark.empty()) return;
  const auto present = [](double value) { return value == value; };
  const auto shared = std::count_if(history.benchmark.begin(), history.benchmark.end(), present);
  const auto missing = static_cast<std::ptrdiff_t>(history.benchmark.size()) - shared;
  if (shared == 0) {
    throw Error(
        Code::kCorruptData,
        fmt::format("the benchmark must have a close on a bar that is traded, found none in "
                    "{}",
                    config.benchmark));
  }
  if (missing == 0) return;
  history.loaded.notes.push_back(
      fmt::format("the benchmark has no close on {} of {}: its own figures run from its first to "
                  "its last close, the comparison uses the returns that both have",
                  missing, report::counted(history.benchmark.size(), "bar")));
}

}  // namespace

void load_history(const RunConfig& config, History& history) {
  TW_STEP("load_data");
  history.loaded = market::load(config.load);
  market::LoadedBars& loaded = history.loaded;
  const std::size_t num_rows = loaded.bars.num_rows();
  if (config.max_sessions && !config.load.from && num_rows > *config.max_sessions) {
    loaded.first_row = num_rows - *config.max_sessions;
  }
  if (loaded.first_row >= num_rows) {
    throw Error(Code::kInvalidArgument,
                fmt::format("--from must not be after the last bar, found {} with bars up to {}",
                            to_string(*config.load.from),
                            to_string(loaded.bars.times.back(), loaded.bars.frequency)));
  }
  history.sources = factor::load_sources(config.sources, loaded.bars);
  add_notes(history.sources.notes, loaded);
  history.warnings = history.sources.warnings;
  note_first_row(loaded);
  history.benchmark = benchmark_values(config, loaded.bars, loaded.first_row);
  note_benchmark(config, history);
}

void build_signals(const RunConfig& config, History& history) {
  const strategy::Strategy strategy = strategy::make_strategy(config.strategy);
  history.spec = strategy.spec;
  strategy::Factors factors;
  std::optional<MetaModelPanel> meta_model;
  {
    TW_STEP("build_factors");
    factors = strategy::build_factors(strategy, history.sources.with(history.loaded.bars),
                                      store_of(config));
    if (!history.spec.meta_model.file.empty()) meta_model.emplace(config, history);
  }
  history.store = std::move(factors.store);
  for (std::string& warning : factors.warnings) history.warnings.push_back(std::move(warning));
  TW_STEP("build_signals");
  history.signals = strategy::build_signals(
      history.loaded.bars, history.spec, std::move(factors),
      {.first_row = history.loaded.first_row, .delist_after = config.backtest.delist_after});
  for (std::string& warning : empty_sides(history.spec, history.signals)) {
    history.warnings.push_back(std::move(warning));
  }
  if (meta_model) judge_history(*meta_model, config, history);
}

void run_history(const RunConfig& config, History& history) {
  history.result = backtest::run(history.loaded.bars, history.signals, history.spec,
                                 config.backtest, history.loaded.first_row);
  if (history.result.num_orders == 0) {
    history.loaded.notes.push_back("the strategy decided no order");
  }
}

JobResult report_history(const RunConfig& config, const History& history) {
  const market::LoadedBars& loaded = history.loaded;
  const risk::Metrics metrics =
      summarize(config, history, history.result, record_trial(config, history));
  report::BacktestReport report{.bars = loaded.bars,
                                .result = history.result,
                                .metrics = metrics,
                                .strategy = history.spec,
                                .config = config.backtest};
  report.title = config.title;
  report.data_source = config.load.prices.filename().string();
  report.data_fingerprint = loaded.fingerprint;
  report.program = fmt::format("tickwerk {}", kVersion);
  report.benchmark = std::filesystem::path(config.benchmark).filename().string();
  report.rf = config.rf;
  if (history.result.num_delisted > 0 && config.backtest.delist_haircut != kRerunHaircut) {
    report.haircut_rerun = rerun_with_haircut(config, history);
  }
  if (history.meta_model) report.meta_model = compare_with_own(config, history);
  report.notes = history.warnings;
  report.notes.insert(report.notes.end(), loaded.notes.begin(), loaded.notes.end());
  report.settings = result_settings(config);
  report.trades_file = config.trades_file;

  JobResult job;
  job.files = report::write_backtest(report, config.output);
  job.notes = loaded.notes;
  job.warnings = history.warnings;
  job.summary = report::summary_text(report);
  job.summary_json = report::summary_json(report);
  job.data_fingerprint = loaded.fingerprint;
  job.config = report.settings;
  say_store(history.store, job);
  return job;
}

}  // namespace tickwerk::job
