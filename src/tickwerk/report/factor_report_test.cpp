#include "tickwerk/report/factor_report.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tickwerk/report/factor_report_charts.h"
#include "tickwerk/report/factor_report_fixture.h"
#include "tickwerk/report/factor_report_page.h"
#include "tickwerk/report/factor_report_text.h"
#include "tickwerk/report/text_fixture.h"

namespace tickwerk::report {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// The lines that begin with `start`.
std::vector<std::string> lines_of(const std::string& text, std::string_view start) {
  std::istringstream lines(text);
  std::vector<std::string> found;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(start)) found.push_back(line);
  }
  return found;
}

class FactorReportTest : public testing::Test {
 protected:
  FactorReportTest()
      : folder_(fs::path(testing::TempDir()) /
                testing::UnitTest::GetInstance()->current_test_info()->name()) {
    fs::remove_all(folder_);
  }
  ~FactorReportTest() override { fs::remove_all(folder_); }

  void add(const SampleFactor& made) {
    analysis_.factors.push_back(sample_factor(made, kNumRows, regimes_.size()));
  }
  void add_empty(const std::string& name) {
    analysis_.factors.push_back(empty_factor(name, kNumRows, regimes_.size()));
  }

  FactorReport report() {
    FactorReport made{.analysis = analysis_, .times = times_};
    made.set = "core";
    made.num_symbols = 12;
    made.config.quantiles.num_quantiles = kSampleBuckets;
    made.regimes = regimes_;
    made.expressions = {"close[-21] / close[-252] - 1"};
    made.descriptions = {"return of a year without its last month"};
    made.data_source = "prices.csv";
    made.data_fingerprint = "0123abcd";
    made.program = "tickwerk test";
    made.settings = {{"factors", "core"}};
    return made;
  }

  std::string file(const std::string& ending) {
    write_factor_report(report(), folder_);
    return text_of(folder_ / ("factor_analysis_core_5d_1d_" + ending));
  }

  static constexpr std::size_t kNumRows = 80;
  fs::path folder_;
  std::vector<Timestamp> times_ = sample_times(kNumRows);
  std::vector<std::string> regimes_;
  factor::Analysis analysis_;
};

TEST_F(FactorReportTest, FilesAreNamedBySetHorizonAndFrequency) {
  add({"momentum", 0.03125, 2.5, 0.0125});
  const std::string stem = "factor_analysis_core_5d_1d_";
  std::vector<fs::path> expected = {stem + "daily.csv",           stem + "ic_summary.csv",
                                    stem + "page.html",           stem + "portfolio_summary.csv",
                                    stem + "rank_ic_summary.csv", stem + "report.md"};
  EXPECT_EQ(write_factor_report(report(), folder_), expected);
  for (const fs::path& name : expected) EXPECT_TRUE(fs::exists(folder_ / name)) << name;
  analysis_.correlation = sample_correlation(1);
  expected.insert(expected.begin(), stem + "correlation.csv");
  EXPECT_EQ(write_factor_report(report(), folder_), expected);
}

TEST_F(FactorReportTest, TheSameReportGivesTheSameBytes) {
  regimes_ = {"calm", "wild"};
  add({"momentum", 0.03125, 2.5, 0.0125});
  add_empty("constant");
  analysis_.correlation = sample_correlation(2);
  const auto names = write_factor_report(report(), folder_ / "a");
  write_factor_report(report(), folder_ / "b");
  for (const fs::path& name : names) {
    EXPECT_EQ(text_of(folder_ / "a" / name), text_of(folder_ / "b" / name)) << name;
  }
}

TEST_F(FactorReportTest, IcSummaryHasARowForEachHorizonTheShortestFirst) {
  add({"momentum", 0.03125, 2.5, 0.0125});
  EXPECT_EQ(
      file("ic_summary.csv"),
      R"(factor,horizon,mean_ic,std_ic,ic_ir,hit_ratio,q05,q95,min_ic,max_ic,count,t,p_value,t_lags,t_weights
momentum,1,0.03125,0.25,0.125,0.53125,-0.375,0.4375,-0.625,0.75,80,1.25,0.5,4,hansen_hodrick
momentum,5,0.015625,0.25,0.0625,0.515625,-0.375,0.4375,-0.625,0.75,80,1.25,0.5,4,hansen_hodrick
)");
}

TEST_F(FactorReportTest, RankIcSummaryHasRegimesBelowAllDays) {
  regimes_ = {"calm, low", "wild"};
  add({"momentum", 0.03125, 2.5, 0.0125});
  EXPECT_EQ(
      file("rank_ic_summary.csv"),
      R"(factor,horizon,regime,mean_ic,std_ic,ic_ir,hit_ratio,q05,q95,min_ic,max_ic,count,t,p_value,t_lags,t_weights,rank_autocorrelation
momentum,1,,0.0625,0.25,0.25,0.5625,-0.375,0.4375,-0.625,0.75,80,2.5,0.0125,4,hansen_hodrick,0.875
momentum,1,"calm, low",0.0625,0.25,0.25,0.5625,-0.375,0.4375,-0.625,0.75,40,1.25,0.125,4,hansen_hodrick,
momentum,1,wild,-0.0625,0.25,-0.25,0.4375,-0.375,0.4375,-0.625,0.75,40,1.25,0.125,4,hansen_hodrick,
momentum,5,,0.03125,0.25,0.125,0.53125,-0.375,0.4375,-0.625,0.75,80,2.5,0.0125,4,hansen_hodrick,0.875
momentum,5,"calm, low",0.03125,0.25,0.125,0.53125,-0.375,0.4375,-0.625,0.75,40,1.25,0.125,4,hansen_hodrick,
momentum,5,wild,-0.03125,0.25,-0.125,0.46875,-0.375,0.4375,-0.625,0.75,40,1.25,0.125,4,hansen_hodrick,
)");
}

TEST_F(FactorReportTest, PortfolioSummaryHasBucketsAndLegsOfBothEntries) {
  add({"momentum", 0.5, 2.5, 0.0125});
  const std::string text = file("portfolio_summary.csv");
  EXPECT_EQ(lines_of(text, "factor").front(),
            "factor,horizon,entry,leg,mean_return,num_rows,yearly_return,total_return,volatility,"
            "sharpe,sharpe_error,probabilistic_sharpe,deflated_sharpe,max_drawdown_pct,num_returns,"
            "turnover,monotonicity,t,p_value,t_lags,t_weights");
  const std::vector<std::string> expected = {
      "momentum,5,next_open,q1,-0.1875,80,,,,,,,,,,,,,,,",
      "momentum,5,next_open,q2,-0.0625,80,,,,,,,,,,,,,,,",
      "momentum,5,next_open,q3,0.0625,80,,,,,,,,,,,,,,,",
      "momentum,5,next_open,bottom,-0.1875,80,-0.5,-0.25,0.125,-4,0.5,0.875,0.25,-12.5,3,0.25,,,,,",
      "momentum,5,next_open,top,0.0625,80,0.5,0.25,0.125,4,0.5,0.875,0.25,-12.5,3,0.75,,,,,",
  };
  const std::string spread =
      "momentum,5,next_open,long_short,0.25,80,1,0.5,0.125,8,0.5,0.875,0.25,-12.5,3,0.5,1,1.25,"
      "0.25,15,newey_west";
  EXPECT_EQ(lines_of(text, "momentum,5,next_open,long"), std::vector{spread});
  std::vector<std::string> others = lines_of(text, "momentum,5,next_open");
  others.pop_back();
  EXPECT_EQ(others, expected);
  EXPECT_EQ(lines_of(text, "momentum,5,close,q1").front(),
            "momentum,5,close,q1,-0.125,80,,,,,,,,,,,,,,,");
  EXPECT_EQ(lines_of(text, "momentum,").size(), 24u);
}

TEST_F(FactorReportTest, DailyHasARowForEachBarAndFactor) {
  add({"a", 0.5, 2.5, 0.0125});
  add_empty("b");
  analysis_.factors[0].horizons[0].rank_ic[0] = 0.1;
  analysis_.factors[0].horizons[0].ic[0] = kNaN;
  const std::string text = file("daily.csv");
  EXPECT_EQ(lines_of(text, "timestamp").front(), "timestamp,factor,ic,rank_ic,q1,q2,q3,long_short");
  const auto first = lines_of(text, "2024-01-01,");
  ASSERT_EQ(first.size(), 2u);
  EXPECT_EQ(first[0], "2024-01-01,a,,0.1,-0.1875,-0.0625,0.0625,0.0078125");
  EXPECT_EQ(first[1], "2024-01-01,b,,,,,,");
  EXPECT_EQ(lines_of(text, "2024").size(), 160u);
}

TEST_F(FactorReportTest, CorrelationIsAMatrixWithItsNames) {
  add({"a,b", 0.5, 2.5, 0.0125});
  add_empty("c");
  analysis_.correlation = sample_correlation(2);
  analysis_.correlation(0, 1) = kNaN;
  EXPECT_EQ(file("correlation.csv"), "factor,\"a,b\",c\n\"a,b\",1,\nc,0.5,1\n");
}

TEST_F(FactorReportTest, WhatIsMissingIsEmptyInTablesAndSaidInWords) {
  regimes_ = {"calm"};
  add_empty("constant");
  analysis_.correlation = Panel(1, 1, kNaN);
  FactorReport made = report();
  EXPECT_EQ(lines_of(file("rank_ic_summary.csv"), "constant,5,,").front(),
            "constant,5,,,,,,,,,,0,,,,,");
  const std::string texts = file("report.md") + file("page.html") + factor_summary(made) +
                            factor_summary_json(made) + file("portfolio_summary.csv");
  for (const char* bad : {"nan", "NaN", "inf,", "-inf"}) {
    for (std::size_t at = texts.find(bad); at != std::string::npos; at = texts.find(bad, at + 1)) {
      ADD_FAILURE() << texts.substr(at > 40 ? at - 40 : 0, 80);
      break;
    }
  }
  EXPECT_TRUE(holds(factor_summary(made), "not available: the same value for all symbols"));
  EXPECT_TRUE(holds(factor_summary(made), "No factor could be judged"));
}

TEST_F(FactorReportTest, MarkdownEscapesNamesAndExpressions) {
  add({"a|b", 0.5, 2.5, 0.0125});
  FactorReport made = report();
  made.expressions = {"x = a | b\n<script>"};
  EXPECT_TRUE(holds(factor_report_markdown(made), "| a\\|b "));
  EXPECT_TRUE(holds(factor_report_markdown(made), "x = a \\| b <script>"));
  EXPECT_FALSE(holds(factor_report_page(made), "<script>\n<"));
  EXPECT_TRUE(holds(factor_report_page(made), "x = a | b\n&lt;script&gt;"));
}

TEST_F(FactorReportTest, TheJsonDocumentHoldsEveryHorizon) {
  add({"momentum", 0.03125, 2.5, 0.0125});
  add_empty("constant");
  const json document = json::parse(factor_summary_json(report()));
  EXPECT_EQ(document["horizon"], 5);
  EXPECT_EQ(document["last_bar"], "2024-04-19");
  EXPECT_EQ(document["num_trials"], 0);
  const json& momentum = document["factors"][0];
  EXPECT_EQ(momentum["expression"], "close[-21] / close[-252] - 1");
  EXPECT_EQ(momentum["verdict"], "evidence, positive");
  EXPECT_EQ(momentum["horizons"][0]["horizon"], 1);
  EXPECT_EQ(momentum["horizons"][1]["rank_ic"]["mean"], 0.03125);
  EXPECT_EQ(momentum["horizons"][1]["next_open"]["quantiles"].size(), 3u);
  EXPECT_TRUE(document["factors"][1]["horizons"][1]["rank_ic"]["mean"].is_null());
}

TEST_F(FactorReportTest, ALargeReportStaysBelowAMegabyte) {
  constexpr std::size_t kTenYears = 2520;
  times_ = sample_times(kTenYears);
  std::vector<std::string> expressions;
  for (int i = 0; i < 158; ++i) {
    const std::string name = "factor_number_" + std::to_string(i);
    analysis_.factors.push_back(
        sample_factor({name, 0.03 - i * 0.0002, 3 - i * 0.02, 0.01}, kTenYears, 0));
    expressions.push_back("ts_mean(max(high - open, high - close), 20) / close + cs_rank(volume)");
  }
  analysis_.correlation = sample_correlation(158);
  FactorReport made = report();
  made.expressions = expressions;
  const std::string page = factor_report_page(made);
  EXPECT_LT(page.size(), 1'000'000u);
  EXPECT_TRUE(holds(page, "Charts show the 6 factors with the largest |t|, tables all 158."));
}

TEST(FactorReportCharts, ARollingMeanWantsValuesOnHalfOfItsBars) {
  std::vector<double> daily(64, 2.0);
  daily[0] = 65;
  const std::vector<double> means = rolling_mean(daily);
  EXPECT_TRUE(std::isnan(means[30]));
  EXPECT_DOUBLE_EQ(means[31], (65 + 31 * 2.0) / 32);
  EXPECT_DOUBLE_EQ(means[62], (65 + 62 * 2.0) / 63);
  EXPECT_DOUBLE_EQ(means[63], 2);
}

TEST(FactorReportCharts, ACumulativeSumPassesOverGaps) {
  const std::vector<double> sums = cumulative_sum(std::vector<double>{kNaN, 1, kNaN, 2});
  EXPECT_TRUE(std::isnan(sums[0]));
  EXPECT_EQ(std::vector<double>(sums.begin() + 1, sums.end()), (std::vector<double>{1, 1, 3}));
}

TEST_F(FactorReportTest, LongSeriesAreDrawnInPartAndTheCaptionSaysSo) {
  times_ = sample_times(6000);
  analysis_.factors.push_back(sample_factor({"momentum", 0.03125, 2.5, 0.0125}, 6000, 0));
  const FactorReport made = report();
  const auto judged = judge(made);
  const DateChart chart = cumulative_ic_chart(made, judged);
  ASSERT_EQ(chart.times.size(), 2001u);
  EXPECT_EQ(chart.times.back(), times_.back());
  EXPECT_TRUE(holds(chart.text.caption, "Drawn: 2,001 of 6,000 bars, 1 in 3, and the last."));
}

TEST_F(FactorReportTest, WhiskersAreTheErrorThatTImplies) {
  add({"momentum", 0.04, 2, 0.05});
  const auto judged = judge(report());
  const BarChart chart = decay_chart(judged);
  EXPECT_EQ(chart.groups, (std::vector<std::string>{"1 bar", "5 bars"}));
  EXPECT_DOUBLE_EQ(chart.series[0].values[1], 0.04);
  EXPECT_DOUBLE_EQ(chart.series[0].low[1], 0.04 - 1.96 * 0.02);
  EXPECT_DOUBLE_EQ(chart.series[0].high[1], 0.04 + 1.96 * 0.02);
}

TEST_F(FactorReportTest, BucketsAreDrawnAgainstTheirMean) {
  add({"momentum", 0.5, 2.5, 0.0125});
  const FactorReport made = report();
  const BarChart chart = bucket_chart(made, judge(made).front());
  EXPECT_EQ(chart.series[0].values, (std::vector<double>{-0.125, 0, 0.125}));
  EXPECT_EQ(chart.series[1].values, (std::vector<double>{-0.125, 0, 0.125}));
}

}  // namespace
}  // namespace tickwerk::report
