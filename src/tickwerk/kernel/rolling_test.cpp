#include "tickwerk/kernel/rolling.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace tickwerk::kernel {
namespace {

const double kNan = std::nan("");

TEST(RollingMean, NeedsItsLeastCount) {
  const std::vector<double> in = {2, 4, 9};
  std::vector<double> out(3);
  rolling_mean(in, 2, 2, out);
  EXPECT_TRUE(std::isnan(out[0]));
  EXPECT_DOUBLE_EQ(out[1], 3.0);
  EXPECT_DOUBLE_EQ(out[2], 6.5);
  rolling_mean(in, 2, 1, out);
  EXPECT_DOUBLE_EQ(out[0], 2.0);
}

TEST(RollingMean, SkipsMissingValues) {
  const std::vector<double> in = {2, kNan, 4, kNan, kNan};
  std::vector<double> out(5);
  rolling_mean(in, 2, 1, out);
  EXPECT_DOUBLE_EQ(out[1], 2.0);
  EXPECT_DOUBLE_EQ(out[2], 4.0);
  EXPECT_TRUE(std::isnan(out[4]));
}

TEST(RollingDeviation, DividesByOneLessThanTheWindow) {
  const std::vector<double> in = {1, 3, 5, 5};
  std::vector<double> out(4);
  rolling_deviation(in, 3, out);
  EXPECT_TRUE(std::isnan(out[1]));
  EXPECT_DOUBLE_EQ(out[2], 2.0);                   // squares 4 + 0 + 4, over 2
  EXPECT_DOUBLE_EQ(out[3], std::sqrt(8.0 / 6.0));  // mean 13/3, squares 24/9, over 2
}

TEST(RollingDeviation, OfAConstantIsExactlyZero) {
  const std::vector<double> in(50, 0.1);
  std::vector<double> out(50);
  rolling_deviation(in, 20, out);
  EXPECT_EQ(out[49], 0.0);
}

TEST(RollingDeviation, ForgetsASpikeThatLeftTheWindow) {
  std::vector<double> in = {1e9, 1, 2, 3};
  std::vector<double> out(4);
  rolling_deviation(in, 3, out);
  EXPECT_DOUBLE_EQ(out[3], 1.0);
}

}  // namespace
}  // namespace tickwerk::kernel
