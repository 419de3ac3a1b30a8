#include "tickwerk/job/trials.h"

#include <cmath>

#include "tickwerk/job/job_fixture.h"
#include "tickwerk/risk/summary.h"

namespace tickwerk::job {
namespace {

constexpr std::string_view kFingerprint = "0123456789abcdef0123456789abcdef";

Trial trial(double sharpe) {
  Trial result{.strategy = "mine", .figures = {}};
  result.figures.metrics.fill(0.1 + sharpe);
  result.figures.num_returns = 250;
  result.figures.sharpe = sharpe;
  result.figures.skewness = -1.0 / 3;
  result.figures.kurtosis = 10;
  return result;
}

class Trials : public JobFixture {
 protected:
  TrialBook book() const { return {folder(), kFingerprint}; }
  std::filesystem::path path() const { return folder() / "trials" / "0123456789abcdef.csv"; }
};

TEST_F(Trials, ReadBackAsTheyWereWritten) {
  TrialBook first = book();
  EXPECT_EQ(first.size(), 0U);
  first.add({"s", "fast=5"}, trial(0.1 / 3));
  Trial still = trial(1);
  still.figures.sharpe = TrialFigures::kMissing;
  still.figures.metrics[3] = TrialFigures::kMissing;
  still.strategy = "a, \"quoted\" name";
  first.add({"s", "fast=10"}, still);
  first.save();

  const TrialBook again = book();
  ASSERT_EQ(again.size(), 2U);
  const Trial* found = again.find({"s", "fast=5"});
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->figures.metrics, trial(0.1 / 3).figures.metrics);
  EXPECT_EQ(found->figures.sharpe, 0.1 / 3);
  EXPECT_EQ(found->figures.skewness, -1.0 / 3);
  found = again.find({"s", "fast=10"});
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->strategy, still.strategy);
  EXPECT_FALSE(found->figures.sample());
  EXPECT_NE(found->figures.metrics[3], found->figures.metrics[3]);
  EXPECT_EQ(again.find({"s", "fast=15"}), nullptr);
}

TEST_F(Trials, TheSameTrialCountsOnce) {
  TrialBook first = book();
  first.add({"s", "fast=5"}, trial(0.1));
  first.save();
  const std::string bytes = text_of(path());
  TrialBook second = book();
  second.add({"s", "fast=5"}, trial(0.2));
  second.save();
  EXPECT_EQ(text_of(path()), bytes);
  second.add({"s", "fast=5"}, trial(0.2), TrialBook::Known::kReplace);
  second.save();
  EXPECT_EQ(book().find({"s", "fast=5"})->figures.sharpe, 0.2);
  EXPECT_EQ(book().size(), 1U);
}

TEST_F(Trials, StatisticsAreThoseOfTheRatios) {
  TrialBook trials = book();
  EXPECT_EQ(trials.statistics().num_trials, 0U);
  trials.add({"s", "1"}, trial(0.02));
  EXPECT_FALSE(trials.statistics().variance);
  trials.add({"s", "2"}, trial(0.04));
  trials.add({"s", "3"}, trial(0.09));
  trials.add({"s", "4"}, trial(TrialFigures::kMissing));
  // Mean 0.05: (0.03^2 + 0.01^2 + 0.04^2) / 2.
  EXPECT_EQ(trials.statistics().num_trials, 3U);
  EXPECT_NEAR(*trials.statistics().variance, 0.0013, 1e-15);
}

TEST_F(Trials, WhatOtherProcessesAddedStays) {
  TrialBook mine = book(), other = book();
  mine.add({"s", "mine"}, trial(0.1));
  other.add({"s", "other"}, trial(0.2));
  other.save();
  mine.save();
  EXPECT_EQ(mine.size(), 2U);
  EXPECT_EQ(book().size(), 2U);
}

TEST_F(Trials, DamagedFileIsAnErrorThatNamesItAndTheWayOut) {
  TrialBook first = book();
  first.add({"s", "fast=5"}, trial(0.1));
  first.add({"s", "fast=6"}, trial(0.2));
  first.save();
  const std::string whole = text_of(path());
  std::string changed = whole;
  changed[changed.find("250")] = '9';
  for (const std::string& damaged :
       {std::string(), whole.substr(0, whole.size() / 2), whole.substr(0, whole.size() - 5),
        changed, whole + "s,fast=7", "x" + whole}) {
    io::write_file(path(), damaged);
    const Error error = error_of([&] { book(); });
    EXPECT_EQ(error.code(), Code::kCorruptData);
    EXPECT_TRUE(contains(error.what(), path().string()));
    EXPECT_TRUE(contains(error.what(), "move the file away"));
    EXPECT_EQ(error_of([&] { first.add({"s", "7"}, trial(1)), first.save(); }).code(),
              Code::kCorruptData);
    EXPECT_EQ(text_of(path()), damaged);
  }
}

TEST_F(Trials, KeyIsWhatCanChangeAResult) {
  const RunConfig config = config_of("prices.csv");
  const Timestamp first = midnight(make_date(2024, 1, 2));
  const std::string settings = trial_settings(config, first);
  EXPECT_EQ(settings.size(), 16U);
  EXPECT_EQ(trial_params(config.strategy), "fast=3;slow=8");

  RunConfig same = config;
  same.load.prices = "other.csv";
  same.benchmark = "AAA";
  same.output = "elsewhere";
  same.title = "another";
  same.strategy.name = "renamed";
  same.strategy.params["fast"] = 4;
  EXPECT_EQ(trial_settings(same, first), settings);

  RunConfig costs = config, text = config, events = config;
  costs.backtest.costs.commission = Bps{1};
  EXPECT_NE(trial_settings(costs, first), settings);
  text.strategy = strategy::built_in_spec("trend_baseline");
  EXPECT_NE(trial_settings(text, first), settings);
  EXPECT_NE(trial_settings(config, midnight(make_date(2024, 1, 3))), settings);
  events.sources.groups = file("groups.csv", "symbol,sector\nAAA,tech\n");
  const std::string with_groups = trial_settings(events, first);
  EXPECT_NE(with_groups, settings);
  file("groups.csv", "symbol,sector\nAAA,energy\n");
  EXPECT_NE(trial_settings(events, first), with_groups);
}

TEST_F(Trials, FiguresAreThoseOfTheSummary) {
  std::vector<risk::EquityRow> rows;
  double equity = 10'000;
  for (int t = 0; t < 400; ++t) {
    equity *= 1 + 0.01 * std::sin(1.0 * t * t) + 0.0004;
    rows.push_back({.time = midnight(Date{19'000 + t}),
                    .equity = equity,
                    .cash = 1,
                    .gross_exposure = 0.5 + 0.001 * t,
                    .cost = t % 7 == 0 ? 1.5 : 0,
                    .bought = t % 7 == 0 ? 900.0 : 0,
                    .sold = t % 5 == 0 ? 100.0 : 0});
  }
  for (const Frequency frequency : {Frequency::kDaily, Frequency::kFiveMinutes}) {
    if (frequency == Frequency::kFiveMinutes) {
      for (int t = 0; t < 400; ++t) rows[t].time.ns = midnight(Date{19'000 + t / 9}).ns + t;
    }
    const TrialFigures found = measure({rows, 10'000, frequency, 0.02, 30, 20});
    const risk::Metrics metrics = risk::summarize(
        {.equity = rows, .start_capital = 10'000, .frequency = frequency, .rf = 0.02});
    EXPECT_EQ(found.metric("sharpe"), *metrics.net.sharpe);
    const double cagr = metrics.net.cagr.value_or(kNaN);
    EXPECT_TRUE(found.metric("cagr") == cagr || (std::isnan(found.metric("cagr")) && cagr != cagr));
    EXPECT_EQ(found.metric("total_return"), *metrics.net.total_return);
    EXPECT_EQ(found.metric("final_pf"), *metrics.net.final_pf);
    EXPECT_EQ(found.metric("sortino"), *metrics.net.sortino);
    EXPECT_EQ(found.metric("max_drawdown_pct"), *metrics.net.max_drawdown_pct);
    EXPECT_EQ(found.metric("volatility"), *metrics.net.volatility);
    EXPECT_EQ(found.metric("var_95"), *metrics.net.var_95);
    EXPECT_EQ(found.metric("es_95"), *metrics.net.es_95);
    EXPECT_EQ(found.metric("skew"), *metrics.net.skew);
    EXPECT_EQ(found.metric("excess_kurtosis"), *metrics.net.excess_kurtosis);
    EXPECT_EQ(found.metric("turnover"), *metrics.turnover);
    EXPECT_EQ(found.metric("exposure"), *metrics.exposure);
    EXPECT_EQ(found.metric("total_cost"), metrics.total_cost);
    EXPECT_EQ(found.metric("cost_paid_bps"), *metrics.cost_paid_bps);
    EXPECT_EQ(found.metric("num_fills"), 20);
    const auto sample = found.sample();
    ASSERT_TRUE(sample);
    EXPECT_EQ(*risk::probabilistic_sharpe(*sample, 0),
              *metrics.sharpe_confidence.probabilistic_sharpe);
  }
}

TEST_F(Trials, MetricsAreFoundByNameAndTheNearestOffered) {
  EXPECT_EQ(kTrialMetrics[trial_metric("cagr")].name, "cagr");
  EXPECT_TRUE(contains(error_of([] { trial_metric("sharp"); }).what(), "nearest: sharpe"));
  EXPECT_TRUE(contains(error_of([] { trial_metric("num_fills"); }).what(), "metric must be one"));
}

}  // namespace
}  // namespace tickwerk::job
