#include "tickwerk/risk/overfitting.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tickwerk/base/random.h"
#include "tickwerk/risk/normal.h"

namespace tickwerk::risk {
namespace {

Panel panel_of(const std::vector<std::vector<double>>& rows) {
  Panel panel(rows.size(), rows.front().size());
  for (std::size_t t = 0; t < rows.size(); ++t) {
    for (std::size_t i = 0; i < rows[t].size(); ++i) panel(t, i) = rows[t][i];
  }
  return panel;
}

/// Independent normal returns of deviation 1 and mean 0.
Panel noise(std::uint64_t seed, std::size_t num_rows, std::size_t num_trials) {
  Panel panel(num_rows, num_trials);
  RandomSequence random({seed, 11});
  for (std::size_t t = 0; t < num_rows; ++t) {
    for (std::size_t i = 0; i < num_trials; ++i) {
      panel(t, i) = normal_quantile(random.uniform());
    }
  }
  return panel;
}

/// Every trial's mean over the whole record becomes 0.
void take_out_means(Panel& panel) {
  for (std::size_t i = 0; i < panel.num_symbols(); ++i) {
    double sum = 0;
    for (std::size_t t = 0; t < panel.num_rows(); ++t) sum += panel(t, i);
    for (std::size_t t = 0; t < panel.num_rows(); ++t) {
      panel(t, i) -= sum / static_cast<double>(panel.num_rows());
    }
  }
}

TEST(Overfitting, OfTwoBlocksIsWorkedByHand) {
  // Trial 0 is better in the first block, trial 1 in the second: each choice is the worse of the
  // two on the other half, rank 1 of 3, and both lose.
  const Panel returns = panel_of({{3, -1}, {1, -3}, {-1, 3}, {-3, 1}});
  const Overfitting result = probability_of_overfitting(returns.view(), {.num_blocks = 2});
  EXPECT_EQ(result.num_splits, 2u);
  EXPECT_DOUBLE_EQ(result.probability, 1);
  EXPECT_DOUBLE_EQ(result.probability_of_loss, 1);
  ASSERT_EQ(result.logits.size(), 2u);
  EXPECT_DOUBLE_EQ(result.logits[0], std::log(0.5));
  // Mean 2, deviation sqrt(2), and the same with the other sign.
  EXPECT_DOUBLE_EQ(result.mean_chosen, std::sqrt(2.0));
  EXPECT_DOUBLE_EQ(result.mean_after, -std::sqrt(2.0));
  EXPECT_FALSE(result.degradation_slope);  // both choices had the same ratio
}

TEST(Overfitting, OfATrialThatIsAlwaysBestIsZero) {
  const Panel returns = panel_of({{3, 1}, {2, 0}, {3, 1}, {2, 0}, {3, 1}, {2, 0}, {3, 1}, {2, 0}});
  const Overfitting result = probability_of_overfitting(returns.view(), {.num_blocks = 4});
  EXPECT_EQ(result.num_splits, 6u);  // C(4, 2)
  EXPECT_DOUBLE_EQ(result.probability, 0);
  for (const double logit : result.logits) EXPECT_DOUBLE_EQ(logit, std::log(2.0));
}

TEST(Overfitting, CountsTheMedianAndEqualTrialsAsOverfit) {
  const Panel alike = panel_of({{3, 3, 3}, {1, 1, 1}, {2, 2, 2}, {0, 0, 0}});
  const Overfitting result = probability_of_overfitting(alike.view(), {.num_blocks = 2});
  EXPECT_DOUBLE_EQ(result.probability, 1);
  for (const double logit : result.logits) EXPECT_DOUBLE_EQ(logit, 0);
}

TEST(Overfitting, IsNearOneWhereNoTrialHasGainedOverTheWholeRecord) {
  // The paper's case of full overfit: what one half of a record without gain has, the other lacks.
  Panel returns = noise(1, 1000, 50);
  take_out_means(returns);
  const Overfitting result = probability_of_overfitting(returns.view(), {});
  EXPECT_EQ(result.num_splits, 12'870u);  // C(16, 8)
  EXPECT_GT(result.probability, 0.99);
  EXPECT_GT(result.probability_of_loss, 0.99);
  EXPECT_LT(*result.degradation_slope, -0.5);
}

TEST(Overfitting, IsAboutOneHalfWhereTrialsDifferByLuckAlone) {
  double sum = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    sum += probability_of_overfitting(noise(seed, 400, 20).view(), {.num_blocks = 8}).probability;
  }
  EXPECT_NEAR(sum / 40, 0.5, 0.08);
}

TEST(Overfitting, IsNearZeroWhereOneTrialIsBetter) {
  Panel returns = noise(2, 1000, 50);
  for (std::size_t t = 0; t < returns.num_rows(); ++t) returns(t, 7) += 0.3;
  const Overfitting result = probability_of_overfitting(returns.view(), {});
  EXPECT_LT(result.probability, 0.001);
  EXPECT_LT(result.probability_of_loss, 0.001);
}

TEST(Overfitting, DoesNotDependOnTheUnitOfReturns) {
  const Panel returns = noise(3, 203, 9);  // blocks of 25 and 26
  Panel scaled = noise(3, 203, 9);
  for (std::size_t t = 0; t < 203; ++t) {
    for (std::size_t i = 0; i < 9; ++i) scaled(t, i) *= 0x1p-7;
  }
  const Overfitting one = probability_of_overfitting(returns.view(), {.num_blocks = 8});
  const Overfitting other = probability_of_overfitting(scaled.view(), {.num_blocks = 8});
  EXPECT_EQ(one.logits, other.logits);
}

TEST(Overfitting, RefusesWhatItCannotSplit) {
  const Panel returns = noise(4, 100, 5);
  for (const std::size_t num_blocks : {0u, 3u, 22u}) {
    EXPECT_THROW(probability_of_overfitting(returns.view(), {.num_blocks = num_blocks}), Error);
  }
  EXPECT_THROW(probability_of_overfitting(noise(4, 31, 5).view(), {}), Error);
  EXPECT_THROW(probability_of_overfitting(noise(4, 100, 1).view(), {}), Error);
  Panel broken = noise(4, 100, 5);
  broken(17, 3) = kNaN;
  try {
    probability_of_overfitting(broken.view(), {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "a return must be finite: nan in row 17 of trial 3");
  }
}

}  // namespace
}  // namespace tickwerk::risk
