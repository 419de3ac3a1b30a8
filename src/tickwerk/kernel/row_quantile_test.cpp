#include "tickwerk/kernel/row_quantile.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tickwerk/kernel/row_fixture.h"
#include "tickwerk/kernel/row_order.h"

namespace tickwerk::kernel {
namespace {

Values order(const Values& values) { return RowCall{row_order, kOrderScratchRows}({values}); }
double median(const Values& values) { return RowCall{row_median}({values, order(values)}).at(0); }
Values winsorize(const Values& values, double low, double high) {
  return RowCall{.kernel = row_winsorize, .constants = {low, high}}({values, order(values)});
}

long double quantile(const Values& values, double q) {
  Values sorted;
  std::copy_if(values.begin(), values.end(), std::back_inserter(sorted),
               [](double x) { return !std::isnan(x); });
  if (sorted.empty()) return kNaN;
  std::sort(sorted.begin(), sorted.end());
  const double position = static_cast<double>(sorted.size() - 1) * q;
  const auto place = static_cast<std::size_t>(position);
  const long double part = position - std::floor(position);
  if (part == 0) return sorted[place];
  return sorted[place] + part * (static_cast<long double>(sorted[place + 1]) - sorted[place]);
}

TEST(RowMedian, IsTheMiddleOrTheMeanOfTheTwo) {
  EXPECT_EQ(median({9, kNaN, 1, 5}), 5);
  EXPECT_EQ(median({9, 1, 5, 7}), 6);
  EXPECT_EQ(median({kNaN, 3}), 3);
  EXPECT_TRUE(std::isnan(median({kNaN, kNaN})));
}

TEST(RowMedian, MayBeInfiniteButNotBetweenInfinities) {
  EXPECT_EQ(median({1, kInf, kInf}), kInf);
  EXPECT_EQ(median({-kInf, 1}), -kInf);
  EXPECT_EQ(median({1, kInf}), kInf);
  EXPECT_EQ(median({kInf, kInf}), kInf);
  EXPECT_TRUE(std::isnan(median({-kInf, kInf})));
  EXPECT_NEAR(median({-1e308, 1.5e308}), 2.5e307, 1e293);
}

TEST(RowWinsorize, ClipsAtInterpolatedValues) {
  // Of 0, 10, 20, 30, 40 the quantile 0.1 is 4 and 0.9 is 36.
  EXPECT_EQ(winsorize({0, 40, 10, 30, 20}, 0.1, 0.9), (Values{4, 36, 10, 30, 20}));
  const Values found = winsorize({0, kNaN, 100}, 0.25, 1);
  EXPECT_EQ(found[0], 25);
  EXPECT_TRUE(std::isnan(found[1]));
  EXPECT_EQ(found[2], 100);
}

TEST(RowWinsorize, ChangesNothingBetweenZeroAndOne) {
  for (const Shape shape : kShapes) {
    const Values row = random_row(shape, 500, 3);
    const Values found = winsorize(row, 0, 1);
    for (std::size_t i = 0; i < row.size(); ++i) {
      ASSERT_TRUE(found[i] == row[i] || (std::isnan(found[i]) && std::isnan(row[i])));
    }
  }
}

TEST(RowWinsorize, WithBoundsTheWrongWayRoundGivesTheUpperOne) {
  EXPECT_EQ(winsorize({0, 10, 20, 30, 40}, 1, 0.25), Values(5, 10.0));
}

TEST(RowWinsorize, ClipsInfinities) {
  EXPECT_EQ(winsorize({-kInf, 1, 2, 3, kInf}, 0.25, 0.75), (Values{1, 1, 2, 3, 3}));
}

TEST(RowQuantiles, EqualTheirDefinitionForEveryShapeAndSize) {
  for (const Shape shape : kShapes) {
    if (shape == Shape::kInfinities) continue;
    for (const std::size_t size : kSizes) {
      const Values row = random_row(shape, size, size);
      const long double scale = 1 + std::abs(quantile(row, 0)) + std::abs(quantile(row, 1));
      const long double middle = quantile(row, 0.5);
      const double found = median(row);
      ASSERT_TRUE(std::isnan(middle) ? std::isnan(found)
                                     : std::abs(found - middle) <= 1e-15L * scale);
      for (const double q : {0.01, 0.1, 0.25, 0.499}) {
        const Values clipped = winsorize(row, q, 1 - q);
        const long double low = quantile(row, q);
        const long double high = quantile(row, 1 - q);
        for (std::size_t i = 0; i < size; ++i) {
          if (std::isnan(row[i])) {
            ASSERT_TRUE(std::isnan(clipped[i]));
          } else {
            const long double expected = std::min(std::max<long double>(row[i], low), high);
            ASSERT_LE(std::abs(clipped[i] - expected), 1e-15L * scale) << size << " " << q;
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace tickwerk::kernel
