// The numbers of statsmodels and scipy are in tests/golden/mean_t.txt, written by
// tests/parity/mean_t_parity.py. ctest says where they lie in TICKWERK_GOLDEN.
#include "tickwerk/risk/mean_t.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "tickwerk/risk/moments.h"
#include "tickwerk/risk/student_t.h"

namespace tickwerk::risk {
namespace {

using Values = std::vector<double>;
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

class MeanTParity : public testing::Test {
 protected:
  void SetUp() override {
    const char* folder = std::getenv("TICKWERK_GOLDEN");
    if (folder == nullptr) GTEST_SKIP() << "TICKWERK_GOLDEN does not name the folder tests/golden";
    std::ifstream file(std::string(folder) + "/mean_t.txt");
    for (std::string line; std::getline(file, line);) {
      std::istringstream words(line);
      std::string kind;
      words >> kind;
      if (kind == "series") {
        int number = 0;
        words >> number;
        words >> series_[number].emplace_back();
      } else {
        lines_.emplace(kind, words.str().substr(kind.size()));
      }
    }
  }

  std::map<int, Values> series_;
  std::multimap<std::string, std::string> lines_;
};

TEST_F(MeanTParity, VariancesEqualThoseOfStatsmodels) {
  const auto [first, last] = lines_.equal_range("variance");
  int num_compared = 0;
  for (auto line = first; line != last; ++line, ++num_compared) {
    std::istringstream words(line->second);
    int number = 0;
    std::size_t num_lags = 0;
    std::string kernel;
    double expected = 0;
    words >> number >> num_lags >> kernel >> expected;
    const auto weights = kernel == "uniform" ? LagWeights::kUniform : LagWeights::kBartlett;
    EXPECT_NEAR(*mean_variance(series_.at(number), num_lags, weights), expected,
                1e-9 * std::abs(expected))
        << line->second;
  }
  EXPECT_EQ(num_compared, 20);
}

TEST_F(MeanTParity, TailsEqualThoseOfScipy) {
  const auto [first, last] = lines_.equal_range("student");
  int num_compared = 0;
  for (auto line = first; line != last; ++line, ++num_compared) {
    std::istringstream words(line->second);
    double t = 0, degrees = 0, expected = 0;
    words >> t >> degrees >> expected;
    EXPECT_NEAR(student_t_two_sided(t, degrees), expected, 1e-9 * expected) << line->second;
  }
  EXPECT_EQ(num_compared, 35);
}

TEST_F(MeanTParity, TakesUniformWeightsWhereTheirVarianceIsPositive) {
  const MeanT sums = *mean_t(series_.at(0), 20);
  EXPECT_EQ(sums.weights, LagWeights::kUniform);
  EXPECT_EQ(sums.num_lags, 19u);
  EXPECT_DOUBLE_EQ(sums.t, *mean(series_.at(0)) /
                               std::sqrt(*mean_variance(series_.at(0), 19, LagWeights::kUniform)));
  const MeanT swings = *mean_t(series_.at(1), 2);
  EXPECT_LT(*mean_variance(series_.at(1), 1, LagWeights::kUniform), 0);
  EXPECT_EQ(swings.weights, LagWeights::kBartlett);
  EXPECT_EQ(swings.num_lags, 6u);
}

TEST(StudentT, HasTailsInClosedFormForOneAndTwoDegrees) {
  for (const double t : {0.1, 1.0, 12.7}) {
    EXPECT_NEAR(student_t_two_sided(t, 1), 1 - 2 / M_PI * std::atan(t), 1e-13);
    EXPECT_NEAR(student_t_two_sided(t, 2), 1 - t / std::sqrt(2 + t * t), 1e-13);
  }
  EXPECT_EQ(student_t_two_sided(0, 5), 1);
  EXPECT_EQ(student_t_two_sided(std::numeric_limits<double>::infinity(), 5), 0);
  EXPECT_TRUE(std::isnan(student_t_two_sided(kNone, 5)));
}

TEST(MeanT, IsTheUsualTWithoutOverlap) {
  // Mean 3, deviation sqrt(2.5): t = 3 / sqrt(2.5 / 5) with four degrees of freedom.
  const MeanT found = *mean_t(Values{1, 2, 3, 4, 5}, 1);
  EXPECT_DOUBLE_EQ(found.t, 3 / std::sqrt(0.5));
  EXPECT_NEAR(found.p_value, student_t_two_sided(3 / std::sqrt(0.5), 4), 1e-15);
}

TEST(MeanT, CountsLagsInRowsAlsoAcrossGaps) {
  // Differences from the mean 1: -1, +1, (gap), 0; one pair is a row apart, one two rows.
  const Values values{0, 2, kNone, 1};
  EXPECT_DOUBLE_EQ(*mean_variance(values, 0, LagWeights::kUniform), (2.0 / 3) / 2);
  EXPECT_DOUBLE_EQ(*mean_variance(values, 1, LagWeights::kUniform), (2.0 / 3 - 2.0 / 3) / 2);
  EXPECT_DOUBLE_EQ(*mean_variance(values, 2, LagWeights::kUniform), (2.0 / 3 - 2.0 / 3) / 2);
  EXPECT_DOUBLE_EQ(*mean_variance(values, 1, LagWeights::kBartlett), (2.0 / 3 - 1.0 / 3) / 2);
}

TEST(MeanT, IsEmptyWhereNothingCanBeSaid) {
  EXPECT_FALSE(mean_t(Values{}, 1));
  EXPECT_FALSE(mean_t(Values{1}, 1));
  EXPECT_FALSE(mean_t(Values{kNone, kNone, kNone}, 1));
  EXPECT_FALSE(mean_t(Values(100, 0.1), 5));
  // All lags of a short series add up to nothing but rounding.
  EXPECT_FALSE(mean_t(Values{1, 3, 2, 5, 4, 7, 1, 2}, 60));
  EXPECT_FALSE(mean_variance(Values{1}, 0, LagWeights::kUniform));
}

}  // namespace
}  // namespace tickwerk::risk
