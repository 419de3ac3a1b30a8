#include "tickwerk/lab/statistics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace tickwerk::lab {
namespace {

TEST(Median, OfAnOddNumberIsTheMiddleValue) {
  EXPECT_DOUBLE_EQ(median(std::vector<double>{9, 1, 5}), 5);
  EXPECT_DOUBLE_EQ(median(std::vector<double>{7}), 7);
}

TEST(Median, OfAnEvenNumberIsTheMeanOfTheTwoMiddleValues) {
  EXPECT_DOUBLE_EQ(median(std::vector<double>{10, 1, 4, 2}), 3);
}

TEST(Median, OfNothingIsNaN) {
  EXPECT_TRUE(std::isnan(median({})));
  EXPECT_TRUE(std::isnan(median_absolute_deviation({})));
}

TEST(MedianAbsoluteDeviation, IsUnscaled) {
  // Median 2, distances 1 1 0 0 2 4 7, their middle 1.
  EXPECT_DOUBLE_EQ(median_absolute_deviation(std::vector<double>{1, 1, 2, 2, 4, 6, 9}), 1);
  EXPECT_DOUBLE_EQ(median_absolute_deviation(std::vector<double>{5}), 0);
}

TEST(MedianIndex, IsTheMiddleValueOrTheFasterOfTwo) {
  EXPECT_EQ(median_index(std::vector<double>{9, 1, 5}), 2U);
  EXPECT_EQ(median_index(std::vector<double>{10, 1, 4, 2}), 3U);
  EXPECT_EQ(median_index(std::vector<double>{2, 1}), 1U);
}

TEST(MedianIndex, KeepsTheOrderOfEquals) {
  EXPECT_EQ(median_index(std::vector<double>{3, 3, 3}), 1U);
  EXPECT_EQ(median_index(std::vector<double>{3, 3}), 0U);
}

}  // namespace
}  // namespace tickwerk::lab
