#include "tickwerk/risk/benchmark.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

namespace tickwerk::risk {
namespace {

// Deviations of r: 0.01, -0.01, 0.02, -0.02; of b: 0.005, -0.005, 0.015, -0.015.
// Products add up to 7e-4, squares of b to 5e-4.
constexpr std::array kReturns{0.02, 0.00, 0.03, -0.01};
constexpr std::array kBenchmark{0.01, 0.00, 0.02, -0.01};

TEST(Benchmark, GivesTheHandWorkedExample) {
  const auto result = compare_to_benchmark(kReturns, kBenchmark, 0, 252);
  EXPECT_EQ(result.num_returns, 4u);
  EXPECT_NEAR(*result.beta, 1.4, 1e-14);
  EXPECT_NEAR(*result.alpha, (0.01 - 1.4 * 0.005) * 252, 1e-14);
  // Active 0.01, 0, 0.01, 0: mean 0.005, squared deviations 1e-4 over 3.
  EXPECT_NEAR(*result.tracking_error, std::sqrt(1e-4 / 3 * 252), 1e-14);
  EXPECT_NEAR(*result.information_ratio, 0.005 / std::sqrt(1e-4 / 3) * std::sqrt(252.0), 1e-12);
  EXPECT_NEAR(*result.correlation, 7e-4 / std::sqrt(1e-3 * 5e-4), 1e-14);
}

TEST(Benchmark, TakesTheRiskFreeRateOutOfBoth) {
  const auto result = compare_to_benchmark(kReturns, kBenchmark, 0.252, 252);
  EXPECT_NEAR(*result.alpha, (0.009 - 1.4 * 0.004) * 252, 1e-14);
}

TEST(Benchmark, AgainstItselfHasNothingActive) {
  const auto result = compare_to_benchmark(kReturns, kReturns, 0, 252);
  EXPECT_NEAR(*result.beta, 1, 1e-14);
  EXPECT_NEAR(*result.alpha, 0, 1e-14);
  EXPECT_EQ(*result.tracking_error, 0);
  EXPECT_FALSE(result.information_ratio);
}

TEST(Benchmark, LeavesOutPeriodsWithoutBoth) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  const auto result = compare_to_benchmark(std::array{0.02, 0.5, 0.00, 0.03, -0.01},
                                           std::array{0.01, kNone, 0.00, 0.02, -0.01}, 0, 252);
  EXPECT_EQ(result.num_returns, 4u);
  EXPECT_NEAR(*result.beta, 1.4, 1e-14);
}

TEST(Benchmark, ThatStandsStillHasNoBeta) {
  const auto result = compare_to_benchmark(kReturns, std::array{0.0, 0.0, 0.0, 0.0}, 0, 252);
  EXPECT_FALSE(result.beta);
  EXPECT_FALSE(result.alpha);
  EXPECT_TRUE(result.information_ratio);
  EXPECT_FALSE(compare_to_benchmark({}, {}, 0, 252).tracking_error);
}

}  // namespace
}  // namespace tickwerk::risk
