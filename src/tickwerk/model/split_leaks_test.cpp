// A model that knows nothing but the labels near in time, on returns that cannot be predicted: what
// it seems to know has leaked through the split.
#include <gtest/gtest.h>

#include <cmath>

#include "tickwerk/base/random.h"
#include "tickwerk/model/classification_scores.h"
#include "tickwerk/model/splits.h"

namespace tickwerk::model {
namespace {

constexpr std::uint32_t kBars = 400, kReach = 10;
constexpr int kMarkets = 150;

struct Market {
  std::vector<std::uint32_t> bar, label_end;
  std::vector<double> label;  // 1 where the next kReach returns of a random walk sum to a gain
};

Market random_walk(std::uint64_t seed) {
  RandomSequence random({seed, 21});
  std::vector<double> price(kBars, 0.0);
  for (std::size_t t = 1; t < kBars; ++t) price[t] = price[t - 1] + random.uniform() - 0.5;
  Market market;
  for (std::uint32_t t = 0; t + kReach < kBars; ++t) {
    market.bar.push_back(t);
    market.label_end.push_back(t + kReach);
    market.label.push_back(price[t + kReach] > price[t] ? 1 : 0);
  }
  return market;
}

/// AUC of a test row scored by the label of the training row nearest in time.
double auc_of_nearest(const Market& market, const Split& split) {
  std::vector<double> score, label;
  for (const RowRange& test : split.test) {
    for (std::size_t r = test.first; r < test.last; ++r) {
      std::size_t nearest = market.bar.size();
      std::size_t distance = kBars;
      for (const RowRange& train : split.train) {
        for (const std::size_t end : {train.first, train.last - 1}) {
          const std::size_t away = end > r ? end - r : r - end;
          if (away < distance) nearest = end, distance = away;
        }
      }
      // Less sure the further away, so that rows beside the training part are ranked first.
      score.push_back((market.label[nearest] - 0.5) / static_cast<double>(distance));
      label.push_back(market.label[r]);
    }
  }
  return roc_auc({score, label}).value_or(0.5);
}

/// Mean over markets and splits, and its standard error over markets.
struct MeanAuc {
  double mean, error;
};
MeanAuc mean_auc(SplitScheme scheme, Purge purge) {
  double sum = 0, squares = 0;
  for (std::uint64_t seed = 0; seed < kMarkets; ++seed) {
    const Market market = random_walk(seed);
    SplitConfig config;
    config.scheme = scheme;
    config.num_splits = 6;
    config.min_train_dates = 1;
    config.purge = purge;
    double of_market = 0;
    const std::vector<Split> splits = make_splits(config, {market.bar, market.label_end, kReach});
    for (const Split& split : splits) of_market += auc_of_nearest(market, split);
    of_market /= static_cast<double>(splits.size());
    sum += of_market;
    squares += of_market * of_market;
  }
  const double mean = sum / kMarkets;
  return {mean, std::sqrt((squares / kMarkets - mean * mean) / (kMarkets - 1))};
}

class SplitLeaks : public testing::TestWithParam<SplitScheme> {};

TEST_P(SplitLeaks, ThereIsNoSkillWithThePurge) {
  const MeanAuc auc = mean_auc(GetParam(), Purge::kByReach);
  EXPECT_LT(auc.error, 0.015);
  EXPECT_NEAR(auc.mean, 0.5, 4 * auc.error);
}

TEST_P(SplitLeaks, ThereIsSomeWithoutIt) {
  const MeanAuc auc = mean_auc(GetParam(), Purge::kNone);
  EXPECT_GT(auc.mean, 0.5 + 4 * auc.error);
}

INSTANTIATE_TEST_SUITE_P(Schemes,
                         SplitLeaks,
                         testing::Values(SplitScheme::kWalkForward,
                                         SplitScheme::kPurgedKFold,
                                         SplitScheme::kCombinatorial));

}  // namespace
}  // namespace tickwerk::model
