#include "tickwerk/factor/quantiles.h"

#include "tickwerk/factor/bucket_rows.h"
#include "tickwerk/factor/panel_fixture.h"

namespace tickwerk::factor {
namespace {

using Numbers = std::vector<int>;

Numbers row_of(const Buckets& buckets, std::size_t t) {
  return {buckets.row(t), buckets.row(t) + buckets.num_symbols()};
}

constexpr QuantileConfig kThree{.num_quantiles = 3, .min_symbols = 3};

TEST(AssignBuckets, PutsAnEdgeIntoTheLowerBucket) {
  // Ranks 1 to 7 in three: edges 1 + 6 k / 3 = 3, 5, 7.
  const Panel factor = rows_of({{10, 20, 30, 40, 50, 60, 70}});
  EXPECT_EQ(row_of(assign_buckets(factor.view(), kThree), 0), (Numbers{1, 1, 1, 2, 2, 3, 3}));
}

TEST(AssignBuckets, GivesEqualValuesOneBucketAndMayLeaveOneEmpty) {
  // Average ranks 1, 3.5 (four), 6: edges 8/3, 13/3, 6.
  const Panel factor = rows_of({{5, 5, 9, 5, 5, 1}});
  EXPECT_EQ(row_of(assign_buckets(factor.view(), kThree), 0), (Numbers{2, 2, 3, 2, 2, 1}));
  const Panel constant = rows_of({{4, 4, 4, 4, 4, 4}});
  EXPECT_EQ(row_of(assign_buckets(constant.view(), kThree), 0), (Numbers{2, 2, 2, 2, 2, 2}));
}

TEST(AssignBuckets, PartsEqualValuesBySymbolWhenAsked) {
  QuantileConfig config = kThree;
  config.ties = Ties::kBySymbol;
  const Panel factor = rows_of({{5, 5, kNaN, 9, 5, 5, 1}, {4, 4, 4, 4, 4, 4, 4}});
  const Buckets buckets = assign_buckets(factor.view(), config);
  EXPECT_EQ(row_of(buckets, 0), (Numbers{1, 2, 0, 3, 2, 3, 1}));  // ranks 2, 3, 6, 4, 5, 1
  EXPECT_EQ(row_of(buckets, 1), (Numbers{1, 1, 1, 2, 2, 3, 3}));
}

TEST(AssignBuckets, LeavesOutRowsOfFewSymbols) {
  const Panel factor = rows_of({{1, 2, 3, 4}, {1, kNaN, 3, 4}, {kNaN, kNaN, kNaN, kNaN}});
  const Buckets four = assign_buckets(factor.view(), {.num_quantiles = 2, .min_symbols = 4});
  EXPECT_EQ(row_of(four, 0), (Numbers{1, 1, 2, 2}));
  EXPECT_EQ(row_of(four, 1), (Numbers{0, 0, 0, 0}));
  EXPECT_EQ(row_of(four, 2), (Numbers{0, 0, 0, 0}));
  const Buckets fewer = assign_buckets(factor.view(), {.num_quantiles = 5, .min_symbols = 1});
  EXPECT_EQ(row_of(fewer, 0), (Numbers{0, 0, 0, 0}));
}

TEST(AssignBuckets, RefusesNumbersOfQuantilesOutOfRange) {
  const Panel factor = rows_of({{1, 2, 3}});
  EXPECT_THROW(assign_buckets(factor.view(), {.num_quantiles = 1}), Error);
  EXPECT_THROW(assign_buckets(factor.view(), {.num_quantiles = 256}), Error);
  EXPECT_NO_THROW(assign_buckets(factor.view(), {.num_quantiles = 255}));
}

Buckets buckets_of(const std::vector<Numbers>& rows) {
  Buckets buckets(rows.size(), rows[0].size());
  for (std::size_t t = 0; t < rows.size(); ++t) {
    for (std::size_t i = 0; i < rows[t].size(); ++i) {
      buckets(t, i) = static_cast<std::uint8_t>(rows[t][i]);
    }
  }
  return buckets;
}

TEST(QuantileReturns, AverageTheSymbolsThatHaveAReturn) {
  const Buckets buckets = buckets_of({{1, 1, 2, 2, 0}});
  const Panel returns = rows_of({{0.1, 0.3, kNaN, 0.5, 9}});
  const QuantileReturns found = quantile_returns(buckets, returns.view(), 3);
  EXPECT_DOUBLE_EQ(found(0, 0), 0.2);
  EXPECT_DOUBLE_EQ(found(0, 1), 0.5);
  EXPECT_TRUE(std::isnan(found(0, 2)));
}

TEST(QuantileReturns, EqualPlainSumsForManyQuantilesAndGaps) {
  const Panel factor = random_panel(40, 133, 1, 1, 10);
  const Panel returns = random_panel(40, 133, 2, 0.02, 7);
  for (const std::size_t num : {2, 5, 7, 11}) {
    const Buckets buckets = assign_buckets(factor.view(), {.num_quantiles = num});
    const QuantileReturns found = quantile_returns(buckets, returns.view(), num);
    for (std::size_t t = 0; t < 40; ++t) {
      std::vector<double> sums(num + 1), counts(num + 1);
      for (std::size_t i = 0; i < 133; ++i) {
        if (std::isnan(returns(t, i))) continue;
        sums[buckets(t, i)] += returns(t, i);
        counts[buckets(t, i)] += 1;
      }
      for (std::size_t k = 0; k < num; ++k) {
        EXPECT_NEAR(found(t, k), sums[k + 1] / counts[k + 1], 1e-15);
      }
    }
  }
}

QuantileReturns returns_of(const std::vector<std::vector<double>>& means) { return rows_of(means); }

TEST(SummarizeQuantiles, CountsEachRowOnce) {
  const auto found = summarize_quantiles(
      returns_of({{0.1, 0.2, 0.3}, {0.3, kNaN, 0.1}, {kNaN, 0.4, 0.8}, {0.2, 0.3, 0.8}}), 1);
  EXPECT_DOUBLE_EQ(*found.mean[0], 0.2);
  EXPECT_DOUBLE_EQ(*found.mean[1], 0.3);
  EXPECT_DOUBLE_EQ(*found.mean[2], 0.5);
  expect_same(found.spread, {0.2, -0.2, kNaN, 0.6});
  EXPECT_EQ(found.num_rows, 3u);
  EXPECT_DOUBLE_EQ(*found.spread_mean, 0.2);
  // 0.2, -0.2, 0.6: deviation 0.4.
  EXPECT_NEAR(found.spread_t->t, 0.2 / (0.4 / std::sqrt(3)), 1e-13);
  EXPECT_DOUBLE_EQ(*found.monotonicity, 1);
}

TEST(SummarizeQuantiles, MonotonicityIsTheRankCorrelationWithTheNumber) {
  // Ranks 1, 2, 4, 3: 1 - 6 * 2 / (4 * 15).
  EXPECT_DOUBLE_EQ(*summarize_quantiles(returns_of({{1, 2, 4, 3}}), 1).monotonicity, 0.8);
  EXPECT_DOUBLE_EQ(*summarize_quantiles(returns_of({{3, 2, 1}}), 1).monotonicity, -1);
  EXPECT_FALSE(summarize_quantiles(returns_of({{1, kNaN, 3}}), 1).monotonicity);
  EXPECT_FALSE(summarize_quantiles(returns_of({{1, 1, 1}}), 1).monotonicity);
  EXPECT_FALSE(summarize_quantiles(returns_of({{1, 2}}), 1).monotonicity);
}

std::optional<double> turnover(const Buckets& buckets, std::size_t bucket, std::size_t horizon) {
  return bucket_turnover(buckets, bucket, {&horizon, 1}).at(0);
}

TEST(BucketTurnover, IsTheShareThatIsNewAfterTheHorizon) {
  const Buckets buckets =
      buckets_of({{1, 1, 2, 2}, {1, 2, 1, 2}, {1, 2, 2, 2}, {0, 0, 0, 0}, {2, 2, 1, 1}});
  // Bucket 1 after one row: {0,1} to {0,2} is 1/2, {0,2} to {0} is 1/2 of the larger.
  EXPECT_DOUBLE_EQ(*turnover(buckets, 1, 1), 0.5);
  // After two: {0,1} to {0} is 1/2, {0} to {2,3} is 1.
  EXPECT_DOUBLE_EQ(*turnover(buckets, 1, 2), 0.75);
  EXPECT_FALSE(turnover(buckets, 1, 5));
  EXPECT_FALSE(turnover(buckets, 3, 1));
}

}  // namespace
}  // namespace tickwerk::factor
