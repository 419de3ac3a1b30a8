#include "tickwerk/model/far_value.h"

#include <gtest/gtest.h>

#include <cmath>

namespace tickwerk::model {
namespace {

Split split_of(RowRanges train, RowRanges test) {
  Split split;
  split.train = std::move(train);
  split.test = std::move(test);
  return split;
}

/// Rows 0 to 3 are 1, 3, 1, 3 and 5, 5, 5, 5: mean 2 and deviation 1; the other does not vary.
Panel two_features() {
  Panel features(2, 8, 5.0);
  for (std::size_t r = 0; r < 8; ++r) features(0, r) = r % 2 == 0 ? 1 : 3;
  return features;
}

TEST(FarthestTestValue, IsCountedInDeviationsOfTheTrainingRows) {
  Panel features = two_features();
  features(0, 6) = -40;   // 42 deviations below
  features(1, 5) = 1000;  // says nothing: training knows no deviation
  const std::vector<Split> splits = {split_of({{0, 4}}, {{4, 8}})};
  const auto found = farthest_test_value(features.view(), splits);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->feature, 0u);
  EXPECT_EQ(found->row, 6u);
  EXPECT_DOUBLE_EQ(found->deviations, 42);
}

TEST(FarthestTestValue, LooksAtEachSplitWithItsOwnTrainingRows) {
  Panel features = two_features();
  features(0, 6) = 102;
  // The second split has seen the value and is tested on what is ordinary.
  const std::vector<Split> splits = {split_of({{4, 8}}, {{0, 4}}), split_of({{0, 4}}, {{4, 8}})};
  const auto found = farthest_test_value(features.view(), splits);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->split, 1u);
  EXPECT_DOUBLE_EQ(found->deviations, 100);
}

TEST(FarthestTestValue, IsNoneWhereNothingVaries) {
  const Panel features(1, 8, 0.1);
  const std::vector<Split> splits = {split_of({{0, 4}}, {{4, 8}})};
  EXPECT_FALSE(farthest_test_value(features.view(), splits));
}

}  // namespace
}  // namespace tickwerk::model
