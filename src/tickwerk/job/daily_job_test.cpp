#include "tickwerk/job/daily_job.h"

#include <gtest/gtest.h>

#include <sstream>

#include "tickwerk/job/backtest_job.h"
#include "tickwerk/job/job_fixture.h"

namespace tickwerk::job {
namespace {

using Fields = std::vector<std::string>;

constexpr const char* kHeading = "Ticker,Side,Quantity,PriceType,Comment\n";

std::vector<Fields> rows_of(const std::string& csv) {
  std::vector<Fields> rows;
  std::istringstream lines(csv);
  for (std::string line; std::getline(lines, line);) {
    Fields& fields = rows.emplace_back();
    std::istringstream rest(line);
    for (std::string field; std::getline(rest, field, ',');) fields.push_back(field);
  }
  rows.erase(rows.begin());
  return rows;
}

class Daily : public JobFixture {
 protected:
  std::string orders_file(const RunConfig& config, const char* day) const {
    return text_of(config.output / fmt::format("orders_{}.csv", day));
  }

  /// Symbol, side and quantity of the orders that the files of a history say were decided on `day`.
  static std::vector<Fields> decided_on(const RunConfig& config, const std::string& day) {
    std::vector<Fields> decided;
    for (const Fields& row : rows_of(text_of(config.output / "orders_1d.csv"))) {
      if (row[0] == day) decided.push_back({row[1], row[2], row[3]});
    }
    return decided;
  }

  /// The same of the order file.
  std::vector<Fields> sent_on(const RunConfig& config, const char* day) const {
    std::vector<Fields> sent = rows_of(orders_file(config, day));
    for (Fields& row : sent) row.resize(3);
    return sent;
  }

  /// Refused before any file is written.
  void refused(const RunConfig& config, const std::string& words) const {
    const Error error = error_of([&] { run_daily(config); });
    EXPECT_EQ(error.code(), Code::kInvalidArgument);
    EXPECT_TRUE(contains(error.what(), words));
    EXPECT_FALSE(std::filesystem::exists(config.output));
  }
};

TEST_F(Daily, OrdersAreThoseTheBacktestDecidesOnThatDay) {
  const std::filesystem::path prices = market(40, 120);
  for (const backtest::FillRule fill :
       {backtest::FillRule::kNextOpen, backtest::FillRule::kSameClose}) {
    RunConfig config = config_of(prices);
    config.backtest.fill = fill;
    run_backtest(config);
    const std::vector<Fields> decided = decided_on(config, "2024-12-31");
    ASSERT_GT(decided.size(), 5u);
    run_daily(config);
    EXPECT_EQ(sent_on(config, "20241231"), decided) << to_string(fill);
  }
}

TEST_F(Daily, OrdersOfADayDoNotDependOnTheDaysAfterIt) {
  RunConfig config = config_of(market(40, 120));
  run_backtest(config);
  const std::vector<Fields> decided = decided_on(config, "2024-11-20");
  ASSERT_GT(decided.size(), 5u);
  config.date = make_date(2024, 11, 20);
  run_daily(config);
  EXPECT_EQ(sent_on(config, "20241120"), decided);
}

TEST_F(Daily, TwiceGivesTheSameBytes) {
  RunConfig config = config_of(market(10, 60));
  const JobResult first = run_daily(config);
  std::vector<std::string> bytes;
  for (const auto& name : first.files) bytes.push_back(text_of(config.output / name));
  const JobResult second = run_daily(config);
  EXPECT_EQ(second.files, first.files);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    EXPECT_EQ(text_of(config.output / first.files[i]), bytes[i]) << first.files[i];
  }
}

/// Two symbols that rise on every session; an entry on each side of a limit is easy to work out.
class TwoRisers : public Daily {
 protected:
  static constexpr const char* kPrices =
      "date,symbol,open,high,low,close,volume\n"
      "2024-01-02,A,10,10,10,10,1\n2024-01-02,B,20,20,20,20,1\n"
      "2024-01-03,A,11,11,11,11,1\n2024-01-03,B,22,22,22,22,1\n"
      "2024-01-04,A,12,12,12,12,1\n2024-01-04,B,24,24,24,24,1\n"
      "2024-01-05,A,13,13,13,13,1\n2024-01-05,B,26,26,26,26,1\n";

  RunConfig risers() const {
    RunConfig config = config_of(file("prices.csv", kPrices));
    config.strategy = strategy::built_in_spec("trend_baseline");
    config.strategy.params = {{"fast", 1}, {"slow", 2}};
    config.backtest.start_capital = 2600;
    config.positions = "none";
    return config;
  }
};

TEST_F(TwoRisers, FromCashBuyEqualSharesOfEquity) {
  const RunConfig config = risers();
  const JobResult result = run_daily(config);
  EXPECT_EQ(orders_file(config, "20240105"), std::string(kHeading) +
                                                 "A,BUY,100,MOO,trend_baseline entry\n"
                                                 "B,BUY,50,MOO,trend_baseline entry\n");
  EXPECT_TRUE(contains(result.summary, "2 orders decided on 2024-01-05"));
}

TEST_F(TwoRisers, FromAFileBuyWhatIsMissingAndSaySo) {
  RunConfig config = risers();
  // Equity 650 + 150 x 13 = 2600, of which each is to have 1300.
  config.positions = file("held.csv", "symbol,quantity\nA,150\nCASH,650\n").string();
  run_daily(config);
  EXPECT_EQ(orders_file(config, "20240105"), std::string(kHeading) +
                                                 "A,SELL,50,MOO,trend_baseline reduction\n"
                                                 "B,BUY,50,MOO,trend_baseline entry\n");
}

TEST_F(TwoRisers, AtTheSameCloseEntriesAndExitsAreNamedFromBeforeTheFill) {
  RunConfig config = risers();
  config.positions.clear();
  config.backtest.fill = backtest::FillRule::kSameClose;
  config.load.to = make_date(2024, 1, 3);  // the slow mean is ready on the second session
  config.limits.max_weight = 0.6;
  run_daily(config);
  const std::vector<Fields> sent = rows_of(orders_file(config, "20240103"));
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_EQ(sent[0][4], "trend_baseline entry");
  EXPECT_EQ(sent[1][4], "trend_baseline entry");
}

TEST_F(TwoRisers, LimitsHoldUpToTheirValueAndBeyondItLeaveNoFile) {
  RunConfig config = risers();
  config.limits = {.max_orders = 2, .max_notional = 2600, .max_weight = 0.5};
  EXPECT_NO_THROW(run_daily(config));
  std::filesystem::remove_all(config.output);

  config.limits = {.max_orders = 1, .max_notional = {}, .max_weight = {}};
  refused(config, "within max_orders 1, found 2");
  config.limits = {.max_orders = {}, .max_notional = 2599, .max_weight = {}};
  refused(config, "within max_notional 2599, found 2600");
  config.limits = {.max_orders = {}, .max_notional = {}, .max_weight = 0.4};
  refused(config, "within max_order_weight 0.4, found 0.5");
}

TEST_F(TwoRisers, KillSwitchSendsNothingWhateverTheLimits) {
  RunConfig config = risers();
  config.kill_switch = KillSwitch::kOn;
  config.limits.max_orders = 0;
  const JobResult result = run_daily(config);
  EXPECT_EQ(orders_file(config, "20240105"), kHeading);
  EXPECT_TRUE(contains(result.notes, "the kill switch is on"));
  EXPECT_TRUE(contains(result.summary, "all were withheld"));
}

TEST_F(TwoRisers, DateMustBeASessionOfTheData) {
  RunConfig config = risers();
  config.date = make_date(2024, 1, 6);  // a Saturday
  refused(config, "found 2024-01-06; the nearest are 2024-01-05 and 2024-01-08");
  config.date = make_date(2024, 1, 9);
  refused(config, "the last session in the data up to it is 2024-01-05");
}

TEST_F(TwoRisers, SymbolsOfTheUniverseWithoutDataAreListed) {
  RunConfig config = risers();
  config.load.universe = file("members.csv", "symbol\nA\nB\nGONE\n");
  EXPECT_TRUE(contains(run_daily(config).notes, "GONE of the universe has no data"));
}

}  // namespace
}  // namespace tickwerk::job
