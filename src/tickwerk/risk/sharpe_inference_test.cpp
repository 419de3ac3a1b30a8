#include "tickwerk/risk/sharpe_inference.h"

#include <gtest/gtest.h>

#include <cmath>

namespace tickwerk::risk {
namespace {

// Bailey and Lopez de Prado (2014), section "A Numerical Example": yearly ratio 2.5 over five years
// of 250 days, skewness -3, kurtosis 10, variance of the yearly ratios tried 1/2.
const SharpeSample kExample{2.5 / std::sqrt(250.0), 1250, -3, 10};
constexpr double kExampleVariance = 0.5 / 250;

TEST(DeflatedSharpe, GivesThePublishedExample) {
  EXPECT_NEAR(*expected_best_sharpe(kExampleVariance, 100), 0.1132, 5e-5);
  EXPECT_NEAR(*deflated_sharpe(kExample, kExampleVariance, 100), 0.9004, 5e-5);
  EXPECT_NEAR(*deflated_sharpe(kExample, kExampleVariance, 46), 0.9505, 5e-5);
}

TEST(DeflatedSharpe, IsEmptyWithOneTrial) {
  EXPECT_FALSE(deflated_sharpe(kExample, kExampleVariance, 1));
  EXPECT_FALSE(deflated_sharpe(kExample, kExampleVariance, 0));
}

TEST(DeflatedSharpe, FallsWithEveryTrial) {
  double before = *probabilistic_sharpe(kExample, 0);
  for (std::size_t trials = 2; trials < 1000; trials *= 2) {
    const double now = *deflated_sharpe(kExample, kExampleVariance, trials);
    EXPECT_LT(now, before);
    before = now;
  }
}

TEST(SharpeError, OfLoIsThatOfNormalReturns) {
  // Lo (2002), table 1: ratio 0.5 with 12, 24 and 60 observations.
  EXPECT_NEAR(sharpe_error_lo(0.5, 12), 0.306, 5e-4);
  EXPECT_NEAR(sharpe_error_lo(0.5, 24), 0.217, 5e-4);
  EXPECT_NEAR(sharpe_error_lo(0.5, 60), 0.137, 5e-4);
  EXPECT_DOUBLE_EQ(*sharpe_error_mertens({0.5, 24, 0, 3}), sharpe_error_lo(0.5, 24));
}

TEST(SharpeError, OfMertensGrowsWithNegativeSkewAndFatTails) {
  // 1 + 0.25/2 + 1 * 0.5 + (5 - 3)/4 * 0.25 = 1.75.
  EXPECT_DOUBLE_EQ(*sharpe_error_mertens({0.5, 100, -1, 5}), std::sqrt(1.75 / 100));
}

TEST(MinTrackRecordLength, GivesThePublishedYears) {
  // Bailey and Lopez de Prado (2012): yearly ratio 2 against 1, normal returns, 95 %.
  const auto years = [](double periods) {
    const SharpeSample sample{2 / std::sqrt(periods), 0, 0, 3};
    return *min_track_record_length(sample, 1 / std::sqrt(periods), 0.95) / periods;
  };
  EXPECT_NEAR(years(252), 2.73, 5e-3);
  EXPECT_NEAR(years(52), 2.83, 5e-3);
  EXPECT_NEAR(years(12), 3.24, 5e-3);
}

TEST(MinTrackRecordLength, IsWhereTheProbabilityReachesTheConfidence) {
  SharpeSample sample{0.05, 0, -0.5, 6};
  const double length = *min_track_record_length(sample, 0, 0.95);
  sample.num_returns = static_cast<std::size_t>(std::ceil(length));
  EXPECT_GE(*probabilistic_sharpe(sample, 0), 0.95);
  sample.num_returns -= 1;
  EXPECT_LT(*probabilistic_sharpe(sample, 0), 0.95);
}

TEST(MinTrackRecordLength, IsEmptyWhenTheRatioIsNotAboveTheBenchmark) {
  EXPECT_FALSE(min_track_record_length({0.05, 100, 0, 3}, 0.05, 0.95));
  EXPECT_FALSE(min_track_record_length({-0.05, 100, 0, 3}, 0, 0.95));
}

TEST(ProbabilisticSharpe, IsOneHalfAtTheBenchmarkAndEmptyWithoutASample) {
  EXPECT_DOUBLE_EQ(*probabilistic_sharpe({0.05, 100, -1, 5}, 0.05), 0.5);
  EXPECT_FALSE(probabilistic_sharpe({0.05, 1, 0, 3}, 0));
  EXPECT_FALSE(probabilistic_sharpe({1.0, 100, 9, 1}, 0));
}

}  // namespace
}  // namespace tickwerk::risk
