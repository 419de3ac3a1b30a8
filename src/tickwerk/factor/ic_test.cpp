#include "tickwerk/factor/ic.h"

#include "tickwerk/base/parallel.h"
#include "tickwerk/factor/panel_fixture.h"

namespace tickwerk::factor {
namespace {

TEST(DailyIc, IsPearsonsCorrelationOverSymbolsWithBothValues) {
  // Factor 1, 2, 3 against 2, 1, 4: covariance 2, squares 2 and 14/3.
  const Panel factor = rows_of({{1, 2, 3, kNaN, 9}});
  const Panel label = rows_of({{2, 1, 4, 7, kNaN}});
  expect_same(daily_ic(factor.view(), label.view()), {2 / std::sqrt(2 * 14.0 / 3)});
}

TEST(DailyRankIc, GivesTiesTheirAverageRank) {
  // Ranks 1.5, 1.5, 3, 4 against 1, 2, 3, 4: covariance 4.5, squares 4.5 and 5.
  const Panel factor = rows_of({{7, 7, 8, 100}});
  const Panel label = rows_of({{0.1, 0.2, 0.3, 0.4}});
  expect_same(daily_rank_ic(factor.view(), label.view()), {4.5 / std::sqrt(4.5 * 5)});
}

TEST(DailyIc, IsMissingForFewSymbolsAndForAConstant) {
  const Panel factor = rows_of({{1, 2, kNaN}, {5, 5, 5}, {1, 2, 3}, {kNaN, kNaN, kNaN}});
  const Panel label = rows_of({{1, 2, 3}, {1, 2, 3}, {4, 4, 4}, {1, 2, 3}});
  const std::vector<double> none(4, kNaN);
  expect_same(daily_ic(factor.view(), label.view()), none);
  expect_same(daily_rank_ic(factor.view(), label.view()), none);
}

TEST(DailyIc, RefusesPanelsOfOtherShapes) {
  const Panel factor = rows_of({{1, 2, 3}});
  const Panel label = rows_of({{1, 2}});
  EXPECT_THROW(daily_ic(factor.view(), label.view()), Error);
  EXPECT_THROW(daily_rank_ic(factor.view(), label.view()), Error);
}

TEST(DailyRankAutocorrelation, ComparesARowWithTheOneBefore) {
  const Panel factor = rows_of({{1, 2, 3}, {10, 20, 30}, {3, 2, 1}, {kNaN, 2, 1}});
  expect_same(daily_rank_autocorrelation(factor.view()), {kNaN, 1, -1, kNaN});
}

TEST(DailyRankAutocorrelation, IsTheSameForAnyNumberOfThreads) {
  const Panel factor = random_panel(300, 20, 1, 1, 9);
  set_num_threads(1);
  const Daily one = daily_rank_autocorrelation(factor.view());
  set_num_threads(3);
  expect_same(daily_rank_autocorrelation(factor.view()), one);
  set_num_threads(available_cores());
}

TEST(SummarizeIc, SaysWhatTheDaysAmountTo) {
  // 0.1, 0.3, -0.1, 0.1: mean 0.1, squares 0.08.
  const Daily daily{kNaN, 0.1, 0.3, kNaN, -0.1, 0.1};
  const IcSummary found = summarize_ic(daily, 1);
  EXPECT_EQ(found.count, 4u);
  EXPECT_NEAR(*found.mean, 0.1, 1e-15);
  EXPECT_NEAR(*found.deviation, std::sqrt(0.08 / 3), 1e-15);
  EXPECT_NEAR(*found.ir, 0.1 / std::sqrt(0.08 / 3), 1e-14);
  EXPECT_EQ(*found.hit_ratio, 0.75);
  EXPECT_NEAR(*found.q05, -0.1 + 0.15 * 0.2, 1e-15);  // place 0.15 of -0.1, 0.1, 0.1, 0.3
  EXPECT_NEAR(*found.q95, 0.1 + 0.85 * 0.2, 1e-15);
  EXPECT_EQ(*found.min, -0.1);
  EXPECT_EQ(*found.max, 0.3);
  EXPECT_NEAR(found.t->t, 0.1 / std::sqrt(0.08 / 3 / 4), 1e-14);
}

TEST(SummarizeIc, IsEmptyWithoutDays) {
  const IcSummary found = summarize_ic(Daily(5, kNaN), 20);
  EXPECT_EQ(found.count, 0u);
  EXPECT_FALSE(found.mean || found.deviation || found.ir || found.hit_ratio || found.min);
  EXPECT_FALSE(found.t);
  EXPECT_FALSE(summarize_ic(Daily{0.5}, 1).deviation);
}

TEST(SummarizeIc, HasNoRatioOfAConstant) {
  const IcSummary found = summarize_ic(Daily(50, 0.3), 5);
  EXPECT_NEAR(*found.mean, 0.3, 1e-15);
  EXPECT_FALSE(found.ir);
  EXPECT_FALSE(found.t);
}

TEST(SummarizeByRegime, TakesTheRowsOfEach) {
  const Daily daily{0.1, 0.2, 0.3, 0.4, kNaN};
  const auto found = summarize_by_regime(daily, 1, RegimeOfRow{1, 0, 1, -1, 0}, 3);
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].count, 1u);
  EXPECT_EQ(*found[0].mean, 0.2);
  EXPECT_EQ(found[1].count, 2u);
  EXPECT_DOUBLE_EQ(*found[1].mean, 0.2);
  EXPECT_EQ(found[2].count, 0u);
}

TEST(SummarizeByRegime, RefusesWhatDoesNotFit) {
  EXPECT_THROW(summarize_by_regime(Daily{1, 2}, 1, RegimeOfRow{0}, 1), Error);
  EXPECT_THROW(summarize_by_regime(Daily{1, 2}, 1, RegimeOfRow{0, 1}, 1), Error);
}

}  // namespace
}  // namespace tickwerk::factor
