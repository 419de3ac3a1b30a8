#include "tickwerk/kernel/row_rank.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

#include "tickwerk/kernel/row_fixture.h"
#include "tickwerk/kernel/row_order.h"

namespace tickwerk::kernel {
namespace {

Values order(const Values& values) { return RowCall{row_order, kOrderScratchRows}({values}); }
Values rank(const Values& values) { return RowCall{row_rank, kRankScratchRows}({order(values)}); }
Values bucket(const Values& values, double k) {
  return RowCall{row_bucket, kRankScratchRows, {k}}({order(values)});
}
double spearman(const Values& x, const Values& y) {
  return RowCall{row_spearman, kRankScratchRows}({order(x), order(y)}).at(0);
}

/// Average ranks among the values that are not NaN, by counting.
std::vector<long double> average_ranks(const Values& values) {
  std::vector<long double> ranks;
  for (const double value : values) {
    long double below = 0, equal = 0;
    for (const double other : values) {
      below += other < value;
      equal += other == value;
    }
    ranks.push_back(below + (equal + 1) / 2);
  }
  return ranks;
}

long double num_values(const Values& values) {
  return static_cast<long double>(
      std::count_if(values.begin(), values.end(), [](double x) { return !std::isnan(x); }));
}

std::optional<long double> pearson(const std::vector<long double>& x,
                                   const std::vector<long double>& y) {
  const auto n = static_cast<long double>(x.size());
  long double x_mean = 0, y_mean = 0, xx = 0, yy = 0, xy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    x_mean += x[i] / n;
    y_mean += y[i] / n;
  }
  for (std::size_t i = 0; i < x.size(); ++i) {
    xx += (x[i] - x_mean) * (x[i] - x_mean);
    yy += (y[i] - y_mean) * (y[i] - y_mean);
    xy += (x[i] - x_mean) * (y[i] - y_mean);
  }
  if (x.size() < 3 || xx < 1e-6L || yy < 1e-6L) return std::nullopt;
  return xy / std::sqrt(xx * yy);
}

TEST(RowRank, DividesAverageRanksByTheirNumber) {
  // Of 5, 2, 5, 1 the ranks are 3.5, 2, 3.5, 1.
  const Values found = rank({5, 2, kNaN, 5, 1});
  EXPECT_EQ(found[0], 3.5 / 4);
  EXPECT_EQ(found[1], 2.0 / 4);
  EXPECT_TRUE(std::isnan(found[2]));
  EXPECT_EQ(found[3], 3.5 / 4);
  EXPECT_EQ(found[4], 1.0 / 4);
}

TEST(RowRank, OfASingleValueIsOne) { EXPECT_EQ(rank({kNaN, -3, kNaN})[1], 1.0); }

TEST(RowRank, EqualsCountingForEveryShapeAndSize) {
  for (const Shape shape : kShapes) {
    for (const std::size_t size : kSizes) {
      const Values row = random_row(shape, size, size);
      const Values found = rank(row);
      const std::vector<long double> ranks = average_ranks(row);
      ASSERT_EQ(found.size(), size);
      for (std::size_t i = 0; i < size; ++i) {
        if (std::isnan(row[i])) {
          ASSERT_TRUE(std::isnan(found[i]));
        } else {
          ASSERT_EQ(found[i], static_cast<double>(ranks[i] / num_values(row)));
        }
      }
    }
  }
}

TEST(RowBucket, HasEdgesThatBelongToTheBucketBelow) {
  // n = 5, k = 2: the edge is rank 1 + 4 / 2 = 3.
  EXPECT_EQ(bucket({10, 20, 30, 40, 50}, 2), (Values{1, 1, 1, 2, 2}));
  // n = 10, k = 3: edges 4 and 7.
  EXPECT_EQ(bucket({1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 3), (Values{1, 1, 1, 1, 2, 2, 2, 3, 3, 3}));
}

TEST(RowBucket, IsSharedByEqualValues) {
  // Ranks 1, 3, 3, 3, 5; edges of k = 4 are 2, 3, 4, 5.
  EXPECT_EQ(bucket({0, 7, 7, 7, 9}, 4), (Values{1, 2, 2, 2, 4}));
  EXPECT_EQ(bucket({7, 7, 7, 7}, 2), (Values{1, 1, 1, 1}));
}

TEST(RowBucket, OfASingleValueIsTheFirst) { EXPECT_EQ(bucket({4}, 5), Values{1}); }

TEST(RowBucket, EqualsWholeNumberArithmeticForEveryShapeAndSize) {
  for (const Shape shape : kShapes) {
    for (const std::size_t size : kSizes) {
      const Values row = random_row(shape, size, 4 * size);
      const std::vector<long double> ranks = average_ranks(row);
      const auto n = static_cast<std::int64_t>(num_values(row));
      for (const int k : {1, 2, 3, 5, 7, 10, 100}) {
        const Values found = bucket(row, k);
        ASSERT_EQ(found.size(), size);
        for (std::size_t i = 0; i < size; ++i) {
          if (std::isnan(row[i])) continue;
          const auto twice_rank = static_cast<std::int64_t>(2 * ranks[i]);
          std::int64_t expected = 1;  // the smallest j with 2 (n - 1) j >= (2 r - 2) k
          while (2 * (n - 1) * expected < (twice_rank - 2) * k) ++expected;
          ASSERT_EQ(found[i], static_cast<double>(expected)) << size << " " << k << " " << i;
        }
      }
    }
  }
}

TEST(RowSpearman, IsOneForTheSameOrderAndMinusOneForTheReverse) {
  EXPECT_EQ(spearman({1, 2, 3, 4}, {10, 100, 1000, 1e9}), 1.0);
  EXPECT_EQ(spearman({1, 2, 3, 4}, {0, -1, -kInf, -1e308}), -0.8);
  EXPECT_EQ(spearman({1, 2, 3}, {3, 2, 1}), -1.0);
}

TEST(RowSpearman, RanksOnlySymbolsWithBothValues) {
  // Of the three that are left: ranks 1, 2, 3 and 2, 1, 3; 1 - 6 * 2 / (3 * 8) = 0.5.
  EXPECT_DOUBLE_EQ(spearman({1, 2, 3, kNaN, 9}, {5, 4, 6, 4.5, kNaN}), 0.5);
}

TEST(RowSpearman, NeedsThreeSymbolsAndTwoValues) {
  EXPECT_TRUE(std::isnan(spearman({1, 2, kNaN}, {1, 2, 3})));
  EXPECT_TRUE(std::isnan(spearman({1, 1, 1, 1}, {1, 2, 3, 4})));
  EXPECT_TRUE(std::isnan(spearman({1, 2, 3, 4}, {2, 2, 2, 2})));
  EXPECT_TRUE(std::isnan(spearman({1, 1, 1, 4}, {1, 2, 3, kNaN})));
}

TEST(RowSpearman, EqualsPearsonOfCountedRanksForEveryShapeAndSize) {
  for (const Shape x_shape : kShapes) {
    for (const Shape y_shape : kShapes) {
      for (const std::size_t size : {1u, 3u, 9u, 97u, 500u}) {
        Values x = random_row(x_shape, size, 4 * size);
        Values y = random_row(y_shape, size, 4 * size + (size == 9 ? 4 : 5));
        const double found = spearman(x, y);
        Values both_x, both_y;
        for (std::size_t i = 0; i < size; ++i) {
          if (std::isnan(x[i]) || std::isnan(y[i])) continue;
          both_x.push_back(x[i]);
          both_y.push_back(y[i]);
        }
        const auto expected = pearson(average_ranks(both_x), average_ranks(both_y));
        if (expected) {
          ASSERT_NEAR(found, static_cast<double>(*expected), 1e-14);
        } else {
          ASSERT_TRUE(std::isnan(found));
        }
      }
    }
  }
}

}  // namespace
}  // namespace tickwerk::kernel
