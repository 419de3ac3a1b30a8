#include "tickwerk/model/calibration.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tickwerk/base/error.h"
#include "tickwerk/base/random.h"

namespace tickwerk::model {
namespace {

using Points = std::vector<IsotonicCurve::Point>;

IsotonicCurve fit(const std::vector<double>& score,
                  const std::vector<double>& label,
                  const std::vector<double>& weights = {}) {
  return IsotonicCurve::fit({score, label}, weights);
}

Reliability bins_of(const std::vector<double>& score,
                    const std::vector<double>& label,
                    std::size_t num_bins = kCalibrationBins) {
  return reliability({score, label}, num_bins);
}

TEST(Reliability, ComparesMeanProbabilityWithShareOfOnes) {
  const Reliability result = bins_of({0.25, 0.5, 0.75, 1}, {0, 1, 1, 1}, 2);
  ASSERT_EQ(result.bins.size(), 2u);
  EXPECT_EQ(result.bins[0].num_rows, 2u);
  EXPECT_DOUBLE_EQ(*result.bins[0].mean_probability, 0.375);
  EXPECT_DOUBLE_EQ(*result.bins[0].share_of_ones, 0.5);
  EXPECT_DOUBLE_EQ(*result.bins[1].mean_probability, 0.875);
  EXPECT_DOUBLE_EQ(*result.bins[1].share_of_ones, 1);
  EXPECT_DOUBLE_EQ(*result.expected_calibration_error, (2 * 0.125 + 2 * 0.125) / 4);
}

TEST(Reliability, BinsHoldTheirUpperEdgeAndTheFirstHoldsZero) {
  const Reliability result = bins_of({0, 0.1, 0.7, 1}, {0, 0, 1, 1});
  EXPECT_EQ(result.bins[0].num_rows, 2u);
  EXPECT_EQ(result.bins[6].num_rows, 1u);
  EXPECT_EQ(result.bins[9].num_rows, 1u);
  EXPECT_EQ(result.bins[9].upper, 1);
  EXPECT_FALSE(result.bins[5].mean_probability);
}

TEST(Reliability, OfNoRowsIsEmpty) {
  EXPECT_FALSE(bins_of({}, {}).expected_calibration_error);
  EXPECT_THROW(bins_of({1.2}, {1}), Error);
  EXPECT_THROW(bins_of({0.2}, {1}, 0), Error);
}

TEST(IsotonicCurve, PoolsWhatFalls) {
  // 1 3 2 4: the middle two are pooled to 2.5.
  EXPECT_EQ(fit({1, 2, 3, 4}, {1, 3, 2, 4}).points(), (Points{{1, 1}, {2, 2.5}, {3, 2.5}, {4, 4}}));
  // 4 2 3: the last is above the mean of the first two only as long as they are apart.
  EXPECT_EQ(fit({1, 2, 3}, {4, 2, 3}).points(), (Points{{1, 3}, {3, 3}}));
}

TEST(IsotonicCurve, PoolsByWeight) {
  EXPECT_EQ(fit({1, 2}, {1, 0}, {3, 1}).points(), (Points{{1, 0.75}, {2, 0.75}}));
}

TEST(IsotonicCurve, AveragesEqualScoresFirst) {
  EXPECT_EQ(fit({2, 1, 2}, {1, 0.25, 0}).points(), (Points{{1, 0.25}, {2, 0.5}}));
}

TEST(IsotonicCurve, IsStraightBetweenPointsAndLevelOutside) {
  const IsotonicCurve curve = fit({0, 1, 3}, {0.25, 0.5, 1});
  EXPECT_DOUBLE_EQ(curve(0.5), 0.375);
  EXPECT_DOUBLE_EQ(curve(2), 0.75);
  EXPECT_DOUBLE_EQ(curve(1), 0.5);
  EXPECT_DOUBLE_EQ(curve(-5), 0.25);
  EXPECT_DOUBLE_EQ(curve(7), 1);
  EXPECT_TRUE(std::isnan(curve(kNaN)));
}

TEST(IsotonicCurve, OfOneScoreIsConstant) {
  const IsotonicCurve curve = fit({0.5, 0.5}, {1, 0});
  EXPECT_EQ(curve.points().size(), 1u);
  EXPECT_DOUBLE_EQ(curve(0.1), 0.5);
}

/// The value at i by the min-max formula: the largest over starts of the smallest mean over ends.
double by_min_max(const std::vector<double>& label, std::size_t i) {
  double best = -1e300;
  for (std::size_t first = 0; first <= i; ++first) {
    double smallest = 1e300;
    for (std::size_t last = i; last < label.size(); ++last) {
      double sum = 0;
      for (std::size_t k = first; k <= last; ++k) sum += label[k];
      smallest = std::min(smallest, sum / static_cast<double>(last - first + 1));
    }
    best = std::max(best, smallest);
  }
  return best;
}

TEST(IsotonicCurve, AgreesWithTheMinMaxFormula) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    RandomSequence random({seed, 3});
    std::vector<double> score, label;
    for (std::size_t i = 0; i < 30; ++i) {
      score.push_back(static_cast<double>(i));
      label.push_back(std::floor(8 * random.uniform()) + static_cast<double>(i) / 8);
    }
    const IsotonicCurve curve = fit(score, label);
    for (std::size_t i = 0; i < 30; ++i) EXPECT_NEAR(curve(score[i]), by_min_max(label, i), 1e-12);
  }
}

TEST(IsotonicCurve, RefusesWhatItCannotFit) {
  EXPECT_THROW(fit({}, {}), Error);
  EXPECT_THROW(fit({1, 2}, {1}), Error);
  EXPECT_THROW(fit({1, kNaN}, {1, 0}), Error);
  EXPECT_THROW(fit({1, 2}, {1, 0}, {1, 0}), Error);
  EXPECT_THROW(IsotonicCurve(Points{}), Error);
  EXPECT_THROW(IsotonicCurve(Points{{1, 0.5}, {2, 0.4}}), Error);
  EXPECT_THROW(IsotonicCurve(Points{{1, 0.5}, {1, 0.6}}), Error);
}

}  // namespace
}  // namespace tickwerk::model
