#include "tickwerk/report/zoo_report.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tickwerk/io/parquet_reader.h"
#include "tickwerk/report/text_fixture.h"
#include "tickwerk/report/zoo_report_csv.h"
#include "tickwerk/report/zoo_report_fixture.h"
#include "tickwerk/report/zoo_report_page.h"
#include "tickwerk/report/zoo_report_text.h"

namespace tickwerk::report {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream lines(text);
  std::vector<std::string> found;
  for (std::string line; std::getline(lines, line);) found.push_back(line);
  return found;
}

std::string all_findings(const ZooReport& report) {
  return fmt::format("{}", fmt::join(findings(report, judge(report)), "\n"));
}

class ZooReportTest : public testing::Test {
 protected:
  fs::path folder_ =
      fs::path(testing::TempDir()) / testing::UnitTest::GetInstance()->current_test_info()->name();
  void SetUp() override { fs::remove_all(folder_); }
  void TearDown() override { fs::remove_all(folder_); }
};

TEST_F(ZooReportTest, WritesTheSevenFilesTheSameTwice) {
  const SampleZoo sample = sample_zoo({});
  const auto names = write_zoo_report(sample.report(), folder_ / "a");
  write_zoo_report(sample.report(), folder_ / "b");
  EXPECT_EQ(names, (std::vector<fs::path>{
                       "ml_feature_importance_fwd_trade_5_1d.csv", "ml_metrics_fwd_trade_5_1d.csv",
                       "ml_model_zoo_report.html", "ml_model_zoo_summary.csv",
                       "ml_model_zoo_summary.md", "ml_portfolio_metrics_fwd_trade_5_1d.csv",
                       "ml_predictions_fwd_trade_5_1d.parquet"}));
  for (const fs::path& name : names) {
    EXPECT_EQ(text_of(folder_ / "a" / name), text_of(folder_ / "b" / name)) << name;
    EXPECT_FALSE(text_of(folder_ / "a" / name).empty()) << name;
  }
}

TEST_F(ZooReportTest, MetricsHaveARowAModelAndSplitWithTheHeadingOfTheReference) {
  const SampleZoo sample = sample_zoo({});
  const auto lines = lines_of(zoo_metrics_csv(sample.report()));
  ASSERT_EQ(lines.size(), 1u + 3 * 5);
  EXPECT_TRUE(lines[0].starts_with(
      "model,split_index,mse,mae,r2,r2_train,train_test_gap_r2,n_train_samples,n_test_samples,"));
  EXPECT_TRUE(lines[1].starts_with("linear,0,"));
  EXPECT_TRUE(lines[15].starts_with("lasso_0.01,4,"));
  // 300 bars in six parts of 50; labels reach 5 bars ahead: the first window trains on 45.
  EXPECT_TRUE(holds(lines[1], ",450,500,"));
  EXPECT_TRUE(lines[1].ends_with(",45,2020-02-20,2020-04-09,50,0")) << lines[1];
}

TEST_F(ZooReportTest, ImportanceIsSortedWithinAModelAndKnowsItsSign) {
  const SampleZoo sample = sample_zoo({.signal = -2});
  const auto lines = lines_of(zoo_importance_csv(sample.report()));
  ASSERT_EQ(lines.size(), 1u + 3 * 2);
  EXPECT_EQ(lines[0],
            "model,feature,importance,raw_value,direction,mean_share,share_deviation,"
            "splits_of_same_sign");
  EXPECT_TRUE(lines[1].starts_with("linear,spring & <summer>,0.0")) << lines[1];
  EXPECT_TRUE(holds(lines[1], ",-1,")) << lines[1];
  EXPECT_TRUE(lines[1].ends_with(",5"));
}

TEST_F(ZooReportTest, PredictionsHoldEveryTestedRowOfAllModels) {
  const SampleZoo sample = sample_zoo({});
  write_zoo_report(sample.report(), folder_);
  io::ParquetReader reader(folder_ / "ml_predictions_fwd_trade_5_1d.parquet");
  std::vector<std::string> names;
  for (const auto& column : reader.columns()) names.push_back(column.name);
  EXPECT_EQ(names, (std::vector<std::string>{"timestamp", "symbol", "y_true", "split_index",
                                             "linear", "ridge_10", "lasso_0.01"}));
  ASSERT_EQ(reader.num_row_groups(), 1u);
  EXPECT_EQ(reader.num_rows(0), 250u * 10);
}

TEST_F(ZooReportTest, NoiseIsCalledNoEvidence) {
  const SampleZoo sample = sample_zoo({});
  const std::string said = all_findings(sample.report());
  EXPECT_TRUE(holds(said, "No evidence that any of the 3 models orders returns")) << said;
  EXPECT_TRUE(holds(said, "probability of overfitting")) << said;
  EXPECT_TRUE(holds(said, "the luckiest of 3 models")) << said;
}

TEST_F(ZooReportTest, WhatIsThereIsCalledEvidenceAfterCorrection) {
  const SampleZoo sample = sample_zoo({.signal = 1});
  const std::string said = all_findings(sample.report());
  EXPECT_TRUE(holds(said, "3 of 3 models show evidence")) << said;
  EXPECT_TRUE(holds(said, "after Holm's correction")) << said;
  for (const JudgedModel& one : judge(sample.report())) EXPECT_EQ(verdict(one), "evidence");
}

TEST_F(ZooReportTest, TheRecordIsSaidWhereItHoldsMoreThanTheseModels) {
  const SampleZoo sample = sample_zoo({.signal = 1});
  ZooReport report = sample.report();
  report.num_trials = 3;
  report.trial_variance = sample.zoo.sharpe_variance;
  EXPECT_FALSE(holds(all_findings(report), "The record holds"));
  report.num_trials = 1000;
  report.trial_variance = 1;  // such luck is worth 3 a day
  const auto& models = sample.zoo.models;
  const auto best =
      std::max_element(models.begin(), models.end(), [](const auto& one, const auto& other) {
        return *one.scores.long_short_summary->sharpe < *other.scores.long_short_summary->sharpe;
      });
  EXPECT_TRUE(holds(
      all_findings(report),
      fmt::format("The record holds 1,000 trials over these bars: the probability that the "
                  "portfolio of {} is above what the luckiest of them would show is 0.000, short "
                  "of 0.95.",
                  best->spec.name)))
      << all_findings(report);
}

TEST_F(ZooReportTest, AModelWithoutPortfolioIsNoneOfThoseThatTheRecordKnows) {
  const SampleZoo sample = sample_zoo({.signal = 1, .models = {"linear", "ridge_10", "lasso_9"}});
  ASSERT_FALSE(sample.zoo.models[2].scores.long_short_summary->sharpe);
  ZooReport report = sample.report();
  report.trial_variance = 1;
  report.num_trials = 2;  // the two that have one
  EXPECT_FALSE(holds(all_findings(report), "The record holds"));
  report.num_trials = 3;  // and a backtest
  EXPECT_TRUE(holds(all_findings(report), "The record holds 3 trials")) << all_findings(report);
}

TEST_F(ZooReportTest, OnlyARunThatKeepsARecordSpeaksOfIt) {
  const SampleZoo sample = sample_zoo({});
  ZooReport report = sample.report();
  EXPECT_TRUE(holds(zoo_markdown(report), "What was tried elsewhere is in no correction of p."));
  EXPECT_FALSE(holds(zoo_markdown(report), "record of trials"));
  report.num_trials = 3;
  EXPECT_TRUE(holds(zoo_markdown(report),
                    "What was tried elsewhere is in no correction of p; the record of trials knows "
                    "the portfolios that were tried over these bars."));
}

TEST_F(ZooReportTest, APortfolioAloneIsUnconfirmed) {
  SampleZoo sample = sample_zoo({});
  sample.zoo.sharpe_variance = 0.01 / 252;
  const auto said_with = [&](double deflated) {
    for (model::ZooModel& model : sample.zoo.models) {
      model.scores.long_short_summary->deflated_sharpe = deflated;
    }
    return all_findings(sample.report());
  };
  EXPECT_TRUE(holds(said_with(0.97), "take it as unconfirmed")) << said_with(0.97);
  EXPECT_TRUE(holds(said_with(0.97), "Their ratios lie 0.10 a year apart"));
  EXPECT_FALSE(holds(said_with(0.90), "unconfirmed"));
  const SampleZoo skilled = sample_zoo({.signal = 1});
  EXPECT_FALSE(holds(all_findings(skilled.report()), "unconfirmed"));
}

TEST_F(ZooReportTest, AValueFarFromTrainingIsNamedWhereALinearModelHasNoFit) {
  SampleZoo sample = sample_zoo({});
  EXPECT_FALSE(holds(all_findings(sample.report()), "far from all training"));
  // Row 2,003 is of the fourth symbol on the 201st bar, 2020-07-19.
  sample.zoo.farthest = {.feature = 1, .split = 3, .row = 2003, .deviations = 1234.4};
  for (model::ZooModel& model : sample.zoo.models) model.scores.regression.r2 = -14.6;
  EXPECT_TRUE(holds(all_findings(sample.report()),
                    "noise of S3 on 2020-07-19 is 1,234 standard deviations of its training rows "
                    "from their mean ("))
      << all_findings(sample.report());
  for (model::ZooModel& model : sample.zoo.models) model.scores.regression.r2 = 0.01;
  EXPECT_FALSE(holds(all_findings(sample.report()), "far from all training"));
}

TEST_F(ZooReportTest, WithoutPurgeTheFirstSentenceWarns) {
  const SampleZoo sample = sample_zoo({});
  ZooReport report = sample.report();
  report.splits.purge = model::Purge::kNone;
  EXPECT_TRUE(all_findings(report).starts_with("Nothing was purged"));
  report.splits = {.scheme = model::SplitScheme::kPurgedKFold};
  EXPECT_TRUE(all_findings(report).starts_with("Models trained on bars after"));
}

TEST_F(ZooReportTest, AModelThatPredictsAConstantSaysWhyItHasNoVerdict) {
  const SampleZoo sample = sample_zoo({.models = {"lasso_9", "linear"}});
  const std::vector<JudgedModel> judged = judge(sample.report());
  EXPECT_EQ(judged.back().model->spec.name, "lasso_9");
  EXPECT_TRUE(verdict(judged.back()).starts_with("not available")) << verdict(judged.back());
  EXPECT_FALSE(holds(zoo_markdown(sample.report()), "nan"));
}

TEST_F(ZooReportTest, NamesStayTextOnThePageAndInMarkdown) {
  const SampleZoo sample = sample_zoo({});
  EXPECT_FALSE(holds(zoo_report_page(sample.report()), "<summer>"));
  EXPECT_TRUE(holds(zoo_report_page(sample.report()), "&lt;summer&gt;"));
  EXPECT_TRUE(holds(zoo_markdown(sample.report()), "# Model zoo: fwd_trade_5"));
}

TEST_F(ZooReportTest, SummaryIsOneJsonDocumentWithTheModelsAndSplits) {
  const SampleZoo sample = sample_zoo({.signal = 1});
  const auto document = nlohmann::json::parse(zoo_summary_json(sample.report()));
  ASSERT_EQ(document.at("models").size(), 3u);
  EXPECT_EQ(document.at("models")[0].at("splits").size(), 5u);
  EXPECT_EQ(document.at("horizon"), 5);
  EXPECT_TRUE(document.at("probability_of_overfitting").is_number());
  EXPECT_TRUE(holds(zoo_summary(sample.report()), "page: ml_model_zoo_report.html"));
}

}  // namespace
}  // namespace tickwerk::report
