#include <gtest/gtest.h>

#include "tickwerk/job/job.h"
#include "tickwerk/job/job_fixture.h"
#include "tickwerk/job/prepare.h"
#include "tickwerk/store/upkeep.h"

namespace tickwerk::job {
namespace {

TEST(FindJob, TakesEitherSpellingInAnyCase) {
  for (const char* name : {"BACKTEST_MEDIUM", "backtest_medium", "Backtest-Medium"}) {
    EXPECT_EQ(find_job(name).name, "BACKTEST_MEDIUM");
  }
  EXPECT_EQ(find_job("eod-small").name, "EOD_SMALL");
}

TEST(FindJob, OffersTheNearestName) {
  const Error error = error_of([] { find_job("EOD_SMAL"); });
  EXPECT_EQ(error.code(), Code::kInvalidArgument);
  EXPECT_TRUE(contains(error.what(), "found 'EOD_SMAL', nearest: EOD_SMALL"));
}

TEST(Jobs, HaveTheDataAndStrategyOfTheirTable) {
  const RunConfig daily = find_job("EOD_SMALL").default_config();
  EXPECT_EQ(daily.strategy.name, "ema_trend");
  EXPECT_EQ(daily.market.num_symbols, 100u);
  EXPECT_EQ(daily.market.num_sessions, 504u);
  const RunConfig medium = find_job("BACKTEST_MEDIUM").default_config();
  EXPECT_EQ(medium.strategy.name, "trend_baseline");
  EXPECT_EQ(medium.market.num_symbols, 200u);
  EXPECT_EQ(medium.market.num_sessions, 2520u);
  EXPECT_EQ(medium.backtest.start_capital, 10'000);
  EXPECT_EQ(medium.backtest.costs.commission.value, 0.5);
  EXPECT_EQ(medium.backtest.costs.spread.value, 0.25);
  EXPECT_EQ(medium.backtest.costs.impact.value, 0.5);
  const RunConfig basic = find_job("BASIC_BACKTEST").default_config();
  EXPECT_EQ(basic.strategy.name, "multifactor_long_short");
  EXPECT_EQ(strategy::to_string(basic.strategy.rebalance), "monthly");
  EXPECT_EQ(basic.market.num_symbols, 200u);
  EXPECT_EQ(basic.market.num_sessions, 2520u);
  EXPECT_EQ(basic.store.use, StoreUse::kKeep);
}

class Run : public JobFixture {};

TEST_F(Run, LargerInputIsCutToTheJobAndTheReportSaysSo) {
  RunConfig config = config_of(market(12, 90));
  config.load.max_symbols = 10;
  config.max_sessions = 60;
  const JobResult result = find_job("BACKTEST_MEDIUM").run(config);
  const std::string equity = text_of(config.output / "equity_curve_1d.csv");
  EXPECT_EQ(std::count(equity.begin(), equity.end(), '\n'), 1 + 60);
  const std::string report = text_of(config.output / "performance_report_1d.md");
  EXPECT_TRUE(contains(report, "- the first 10 of 12 symbols are used (max_symbols)\n"));
  EXPECT_TRUE(contains(report, "; only the signals read the 30 sessions before\n"));
  EXPECT_TRUE(contains(result.notes, "the first 10 of 12"));
}

TEST_F(Run, FromAfterTheLastBarIsRefused) {
  RunConfig config = config_of(market(2, 30));
  config.load.from = make_date(2030, 1, 1);
  const Error error = error_of([&] { find_job("BACKTEST_MEDIUM").run(config); });
  EXPECT_EQ(error.code(), Code::kInvalidArgument);
  EXPECT_TRUE(contains(error.what(), "2030-01-01"));
  EXPECT_FALSE(std::filesystem::exists(config.output));
}

class PrepareMarket : public JobFixture {};

TEST_F(PrepareMarket, WritesTheMarketOnceAndNamesIt) {
  RunConfig config;
  config.output = folder();
  config.market = {.num_symbols = 3, .num_sessions = 20};
  config.seed = 7;
  RunConfig again = config;
  prepare_run(config);
  EXPECT_EQ(config.load.prices, folder() / "data" / "synthetic_3x20_seed7.parquet");
  const std::string bytes = text_of(config.load.prices);
  ASSERT_FALSE(bytes.empty());

  const auto written = std::filesystem::last_write_time(config.load.prices);
  prepare_run(again);
  EXPECT_EQ(again.load.prices, config.load.prices);
  EXPECT_EQ(std::filesystem::last_write_time(config.load.prices), written);
  EXPECT_EQ(text_of(config.load.prices), bytes);
}

TEST_F(PrepareMarket, LeavesPricesThatWereGiven) {
  RunConfig config;
  config.output = folder();
  config.load.prices = "mine.csv";
  prepare_run(config);
  EXPECT_EQ(config.load.prices, "mine.csv");
  EXPECT_FALSE(std::filesystem::exists(folder() / "data"));
}

TEST_F(PrepareMarket, AColdRunReadsNothingAndForgetsNoVersion) {
  RunConfig config = find_job("BASIC_BACKTEST").default_config();
  config.output = folder();
  config.market = {.num_symbols = 20, .num_sessions = 300};
  config.store.use = StoreUse::kKeep;
  const auto run_on = [&](Date day, StoreStart start) {
    config.store.now = midnight(day);
    config.store.start = start;
    prepare_run(config);
    const JobResult result = find_job("BASIC_BACKTEST").run(config);
    const auto state = std::find_if(result.config.begin(), result.config.end(),
                                    [](const auto& setting) { return setting.first == "store"; });
    return state == result.config.end() ? "" : state->second;
  };
  const auto num_replaced = [&] {
    std::size_t number = 0;
    for (const store::Listed& one : store::list(folder() / "store")) number += one.num_replaced;
    return number;
  };
  EXPECT_EQ(run_on(make_date(2025, 1, 15), StoreStart::kAsItIs), "cold");
  const std::size_t num_stores = store::list(folder() / "store").size();
  ASSERT_GT(num_stores, 0U);
  // The vendor's revision: other bars in the same file.
  const std::filesystem::path prices = config.load.prices;
  std::filesystem::copy_file(market(20, 301), prices,
                             std::filesystem::copy_options::overwrite_existing);
  EXPECT_EQ(run_on(make_date(2025, 2, 15), StoreStart::kCold), "cold");
  const std::size_t after_revision = num_replaced();
  EXPECT_GT(after_revision, 0U);
  EXPECT_EQ(run_on(make_date(2025, 3, 15), StoreStart::kCold), "cold");
  EXPECT_EQ(num_replaced(), after_revision);
  EXPECT_EQ(store::list(folder() / "store").size(), num_stores);
  EXPECT_EQ(run_on(make_date(2025, 3, 16), StoreStart::kAsItIs), "warm");
}

TEST_F(Run, FilesOfOneNameInTwoFoldersHaveStoresOfTheirOwn) {
  RunConfig config = find_job("BASIC_BACKTEST").default_config();
  config.output = folder() / "output";
  config.store.now = midnight(make_date(2025, 1, 15));
  for (const char* place : {"first", "second"}) {
    std::filesystem::create_directories(folder() / place);
    const bool is_first = place == std::string_view("first");
    std::filesystem::copy_file(market(is_first ? 30 : 20, is_first ? 400 : 300),
                               folder() / place / "prices.parquet");
  }
  for (int round = 0; round < 2; ++round) {
    for (const char* place : {"first", "second"}) {
      config.load.prices = folder() / place / "prices.parquet";
      const JobResult result = find_job("BASIC_BACKTEST").run(config);
      EXPECT_EQ(contains(result.notes, "evaluated"), round == 0) << place;
    }
  }
  std::size_t num_replaced = 0;
  for (const store::Listed& one : store::list(folder() / "output" / "store")) {
    EXPECT_TRUE(one.universe.starts_with("prices-")) << one.universe;
    num_replaced += one.num_replaced;
  }
  EXPECT_EQ(num_replaced, 0U);
  // Another way to write the same place is the same place.
  config.load.prices = folder() / "second" / ".." / "first" / "prices.parquet";
  EXPECT_FALSE(contains(find_job("BASIC_BACKTEST").run(config).notes, "evaluated"));
}

TEST_F(Run, BasicBacktestGivesTheSameFilesColdAndWarm) {
  RunConfig config = find_job("BASIC_BACKTEST").default_config();
  config.load.prices = market(30, 400);
  config.output = folder() / "output";
  config.store.now = midnight(make_date(2025, 1, 15));
  const auto files_of = [&](const JobResult& result) {
    std::string all;
    for (const auto& name : result.files) all += text_of(config.output / name);
    return all;
  };
  const JobResult cold = find_job("BASIC_BACKTEST").run(config);
  const std::string cold_files = files_of(cold);
  const JobResult warm = find_job("BASIC_BACKTEST").run(config);
  EXPECT_TRUE(contains(cold.notes, "evaluated: nothing is stored"));
  EXPECT_TRUE(contains(warm.notes, "columns of a year read"));
  EXPECT_FALSE(contains(warm.notes, "evaluated"));
  EXPECT_EQ(files_of(warm), cold_files);
  EXPECT_TRUE(contains(cold_files, "multifactor_long_short"));
  const auto state_of = [](const JobResult& result) {
    const auto state = std::find_if(result.config.begin(), result.config.end(),
                                    [](const auto& setting) { return setting.first == "store"; });
    return state == result.config.end() ? "" : state->second;
  };
  EXPECT_EQ(state_of(cold), "cold");
  EXPECT_EQ(state_of(warm), "warm");
  config.store.start = StoreStart::kCold;
  prepare_run(config);
  EXPECT_EQ(state_of(find_job("BASIC_BACKTEST").run(config)), "cold");
  config.store.use = StoreUse::kOff;
  const JobResult without = find_job("BASIC_BACKTEST").run(config);
  EXPECT_EQ(state_of(without), "");
  EXPECT_EQ(files_of(without), cold_files);
}

}  // namespace
}  // namespace tickwerk::job
