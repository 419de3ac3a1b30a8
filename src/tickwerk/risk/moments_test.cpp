#include "tickwerk/risk/moments.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

namespace tickwerk::risk {
namespace {

// Mean 4; deviations -3, -2, -1, 0, 6; m2 = 50/5, m3 = 180/5, m4 = 1394/5.
constexpr std::array kSample{1.0, 2.0, 3.0, 4.0, 10.0};

TEST(Moments, FollowTheirDefinitions) {
  EXPECT_DOUBLE_EQ(*mean(kSample), 4);
  EXPECT_DOUBLE_EQ(*sample_deviation(kSample), std::sqrt(50.0 / 4));
  EXPECT_DOUBLE_EQ(*skewness(kSample), std::sqrt(20.0) / 3 * 36 / std::pow(10, 1.5));
  EXPECT_DOUBLE_EQ(*excess_kurtosis(kSample), 4.0 / (3 * 2) * (6 * (278.8 / 100 - 3) + 6));
}

TEST(Moments, AreEmptyWhenTheSampleIsTooShort) {
  const std::span<const double> sample(kSample);
  EXPECT_FALSE(mean(sample.first(0)));
  EXPECT_FALSE(sample_deviation(sample.first(1)));
  EXPECT_FALSE(skewness(sample.first(2)));
  EXPECT_FALSE(excess_kurtosis(sample.first(3)));
}

TEST(Moments, OfAConstantHaveNoShape) {
  const std::vector<double> constant(100, 0.1);
  EXPECT_NEAR(*sample_deviation(constant), 0, kNoDeviation);
  EXPECT_FALSE(skewness(constant));
  EXPECT_FALSE(excess_kurtosis(constant));
}

TEST(Moments, ShapeDoesNotDependOnScaleAndSkewnessTurnsWithTheSign) {
  std::vector<double> scaled;
  for (const double value : kSample) scaled.push_back(-4 * value);
  EXPECT_DOUBLE_EQ(*skewness(scaled), -*skewness(kSample));
  EXPECT_DOUBLE_EQ(*excess_kurtosis(scaled), *excess_kurtosis(kSample));
}

}  // namespace
}  // namespace tickwerk::risk
