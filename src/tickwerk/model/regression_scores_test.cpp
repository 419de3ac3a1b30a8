#include "tickwerk/model/regression_scores.h"

#include <gtest/gtest.h>

#include <vector>

#include "tickwerk/base/error.h"
#include "tickwerk/panel/panel.h"

namespace tickwerk::model {
namespace {

RegressionScores score(const std::vector<double>& prediction, const std::vector<double>& outcome) {
  return regression_scores(prediction, outcome);
}

TEST(RegressionScores, AreThoseOfTheirDefinitions) {
  // Misses 0.5, -0.5, 0, 1; outcomes 1, 2, 4, -3 around their mean 1: 0, 1, 9, 16.
  const RegressionScores scores = score({1.5, 1.5, 4, -2}, {1, 2, 4, -3});
  EXPECT_EQ(scores.num_rows, 4u);
  EXPECT_DOUBLE_EQ(*scores.mse, 1.5 / 4);
  EXPECT_DOUBLE_EQ(*scores.mae, 2.0 / 4);
  EXPECT_DOUBLE_EQ(*scores.r2, 1 - 1.5 / 26);
  EXPECT_DOUBLE_EQ(*scores.directional_accuracy, 1);
}

TEST(RegressionScores, ZeroIsASignOfItsOwn) {
  EXPECT_DOUBLE_EQ(*score({0, 0, 1, -1}, {0, 1, 0, -2}).directional_accuracy, 0.5);
}

TEST(RegressionScores, HaveNoR2WhereNothingVaries) {
  EXPECT_FALSE(score({1, 2, 3}, {0.1, 0.1, 0.1}).r2);
  EXPECT_FALSE(score({1}, {2}).r2);
  EXPECT_DOUBLE_EQ(*score({1}, {2}).mse, 1);
}

TEST(RegressionScores, AreEmptyWithoutRows) {
  EXPECT_FALSE(score({}, {}).mse);
  EXPECT_FALSE(score({}, {}).directional_accuracy);
}

TEST(RegressionScores, RefuseWhatIsNotFiniteAndOtherLengths) {
  EXPECT_THROW(score({1, kNaN}, {1, 2}), Error);
  EXPECT_THROW(score({1, 2}, {1, 1.0 / 0.0}), Error);
  EXPECT_THROW(score({1, 2}, {1}), Error);
}

}  // namespace
}  // namespace tickwerk::model
