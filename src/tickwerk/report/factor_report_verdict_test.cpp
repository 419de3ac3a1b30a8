#include "tickwerk/report/factor_report_verdict.h"

#include <gtest/gtest.h>

#include "tickwerk/report/factor_report_fixture.h"

namespace tickwerk::report {
namespace {

constexpr std::size_t kNumRows = 100;  // 20 times the main horizon

struct Sample {
  explicit Sample(const std::vector<SampleFactor>& made) {
    for (const SampleFactor& one : made) {
      analysis.factors.push_back(sample_factor(one, kNumRows, 0));
    }
  }
  FactorReport report(std::size_t num_trials = 0) const {
    FactorReport made{.analysis = analysis, .times = times};
    made.num_trials = num_trials;
    return made;
  }
  std::vector<std::string> said(std::size_t num_trials = 0) const {
    const FactorReport made = report(num_trials);
    return findings(made, judge(made));
  }

  factor::Analysis analysis = {};
  std::vector<Timestamp> times = sample_times(kNumRows);
};

// Worked by hand: sorted 0.01, 0.02, 0.03, 0.04 times 4, 3, 2, 1 are 0.04, 0.06, 0.06, 0.04; none
// may fall below the one before it.
TEST(Holm, LevelsAreStepwiseAndNeverFall) {
  const std::vector<double> adjusted = holm_adjusted({0.04, 0.01, 0.03, 0.02});
  ASSERT_EQ(adjusted.size(), 4u);
  EXPECT_DOUBLE_EQ(adjusted[1], 0.04);
  EXPECT_DOUBLE_EQ(adjusted[3], 0.06);
  EXPECT_DOUBLE_EQ(adjusted[2], 0.06);
  EXPECT_DOUBLE_EQ(adjusted[0], 0.06);
  EXPECT_EQ(holm_adjusted({0.9, 0.8}), (std::vector<double>{1, 1}));
  EXPECT_TRUE(holm_adjusted({}).empty());
}

TEST(FactorVerdict, TheLargestTComesFirstAndWhatHasNoneLast) {
  Sample sample({{"small", 0.01, 0.5, 0.6}});
  sample.analysis.factors.push_back(empty_factor("empty", kNumRows, 0));
  sample.analysis.factors.push_back(sample_factor({"large", -0.05, -4, 0.0001}, kNumRows, 0));
  sample.analysis.factors.push_back(sample_factor({"same", 0.01, -0.5, 0.6}, kNumRows, 0));
  const FactorReport report = sample.report();
  std::vector<std::string> names;
  for (const JudgedFactor& one : judge(report)) names.push_back(one.factor->name);
  EXPECT_EQ(names, (std::vector<std::string>{"large", "small", "same", "empty"}));
}

TEST(FactorVerdict, CountsTheFactorsTried) {
  const Sample sample({{"up", 0.05, 4, 0.0001},
                       {"down", -0.05, -3.5, 0.001},
                       {"luck", 0.02, 2, 0.03},
                       {"noise", 0.001, 0.1, 0.9}});
  const FactorReport report = sample.report();
  const auto judged = judge(report);
  EXPECT_EQ(verdict(judged[0]), "evidence, positive");
  EXPECT_EQ(verdict(judged[1]), "evidence, negative");
  EXPECT_EQ(verdict(judged[2]), "weak, positive");
  EXPECT_EQ(verdict(judged[3]), "no evidence");
  EXPECT_DOUBLE_EQ(*judged[2].p_holm, 0.06);
}

TEST(FactorVerdict, FindingsNameWhatWasFound) {
  const Sample sample({{"up", 0.05, 4, 0.0001}, {"luck", 0.02, 1.9, 0.06}});
  const auto said = sample.said();
  ASSERT_EQ(said.size(), 1u);
  EXPECT_EQ(said[0],
            "1 of 2 factors shows evidence of ordering returns at the 5 % level after Holm's "
            "correction for that many: up (mean rank IC 0.0500, t 4.00).");
}

TEST(FactorVerdict, NoEvidenceIsAResultWithItsChanceOfLuck) {
  const Sample sample({{"a", 0.02, 2, 0.04}, {"b", 0.01, 1, 0.3}});
  const auto said = sample.said();
  ASSERT_EQ(said.size(), 2u);
  EXPECT_EQ(
      said[0],
      "No evidence that any of 2 factors orders returns, which is a result: the largest |t| is "
      "that of a (mean rank IC 0.0200, t 2.00), p 0.040. Of 2 independent factors of pure "
      "noise at least one falls below p = 0.05 in 10 % of analyses.");
  EXPECT_EQ(said[1],
            "1 factor falls below p = 0.05 alone, which the number of factors tried may explain: "
            "weak.");
}

TEST(FactorVerdict, TrialsOnRecordRaiseTheBar) {
  const Sample sample({{"up", 0.05, 4, 0.0001}, {"luck", 0.02, 1.9, 0.06}});
  EXPECT_EQ(
      sample.said(100).back(),
      "Holm's correction knows the factors shown here. The record holds 100 trials over these "
      "bars, these included: among that many a single test needs p < 0.0005 (Bonferroni), "
      "which 1 factor has.");
  EXPECT_TRUE(sample.said(1000).back().ends_with("p < 5e-05 (Bonferroni), which none has."));
}

TEST(FactorVerdict, FewStretchesWithoutOverlapAreSaid) {
  Sample sample({{"up", 0.05, 13, 0.4}});
  EXPECT_EQ(sample.said().size(), 1u);
  sample.analysis.factors.front().horizons.front().rank_ic_summary.count = 99;
  EXPECT_EQ(
      sample.said().back(),
      "99 bars hold only 19 times 5 bars that do not overlap: go by p, which allows for that, "
      "not by t.");
}

TEST(FactorVerdict, WhatIsTooGoodToBeTrueIsNoEvidence) {
  const Sample sample({{"leak", 0.99, 2710, 0},
                       {"mirror", -0.3, -20, 1e-9},
                       {"strong", 0.14, 8, 1e-9},
                       {"noise", 0.001, 0.1, 0.9}});
  const FactorReport report = sample.report();
  const auto judged = judge(report);
  EXPECT_EQ(verdict(judged[0]), "too good to be true");
  EXPECT_EQ(verdict(judged[1]), "too good to be true");
  EXPECT_EQ(verdict(judged[2]), "evidence, positive");
  const auto said = sample.said(10);
  EXPECT_TRUE(
      said[0].starts_with("Too good to be true: leak (mean rank IC 1.9800 at 1 bar), "
                          "mirror (mean rank IC -0.6000 at 1 bar). "))
      << said[0];
  EXPECT_TRUE(said[1].starts_with("1 of 4 factors shows evidence")) << said[1];
  EXPECT_TRUE(said.back().ends_with("which 1 factor has.")) << said.back();
}

TEST(FactorVerdict, AloneTheTooGoodOneIsNotCalledNothing) {
  const auto said = Sample({{"leak", 0.99, 2710, 0}}).said();
  ASSERT_EQ(said.size(), 1u);
  EXPECT_TRUE(said[0].starts_with("Too good to be true: leak"));
}

TEST(FactorVerdict, BesideTheTooGoodOneNothingIsSaidOfTheRestAlone) {
  const auto said = Sample({{"leak", 0.99, 2710, 0}, {"noise", 0.01, 0.1, 0.9}}).said();
  ASSERT_EQ(said.size(), 2u);
  EXPECT_TRUE(said[1].starts_with("No evidence that noise orders returns")) << said[1];
}

TEST(FactorVerdict, ACoefficientThatNeverVariesHasNoTAndIsTooGood) {
  Sample sample({{"copy", 1, 0, 1}});
  for (factor::HorizonAnalysis& at : sample.analysis.factors.front().horizons) {
    at.rank_ic_summary.mean = 1.0;
    at.rank_ic_summary.deviation = 0.0;
    at.rank_ic_summary.t.reset();
  }
  const FactorReport report = sample.report();
  EXPECT_EQ(verdict(judge(report).front()), "too good to be true");
  const auto said = sample.said();
  ASSERT_EQ(said.size(), 1u);  // nothing of stretches: there is no t to go by
  EXPECT_TRUE(said.front().starts_with("Too good to be true: copy"));
}

TEST(FactorVerdict, AFewBarsOfLuckAreNoSuspicion) {
  const Sample sample({{"luck", 0.2, 2.5, 0.02}});
  EXPECT_EQ(verdict(judge(sample.report()).front()), "evidence, positive");
}

TEST(FactorVerdict, SaysWhyThereIsNone) {
  factor::FactorAnalysis factor = empty_factor("x", kNumRows, 0);
  JudgedFactor judged{.index = 0, .factor = &factor, .main = &factor.horizons.front()};
  factor.counted = {.num_infinite = 0, .most_on_a_row = 10, .num_ordered_rows = 0};
  EXPECT_EQ(verdict(judged), "not available: the same value for all symbols");
  factor.counted.most_on_a_row = 2;
  EXPECT_EQ(verdict(judged), "not available: fewer than 3 symbols with a value on a bar");
  factor.counted = {.num_infinite = factor.num_values, .most_on_a_row = 10, .num_ordered_rows = 0};
  EXPECT_EQ(verdict(judged), "not available: all values are infinite");
  factor.counted = {.num_infinite = 0, .most_on_a_row = 10, .num_ordered_rows = 5};
  EXPECT_EQ(verdict(judged), "not available: no return this far ahead");
  factor.horizons.front().rank_ic_summary.count = 4;
  EXPECT_EQ(verdict(judged), "not available: too few bars for this horizon");
  factor.num_values = 0;
  factor.horizons.front().rank_ic_summary.count = 0;
  EXPECT_EQ(verdict(judged), "not available: no value, all are NaN");
}

}  // namespace
}  // namespace tickwerk::report
