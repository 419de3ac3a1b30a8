#include "tickwerk/model/prediction_scores.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tickwerk/base/random.h"
#include "tickwerk/risk/moments.h"

namespace tickwerk::model {
namespace {

Panel panel_of(const std::vector<std::vector<double>>& rows) {
  Panel panel(rows.size(), rows.front().size(), kNaN);
  for (std::size_t t = 0; t < rows.size(); ++t) {
    for (std::size_t i = 0; i < rows[t].size(); ++i) panel(t, i) = rows[t][i];
  }
  return panel;
}

Panel noise(std::uint64_t stream, std::size_t num_rows, std::size_t num_symbols) {
  RandomSequence random({5, stream});
  Panel panel(num_rows, num_symbols);
  for (std::size_t t = 0; t < num_rows; ++t) {
    for (std::size_t i = 0; i < num_symbols; ++i) panel(t, i) = (random.uniform() - 0.5) / 10;
  }
  return panel;
}

TEST(PanelOfRows, PutsEachRowAtItsBarAndSymbol) {
  Dataset dataset;
  dataset.times.resize(3);
  dataset.symbols = {"A", "B"};
  dataset.bar = {0, 2, 2};
  dataset.symbol = {1, 0, 1};
  const Panel panel = panel_of_rows(dataset, std::vector<double>{1, 2, kNaN});
  EXPECT_EQ(panel(0, 1), 1);
  EXPECT_EQ(panel(2, 0), 2);
  EXPECT_TRUE(std::isnan(panel(0, 0)) && std::isnan(panel(1, 1)) && std::isnan(panel(2, 1)));
  EXPECT_THROW(panel_of_rows(dataset, std::vector<double>{1, 2}), Error);
}

TEST(ExtremeFifths, AreOfEqualSize) {
  // 11 values: two in each fifth.
  const Panel row = panel_of({{5, 1, 9, 3, 7, 2, kNaN, 8, 6, 4, 0, 10}});
  const factor::Buckets fifths = extreme_fifths(row.view());
  const std::vector<int> expected{0, 1, 5, 0, 0, 0, 0, 0, 0, 0, 1, 5};
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_EQ(fifths(0, i), expected[i]) << i;
}

TEST(ExtremeFifths, OfEqualPredictionsTakeTheOneFurtherLeftForLower) {
  const Panel row = panel_of({{1, 1, 2, 2, 2}});
  const factor::Buckets fifths = extreme_fifths(row.view());
  EXPECT_EQ(fifths(0, 0), kBottomFifth);
  EXPECT_EQ(fifths(0, 4), kTopFifth);
}

TEST(ExtremeFifths, OfADayWithoutOrderAreEmpty) {
  const Panel row = panel_of({{1, 1, 1, 1, 1}});
  const factor::Buckets fifths = extreme_fifths(row.view());
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(fifths(0, i), 0);
}

TEST(ExtremeFifths, NeedFiveSymbols) {
  const Panel row = panel_of({{1, 2, 3, 4, kNaN}});
  const factor::Buckets fifths = extreme_fifths(row.view());
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(fifths(0, i), 0);
}

TEST(PredictionScores, OfTwoDaysAreWorkedByHand) {
  const Panel prediction = panel_of({{1, 2, 3, 4, 5}, {5, 4, 3, 2, 1}, {kNaN, 1, 1, 1, 1}});
  const Panel outcome = panel_of({{1, 2, 3, 4, 5}, {1, 2, 3, 4, 6}, {1, kNaN, kNaN, kNaN, kNaN}});
  const PredictionScores scores =
      prediction_scores({prediction.view(), outcome.view()}, {.horizon = 4});
  EXPECT_EQ(scores.num_dates, 2u);
  EXPECT_EQ(scores.regression.num_rows, 10u);
  EXPECT_DOUBLE_EQ(*scores.regression.mse, (16 + 4 + 0 + 4 + 25) / 10.0);
  EXPECT_DOUBLE_EQ(*scores.rank_ic_summary.mean, 0);  // 1 and -1
  EXPECT_DOUBLE_EQ(scores.spread[0], 4);
  EXPECT_DOUBLE_EQ(scores.spread[1], -5);
  EXPECT_TRUE(std::isnan(scores.spread[2]));
  EXPECT_DOUBLE_EQ(*scores.spread_mean, -0.5);
  EXPECT_DOUBLE_EQ(*scores.spread_deviation, std::sqrt(2 * 4.5 * 4.5));
  EXPECT_DOUBLE_EQ(*scores.spread_sharpe, -0.5 / std::sqrt(2 * 4.5 * 4.5) * std::sqrt(252.0 / 4));
  EXPECT_TRUE(scores.long_short.empty());
  EXPECT_FALSE(scores.long_short_summary);
}

TEST(PredictionScores, WithHorizonOneHoldTheSpreadItself) {
  // Bought at the close that decides and kept for a day, the fifths return their mean outcome.
  const Panel returns = noise(1, 60, 12), prediction = noise(2, 60, 12);
  const PredictionScores scores = prediction_scores(
      {prediction.view(), returns.view(), factor::DailyReturns{returns.view(), returns.view()}},
      {.horizon = 1, .entry = factor::Entry::kClose});
  ASSERT_EQ(scores.long_short.size(), 60u);
  for (std::size_t t = 0; t + 1 < 60; ++t) {
    EXPECT_NEAR(scores.long_short[t + 1], scores.spread[t], 1e-14);
  }
}

TEST(PredictionScores, OfManyModelsAreDeflated) {
  const Panel returns = noise(1, 300, 20), prediction = noise(2, 300, 20);
  Panel informed = noise(2, 300, 20);
  for (std::size_t t = 0; t < 300; ++t) {
    for (std::size_t i = 0; i < 20; ++i) informed(t, i) += returns(t, i) / 10;
  }
  const PredictionInputs inputs{informed.view(), returns.view(),
                                factor::DailyReturns{returns.view(), returns.view()}};
  const PredictionScores alone = prediction_scores(inputs, {.num_models = 1});
  const PredictionScores few = prediction_scores(inputs, {.num_models = 8});
  const PredictionScores many = prediction_scores(inputs, {.num_models = 80});
  EXPECT_FALSE(alone.long_short_summary->deflated_sharpe);
  EXPECT_LT(*many.long_short_summary->deflated_sharpe, *few.long_short_summary->deflated_sharpe);
  EXPECT_LT(*few.long_short_summary->deflated_sharpe,
            *few.long_short_summary->probabilistic_sharpe);
}

TEST(PredictionScores, OfNothingPredictedAreEmpty) {
  const Panel none(10, 6, kNaN), returns = noise(1, 10, 6);
  const PredictionScores scores = prediction_scores(
      {none.view(), returns.view(), factor::DailyReturns{returns.view(), returns.view()}}, {});
  EXPECT_EQ(scores.num_dates, 0u);
  EXPECT_FALSE(scores.regression.mse);
  EXPECT_FALSE(scores.ic_summary.mean);
  EXPECT_FALSE(scores.spread_mean);
  EXPECT_FALSE(scores.long_short_summary->sharpe);
}

TEST(PredictionScores, RefuseOtherShapesAndNoHorizon) {
  const Panel a = noise(1, 10, 6), b = noise(1, 10, 5);
  EXPECT_THROW(prediction_scores({a.view(), b.view()}, {}), Error);
  EXPECT_THROW(
      prediction_scores({a.view(), a.view(), factor::DailyReturns{b.view(), b.view()}}, {}), Error);
  EXPECT_THROW(prediction_scores({a.view(), a.view()}, {.horizon = 0}), Error);
}

}  // namespace
}  // namespace tickwerk::model
