#include "tickwerk/job/sweep.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "tickwerk/base/parallel.h"
#include "tickwerk/job/backtest_job.h"
#include "tickwerk/job/history.h"
#include "tickwerk/job/job_fixture.h"
#include "tickwerk/job/sweep_table.h"
#include "tickwerk/strategy/strategy_file.h"

namespace tickwerk::job {
namespace {

using nlohmann::json;

class Sweep : public JobFixture {
 protected:
  static SweepConfig sweep_of(std::vector<std::string> texts) {
    return {.grid = parse_grid(texts)};
  }

  RunConfig config(std::size_t num_symbols = 12, std::size_t num_sessions = 320) const {
    RunConfig config = config_of(market(num_symbols, num_sessions));
    config.trials = TrialRecord::kKeep;
    return config;
  }

  SweepResult combinations(const RunConfig& config, const SweepConfig& sweep) const {
    History history;
    load_history(config, history);
    TrialBook book(config.output, history.loaded.fingerprint);
    return run_combinations(config, sweep, history, &book);
  }

  static std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::size_t begin = 0;
    for (std::size_t end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
      lines.push_back(text.substr(begin, end - begin));
    }
    return lines;
  }
};

/// The figures of a combination against the backtest of it alone, within `tolerance` of each.
void expect_same(const TrialFigures& found, const RunConfig& config, double tolerance) {
  History history;
  load_history(config, history);
  build_signals(config, history);
  run_history(config, history);
  const TrialFigures alone = measure({.equity = history.result.equity,
                                      .start_capital = config.backtest.start_capital,
                                      .frequency = history.loaded.bars.frequency,
                                      .rf = config.rf,
                                      .num_orders = history.result.num_orders,
                                      .num_fills = history.result.num_fills});
  for (std::size_t k = 0; k < kTrialMetrics.size(); ++k) {
    if (std::isnan(alone.metrics[k])) {
      EXPECT_TRUE(std::isnan(found.metrics[k])) << kTrialMetrics[k].name;
    } else {
      EXPECT_NEAR(found.metrics[k], alone.metrics[k], tolerance * std::abs(alone.metrics[k]))
          << kTrialMetrics[k].name;
    }
  }
}

TEST_F(Sweep, EachCombinationHasTheBitsOfItsBacktest) {
  RunConfig config = this->config();
  const SweepResult result = combinations(config, sweep_of({"fast=2,3", "slow=8:20:6"}));
  ASSERT_EQ(result.outcomes.size(), 6U);
  std::size_t k = 0;
  for (const double fast : {2, 3}) {
    for (const double slow : {8, 14, 20}) {
      config.strategy.params = {{"fast", fast}, {"slow", slow}};
      expect_same(result.outcomes[k++].figures, config, 0);
    }
  }
}

TEST_F(Sweep, EquityAloneGivesTheSameWithinRounding) {
  RunConfig config = this->config();
  config.backtest.fill = backtest::FillRule::kSameClose;
  const SweepResult result = combinations(config, sweep_of({"fast=2,5", "slow=8,20"}));
  std::size_t k = 0;
  for (const double fast : {2, 5}) {
    for (const double slow : {8, 20}) {
      config.strategy.params = {{"fast", fast}, {"slow", slow}};
      expect_same(result.outcomes[k++].figures, config, 1e-8);
    }
  }
}

TEST_F(Sweep, FilesDependOnNoNumberOfThreads) {
  RunConfig config = this->config();
  const SweepConfig sweep = sweep_of({"fast=2:5:1", "slow=8:20:4"});
  const int before = num_threads();
  std::vector<std::string> seen;
  for (const int threads : {1, 2, 5}) {
    set_num_threads(threads);
    config.output = folder() / fmt::format("threads_{}", threads);
    const JobResult job = run_sweep(config, sweep);
    std::string all = job.summary_json;
    for (const auto& file : job.files) all += text_of(config.output / file);
    for (const auto& entry : std::filesystem::directory_iterator(config.output / "trials")) {
      all += text_of(entry.path());
    }
    seen.push_back(all);
  }
  set_num_threads(before);
  EXPECT_EQ(seen[0], seen[1]);
  EXPECT_EQ(seen[0], seen[2]);
}

TEST_F(Sweep, GoesOnFromWhatIsOnRecord) {
  RunConfig config = this->config();
  const SweepConfig part = sweep_of({"fast=2,3", "slow=8,14"});
  const SweepConfig whole = sweep_of({"fast=2,3,4", "slow=8,14"});
  EXPECT_EQ(combinations(config, part).num_on_record, 0U);
  const SweepResult resumed = combinations(config, whole);
  EXPECT_EQ(resumed.num_on_record, 4U);

  RunConfig fresh = config;
  fresh.output = folder() / "fresh";
  const JobResult at_once = run_sweep(fresh, whole), again = run_sweep(config, whole);
  for (const auto& file : at_once.files) {
    EXPECT_EQ(text_of(config.output / file), text_of(fresh.output / file)) << file;
  }
  EXPECT_EQ(json::parse(again.summary_json)["num_on_record"], 6);
  SweepConfig anew = whole;
  anew.resume = Resume::kCompute;
  EXPECT_EQ(combinations(config, anew).num_on_record, 0U);
}

TEST_F(Sweep, EveryBacktestIsATrialOnce) {
  RunConfig config = this->config();
  const auto trials = [&](const JobResult& job) {
    return json::parse(job.summary_json)["metrics"]["num_trials"].get<int>();
  };
  EXPECT_EQ(trials(run_backtest(config)), 1);
  const std::string first = text_of(config.output / "metrics.json");
  EXPECT_TRUE(json::parse(first)["deflated_sharpe"].is_null());
  EXPECT_EQ(trials(run_backtest(config)), 1);
  EXPECT_EQ(text_of(config.output / "metrics.json"), first);

  // fast=3 slow=8 is on record already.
  const json swept =
      json::parse(run_sweep(config, sweep_of({"fast=2,3", "slow=8,14"})).summary_json);
  EXPECT_EQ(swept["num_on_record"], 1);
  EXPECT_EQ(swept["trials"]["count"], 4);
  EXPECT_EQ(trials(run_backtest(config)), 4);
  EXPECT_FALSE(json::parse(text_of(config.output / "metrics.json"))["deflated_sharpe"].is_null());
  config.backtest.costs.commission = Bps{5};
  EXPECT_EQ(trials(run_backtest(config)), 5);
  config.load.max_symbols = 3;  // other bars: another record
  EXPECT_EQ(trials(run_backtest(config)), 1);
}

TEST_F(Sweep, DeflatedRatioIsThatOfTheTrialsOnRecord) {
  const RunConfig config = this->config();
  const SweepConfig sweep = sweep_of({"fast=2,3,4", "slow=8,14"});
  const json best = json::parse(run_sweep(config, sweep).summary_json)["best"][0];
  const SweepResult result = combinations(config, sweep);
  double mean = 0, variance = 0;
  for (const SweepOutcome& outcome : result.outcomes) mean += outcome.figures.sharpe / 6;
  for (const SweepOutcome& outcome : result.outcomes) {
    variance += (outcome.figures.sharpe - mean) * (outcome.figures.sharpe - mean) / 5;
  }
  const std::size_t first = ranked(sweep, result).front();
  const auto sample = result.outcomes[first].figures.sample();
  ASSERT_TRUE(sample);
  EXPECT_NEAR(best["metrics"]["deflated_sharpe"].get<double>(),
              *risk::deflated_sharpe(*sample, variance, 6), 1e-9);
}

TEST_F(Sweep, WhatTheStrategyRefusesHasFailedWithTheReason) {
  const RunConfig config = this->config();
  const SweepResult result = combinations(config, sweep_of({"fast=0,2.5,3", "slow=8,14"}));
  EXPECT_EQ(result.num_failed, 4U);
  EXPECT_FALSE(result.outcomes[0].failure.empty());
  EXPECT_TRUE(contains(result.outcomes[0].failure, "0"));
  EXPECT_FALSE(result.outcomes[3].failure.empty());
  EXPECT_TRUE(result.outcomes[5].failure.empty());
  const auto lines = lines_of([&] {
    run_sweep(config, sweep_of({"fast=0,3"}));
    return text_of(config.output / "sweep_heatmap_sharpe.csv");
  }());
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0], "fast,sharpe");
  EXPECT_EQ(lines[1], "0,");
  EXPECT_TRUE(contains(text_of(config.output / "sweep_report_1d.md"), "## Failed\n\n- fast=0: "));
  const Error error = error_of([&] { combinations(config, sweep_of({"fast=0,-1"})); });
  EXPECT_TRUE(contains(error.what(), "all 2 failed, the first: "));
}

TEST_F(Sweep, UnknownNamesAreErrorsWithTheNearest) {
  const RunConfig config = this->config();
  EXPECT_TRUE(contains(error_of([&] { run_sweep(config, sweep_of({"fats=1,2"})); }).what(),
                       "what is swept must be a parameter of the strategy or a setting, found "
                       "'fats', nearest: fast; the parameters of ema_trend are fast, slow"));
  EXPECT_TRUE(contains(error_of([&] { run_sweep(config, sweep_of({"fast=2,x"})); }).what(),
                       "finite numbers, found 'fast=2,x'"));
  SweepConfig sweep = sweep_of({"fast=2,3"});
  sweep.metric = "sharp";
  EXPECT_TRUE(contains(error_of([&] { run_sweep(config, sweep); }).what(), "nearest: sharpe"));
  EXPECT_FALSE(std::filesystem::exists(config.output));
}

/// How many are held, and where orders are filled.
SweepSettings two_settings() {
  return {.names = {"top_n", "fill"},
          .apply = [](const std::string& name, const std::string& value, RunConfig& config) {
            if (name == "top_n") {
              config.strategy.top_n = std::stoi(value);
              return;
            }
            if (value != "next_open" && value != "same_close") {
              throw Error(Code::kInvalidArgument, "fill must be known");
            }
            config.backtest.fill = value == "next_open" ? backtest::FillRule::kNextOpen
                                                        : backtest::FillRule::kSameClose;
          }};
}

TEST_F(Sweep, SettingsAreSweptBesideParameters) {
  RunConfig config = this->config();
  SweepConfig sweep = sweep_of({"top_n=2,5", "fast=2,3", "fill=next_open,same_close"});
  sweep.settings = two_settings();
  std::vector<std::size_t> told;
  sweep.progress = [&](std::size_t num_done, std::size_t num_all) {
    told.push_back(num_done);
    EXPECT_EQ(num_all, 8U);
  };
  const SweepResult result = combinations(config, sweep);
  ASSERT_EQ(result.outcomes.size(), 8U);
  EXPECT_EQ(told.back(), 8U);
  EXPECT_TRUE(std::ranges::is_sorted(told));
  std::size_t k = 0;
  for (const int top_n : {2, 5}) {
    for (const double fast : {2, 3}) {
      for (const auto fill : {backtest::FillRule::kNextOpen, backtest::FillRule::kSameClose}) {
        config.strategy.top_n = top_n;
        config.strategy.params = {{"fast", fast}, {"slow", 8}};
        config.backtest.fill = fill;
        expect_same(result.outcomes[k++].figures, config,
                    fill == backtest::FillRule::kNextOpen ? 0 : 1e-8);
      }
    }
  }
  EXPECT_EQ(combinations(this->config(), sweep).num_on_record, 8U);
  // The last of them as a backtest of its own is the same trial.
  EXPECT_EQ(json::parse(run_backtest(config).summary_json)["metrics"]["num_trials"], 8);
}

TEST_F(Sweep, SettingsStandInTheFilesAsTheyAreWritten) {
  const RunConfig config = this->config();
  SweepConfig sweep = sweep_of({"fill=next_open,same_close", "fast=2,3"});
  sweep.settings = two_settings();
  const json summary = json::parse(run_sweep(config, sweep).summary_json);
  EXPECT_TRUE(summary["best"][0]["params"]["fill"].is_string());
  EXPECT_TRUE(summary["best"][0]["params"]["fast"].is_number());
  for (const json& edge : summary["at_edge"])
    EXPECT_NE(edge.get<std::string>().substr(0, 4), "fill");
  const auto rows = lines_of(text_of(config.output / "sweep_1d.csv"));
  EXPECT_TRUE(rows[0].starts_with("fill,fast,sharpe"));
  EXPECT_TRUE(rows[4].starts_with("same_close,3,"));
  const auto heat = lines_of(text_of(config.output / "sweep_heatmap_sharpe.csv"));
  EXPECT_EQ(heat[0], "fill\\fast,2,3");
  EXPECT_TRUE(heat[1].starts_with("next_open,"));
  const std::string report = text_of(config.output / "sweep_report_1d.md");
  EXPECT_TRUE(contains(report, "next_open, same_close"));
  const std::string configuration = report.substr(report.find("## Configuration"));
  EXPECT_EQ(configuration.find("| fill "), std::string::npos);
  EXPECT_EQ(configuration.find("| param.fast "), std::string::npos);
  EXPECT_NE(configuration.find("| param.slow "), std::string::npos);
}

TEST_F(Sweep, AValueThatASettingDoesNotTakeIsRefusedBeforeAnythingRuns) {
  const RunConfig config = this->config();
  SweepConfig sweep = sweep_of({"fill=next_open,never"});
  sweep.settings = two_settings();
  EXPECT_TRUE(contains(error_of([&] { run_sweep(config, sweep); }).what(), "fill must be known"));
  EXPECT_FALSE(std::filesystem::exists(config.output));
}

TEST_F(Sweep, SettingsThatDoNotGoTogetherHaveFailed) {
  RunConfig config = this->config();
  config.strategy = strategy::load_strategy(
      file("plain.yaml", "long: close > ema(close, fast)\nparams: {fast: 3}\n"));
  SweepConfig sweep = sweep_of({"top_n=0,5", "fast=2,3"});
  sweep.settings = two_settings();
  const SweepResult result = combinations(config, sweep);
  EXPECT_EQ(result.num_failed, 2U);
  EXPECT_TRUE(result.outcomes[0].failure.empty());
  EXPECT_TRUE(contains(result.outcomes[3].failure, "top_n 5 must come with a `score`"));
}

TEST_F(Sweep, NoCombinationIsAmongTheBestAndTheWorst) {
  const RunConfig config = this->config();
  SweepConfig sweep = sweep_of({"fast=2,3,4,5"});
  const auto counts = [&](std::size_t num_shown) {
    sweep.num_shown = num_shown;
    const json summary = json::parse(run_sweep(config, sweep).summary_json);
    return std::pair(summary["best"].size(), summary["worst"].size());
  };
  EXPECT_EQ(counts(1), std::pair(std::size_t{1}, std::size_t{1}));
  EXPECT_EQ(counts(3), std::pair(std::size_t{3}, std::size_t{1}));
  EXPECT_EQ(counts(10), std::pair(std::size_t{4}, std::size_t{0}));
  const std::string report = text_of(config.output / "sweep_report_1d.md");
  EXPECT_TRUE(contains(report, "## Best 4"));
  EXPECT_EQ(report.find("## Worst"), std::string::npos);
}

TEST_F(Sweep, ParametersOfImportsAndThoseThatFollowThemAreSwept) {
  RunConfig config = this->config();
  const auto parts = file("parts.expr",
                          "param n = 5\nparam far = 3 * n\n"
                          "up = ema(close, n) > ema(close, far)\n");
  config.strategy = strategy::load_strategy(file("mine.yaml", "import: parts.expr\nlong: up\n"));
  const SweepResult result = combinations(config, sweep_of({"n=2,4"}));
  const SweepResult both = combinations(config, sweep_of({"n=2", "far=6,9"}));
  EXPECT_EQ(result.outcomes[0].figures.metrics, both.outcomes[0].figures.metrics);
  EXPECT_NE(result.outcomes[0].figures.metrics, both.outcomes[1].figures.metrics);
  strategy::set_param(config.strategy, "n", 4);
  expect_same(result.outcomes[1].figures, config, 0);
}

TEST_F(Sweep, WhatIsOddAboutExpressionsIsAWarning) {
  RunConfig config = this->config();
  config.strategy =
      strategy::load_strategy(file("level.yaml", "long: close > level\nparams: {level: 50}\n"));
  const std::string_view words = "depends on the level of prices";
  const JobResult alone = run_backtest(config),
                  swept = run_sweep(config, sweep_of({"level=50,60"}));
  EXPECT_TRUE(contains(alone.warnings, words));
  EXPECT_TRUE(contains(swept.warnings, words));
  EXPECT_TRUE(contains(text_of(config.output / "performance_report_1d.md"), words));
  EXPECT_TRUE(contains(text_of(config.output / "sweep_report_1d.md"), words));
  for (const std::string& note : alone.notes) EXPECT_EQ(note.find(words), std::string::npos);
}

/// A result with these Sharpe ratios; NaN also stands for one that failed.
SweepResult with_sharpe(const std::vector<double>& values) {
  SweepResult result;
  for (const double value : values) {
    SweepOutcome& outcome = result.outcomes.emplace_back();
    outcome.figures.metrics.fill(value);
  }
  return result;
}

TEST(SweepTable, RanksTheBestFirstAndTheMissingLast) {
  SweepConfig sweep{.grid = SweepGrid({{"a", {1, 2, 3, 4, 5}}})};
  SweepResult result = with_sharpe({0.5, kNaN, 0.7, 0.5, 0.9});
  result.outcomes[4].failure = "refused";
  EXPECT_EQ(ranked(sweep, result), (std::vector<std::size_t>{2, 0, 3, 1}));
  sweep.metric = "volatility";
  EXPECT_EQ(ranked(sweep, result), (std::vector<std::size_t>{0, 3, 2, 1}));
  sweep.metric = "max_drawdown_pct";
  EXPECT_EQ(ranked(sweep, with_sharpe({-20, -5, -9, -30, -7})).front(), 1U);
}

TEST(SweepTable, HeatMapIsTheBestOverFurtherParameters) {
  SweepConfig sweep{.grid = SweepGrid({{"a", {1, 2}}, {"b", {1, 2}}, {"c", {1, 2}}})};
  const auto values = heat_map(sweep, with_sharpe({1, 2, 4, 3, kNaN, 5, kNaN, kNaN}));
  EXPECT_EQ(values[0], (std::vector<double>{2, 4}));
  EXPECT_EQ(values[1][0], 5);
  EXPECT_TRUE(std::isnan(values[1][1]));
  sweep.metric = "turnover";
  EXPECT_EQ(heat_map(sweep, with_sharpe({1, 2, 4, 3, 9, 9, 9, 9}))[0], (std::vector<double>{1, 3}));
}

TEST(SweepTable, EdgesAreTheLeastAndTheGreatestOfSeveralValues) {
  const SweepGrid grid({{"a", {30, 10, 20}}, {"b", {7}}});
  EXPECT_EQ(at_edge(grid, 0), (std::vector<std::string>{"a=30"}));
  EXPECT_EQ(at_edge(grid, 1), (std::vector<std::string>{"a=10"}));
  EXPECT_TRUE(at_edge(grid, 2).empty());
}

}  // namespace
}  // namespace tickwerk::job
