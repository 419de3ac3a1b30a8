#include "tickwerk/kernel/row_moments.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tickwerk/kernel/row_fixture.h"

namespace tickwerk::kernel {
namespace {

double daily(RowKernel kernel, const Values& row, Values constants = {}) {
  return RowCall{kernel, 0, std::move(constants)}({row}).at(0);
}

double correlation(const Values& x, const Values& y) {
  return RowCall{row_correlation}({x, y}).at(0);
}

/// Moments from their definitions in long double.
struct Slow {
  long double n = 0, sum = 0, mean = 0, squares = 0, sizes = 0;
  long double scale = 0;  // the largest size of a value
  long double min = kInf, max = -kInf;

  explicit Slow(const Values& row) {
    long double first = kNaN;
    long double rest = 0;
    for (const double x : row) {
      if (std::isnan(x)) continue;
      if (n == 0) first = x;
      n += 1;
      sum += x;
      rest += x - first;
      sizes += std::abs(static_cast<long double>(x));
      scale = std::max(scale, std::abs(static_cast<long double>(x)));
      min = std::min(min, static_cast<long double>(x));
      max = std::max(max, static_cast<long double>(x));
    }
    mean = first + rest / n;
    for (const double x : row) {
      if (std::isnan(x)) continue;
      const long double difference = (x - first) - rest / n;
      squares += difference * difference;
    }
  }
  long double deviation(int ddof) const {
    return n > ddof ? std::sqrt(squares / (n - ddof)) : kNaN;
  }
};

void expect_near(double found, long double expected, long double tolerance) {
  if (std::isnan(expected)) {
    ASSERT_TRUE(std::isnan(found)) << found;
  } else {
    ASSERT_LE(std::abs(found - expected), tolerance) << found;
  }
}

constexpr Shape kFinite[] = {Shape::kContinuous, Shape::kTies,        Shape::kSpikes,
                             Shape::kConstant,   Shape::kNearlyEqual, Shape::kMissing};

/// Runs `test(row)` on rows of every finite shape and size.
template <class Test>
void for_rows(Test test) {
  for (const Shape shape : kFinite) {
    for (const std::size_t size : kSizes) {
      for (const std::uint64_t stream : {size * 4, size * 4 + 1}) {
        SCOPED_TRACE(testing::Message() << "shape " << static_cast<int>(shape) << ", size " << size
                                        << ", stream " << stream);
        test(random_row(shape, size, stream));
      }
    }
  }
}

TEST(RowMoments, OfAHandWorkedRow) {
  const Values row = {2, kNaN, 4, 9};
  EXPECT_EQ(daily(row_sum, row), 15);
  EXPECT_EQ(daily(row_mean, row), 5);
  EXPECT_EQ(daily(row_min, row), 2);
  EXPECT_EQ(daily(row_max, row), 9);
  EXPECT_EQ(daily(row_count, row), 3);
  // Squares 9 + 1 + 16 = 26.
  EXPECT_DOUBLE_EQ(daily(row_deviation, row, {1}), std::sqrt(13.0));
  EXPECT_DOUBLE_EQ(daily(row_deviation, row, {0}), std::sqrt(26.0 / 3));
  EXPECT_EQ(RowCall{row_demean}({row})[2], -1);
  const Values scores = RowCall{.kernel = row_zscore, .constants = {1}}({row});
  EXPECT_DOUBLE_EQ(scores[3], 4 / std::sqrt(13.0));
  EXPECT_TRUE(std::isnan(scores[1]));
  EXPECT_DOUBLE_EQ((RowCall{.kernel = row_scale, .constants = {3}}({{1, -2, kNaN, 3}})[1]), -1);
}

TEST(RowMoments, OfNoValueAreNaNButTheCountIsZero) {
  const Values none(9, kNaN);
  for (const RowKernel kernel : {row_sum, row_mean, row_min, row_max}) {
    EXPECT_TRUE(std::isnan(daily(kernel, none)));
  }
  EXPECT_TRUE(std::isnan(daily(row_deviation, none, {0})));
  EXPECT_EQ(daily(row_count, none), 0);
}

TEST(RowMoments, OfASingleValueHaveNoSampleDeviation) {
  EXPECT_EQ(daily(row_mean, {kNaN, 0.3}), 0.3);
  EXPECT_TRUE(std::isnan(daily(row_deviation, {kNaN, 0.3}, {1})));
  EXPECT_EQ(daily(row_deviation, {kNaN, 0.3}, {0}), 0);
  EXPECT_TRUE(std::isnan(RowCall({.kernel = row_zscore, .constants = {1}})({{kNaN, 0.3}})[1]));
}

TEST(RowMoments, OfAConstantAreExact) {
  for (const std::size_t size : kSizes) {
    const Values row(size, 0.1);
    EXPECT_EQ(daily(row_mean, row), 0.1);
    EXPECT_EQ(daily(row_deviation, row, {0}), 0);
    EXPECT_EQ(RowCall{row_demean}({row}), Values(size, 0.0));
    for (const double score : RowCall{.kernel = row_zscore, .constants = {0}}({row})) {
      EXPECT_TRUE(std::isnan(score));
    }
  }
}

TEST(RowMoments, AddInEightLanes) {
  // 1e16 swallows a 1 added to it: symbols 0 and 8 share a lane, 4 and 12 another.
  Values row(16, kNaN);
  row[0] = 1e16;
  row[8] = -1e16;
  row[4] = row[12] = 1;
  EXPECT_EQ(daily(row_sum, row), 2);
}

/// Eight-lane sum, written one value after another.
template <class Term>
double lanes_of(const Values& row, Term term) {
  double lane[8] = {};
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (!std::isnan(row[i])) lane[i % 8] += term(row[i]);
  }
  return ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

TEST(RowMoments, HaveTheBitsOfOneValueAfterAnother) {
  for_rows([](const Values& row) {
    const Slow slow(row);
    if (slow.n < 2 || slow.min == slow.max) return;
    const auto n = static_cast<double>(slow.n);
    const double sum = lanes_of(row, [](double x) { return x; });
    ASSERT_EQ(daily(row_sum, row), sum);
    const double mean = sum / n;
    ASSERT_EQ(daily(row_mean, row), mean);
    const double first = lanes_of(row, [mean](double x) { return x - mean; });
    const double second = lanes_of(row, [mean](double x) { return (x - mean) * (x - mean); });
    const double rest = first / n;
    const double deviation = std::sqrt((second - rest * first) / (n - 1));
    ASSERT_EQ(daily(row_deviation, row, {1}), deviation);
    const Values scores = RowCall{.kernel = row_zscore, .constants = {1}}({row});
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (std::isnan(row[i])) continue;
      ASSERT_EQ(scores[i], ((row[i] - mean) - rest) * (1 / deviation));
    }
  });
}

TEST(RowMoments, EqualTheirDefinitionsForEveryShapeAndSize) {
  for_rows([](const Values& row) {
    const Slow slow(row);
    const long double rounding = (slow.n / 8 + 4) * 0x1p-53L * slow.sizes;
    expect_near(daily(row_sum, row), slow.n > 0 ? slow.sum : kNaN, rounding);
    expect_near(daily(row_mean, row), slow.mean, rounding / slow.n);
    expect_near(daily(row_min, row), slow.n > 0 ? slow.min : kNaN, 0);
    expect_near(daily(row_max, row), slow.n > 0 ? slow.max : kNaN, 0);
    EXPECT_EQ(daily(row_count, row), slow.n);
    for (const int ddof : {0, 1, 2}) {
      expect_near(daily(row_deviation, row, {static_cast<double>(ddof)}),
                  slow.min == slow.max && slow.n > ddof ? 0 : slow.deviation(ddof),
                  1e-13L * slow.deviation(ddof));
    }
  });
}

TEST(RowMoments, ScaleRowsByTheirDefinitions) {
  for_rows([](const Values& row) {
    const Slow slow(row);
    const Values scores = RowCall{.kernel = row_zscore, .constants = {1}}({row});
    const Values differences = RowCall{row_demean}({row});
    const Values shares = RowCall{.kernel = row_scale, .constants = {2}}({row});
    const long double deviation = slow.min < slow.max ? slow.deviation(1) : kNaN;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const long double x = row[i];
      expect_near(scores[i], (x - slow.mean) / deviation, 1e-12L + 1e-18L * slow.scale / deviation);
      expect_near(differences[i], x - slow.mean, 1e-15L * slow.scale);
      expect_near(shares[i], 2 * x / slow.sizes, 1e-14L);
    }
  });
}

TEST(RowMoments, DoNotChangeTheirBitsWithAPowerOfTwo) {
  for_rows([](const Values& row) {
    Values larger = row;
    for (double& x : larger) x *= 1024;
    const RowCall zscore{.kernel = row_zscore, .constants = {1}};
    const Values scores = zscore({row});
    const Values scaled = zscore({larger});
    for (std::size_t i = 0; i < row.size(); ++i) {
      ASSERT_TRUE(scores[i] == scaled[i] || (std::isnan(scores[i]) && std::isnan(scaled[i])));
    }
  });
}

TEST(RowMoments, FollowInfinities) {
  EXPECT_EQ(daily(row_mean, {1, kInf, 2}), kInf);
  EXPECT_EQ(daily(row_max, {1, kInf, 2}), kInf);
  EXPECT_TRUE(std::isnan(daily(row_sum, {1, kInf, -kInf})));
  EXPECT_TRUE(std::isnan(daily(row_deviation, {1, kInf, 2}, {1})));
  EXPECT_TRUE(std::isnan(daily(row_deviation, {kInf, kInf}, {1})));
}

TEST(RowCorrelation, OfAHandWorkedRow) {
  // Differences -1, 0, 1 and -1, 1, 0 of the symbols with both: xy = 1, squares 2 and 2.
  EXPECT_DOUBLE_EQ(correlation({1, 2, 3, kNaN, 8}, {4, 6, 5, 1, kNaN}), 0.5);
  EXPECT_EQ(correlation({1, 2, 4, 8}, {1, 2, 4, 8}), 1);
  EXPECT_EQ(correlation({1, 2, 4, 8}, {-1, -2, -4, -8}), -1);
}

TEST(RowCorrelation, NeedsThreeSymbolsAndTwoValues) {
  EXPECT_TRUE(std::isnan(correlation({1, 2, kNaN}, {1, 2, 3})));
  EXPECT_TRUE(std::isnan(correlation({0.1, 0.1, 0.1, 0.1}, {1, 2, 3, 4})));
  EXPECT_TRUE(std::isnan(correlation({1, 2, 3, 4}, {0.1, 0.1, 0.1, kNaN})));
}

TEST(RowCorrelation, EqualsItsDefinitionForEveryShapeAndSize) {
  for_rows([](const Values& x) {
    const Values y = random_row(Shape::kContinuous, x.size(), 4 * x.size() + 3);
    Values both_x, both_y;
    for (std::size_t i = 0; i < x.size(); ++i) {
      if (std::isnan(x[i]) || std::isnan(y[i])) continue;
      both_x.push_back(x[i]);
      both_y.push_back(y[i]);
    }
    const Slow slow_x(both_x), slow_y(both_y);
    long double products = 0;
    for (std::size_t i = 0; i < both_x.size(); ++i) {
      products += (both_x[i] - slow_x.mean) * (both_y[i] - slow_y.mean);
    }
    const bool defined = slow_x.n >= 3 && slow_x.min < slow_x.max && slow_y.min < slow_y.max;
    expect_near(correlation(x, y),
                defined ? products / std::sqrt(slow_x.squares * slow_y.squares) : kNaN, 1e-12L);
  });
}

}  // namespace
}  // namespace tickwerk::kernel
