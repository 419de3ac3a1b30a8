// A factor that knows nothing must look as if it knew nothing: the tests of ic.h on markets in
// which it is true that a persistent factor says nothing of overlapping returns.
#include <algorithm>

#include "tickwerk/base/parallel.h"
#include "tickwerk/factor/ic.h"
#include "tickwerk/factor/panel_fixture.h"

namespace tickwerk::factor {
namespace {

constexpr std::size_t kNumRows = 500;
constexpr std::size_t kNumSymbols = 20;
constexpr std::size_t kHorizon = 20;
constexpr std::size_t kNumMarkets = 500;

/// A factor that keeps 0.98 of itself a day, and returns of the next 20 days.
struct NullMarket {
  Panel factor, label;

  explicit NullMarket(std::uint64_t number)
      : factor(random_panel(kNumRows, kNumSymbols, 2 * number)), label(kNumRows, kNumSymbols) {
    const Panel steps = random_panel(kNumRows + kHorizon, kNumSymbols, 2 * number + 1);
    for (std::size_t i = 0; i < kNumSymbols; ++i) {
      double sum = 0;
      for (std::size_t t = 0; t < kNumRows + kHorizon; ++t) {
        if (t >= kHorizon) label(t - kHorizon, i) = sum;
        sum += steps(t, i) - (t >= kHorizon ? steps(t - kHorizon, i) : 0);
      }
      for (std::size_t t = 1; t < kNumRows; ++t) {
        factor(t, i) = 0.98 * factor(t - 1, i) + std::sqrt(1 - 0.98 * 0.98) * factor(t, i);
      }
    }
  }
};

TEST(TrueNull, IsRejectedAsOftenAsTheLevelSays) {
  std::vector<int> by_p(kNumMarkets), by_t(kNumMarkets), by_naive_t(kNumMarkets);
  parallel_for(kNumMarkets, 10, [&](std::size_t first, std::size_t last) {
    for (std::size_t k = first; k < last; ++k) {
      const NullMarket market(k);
      const Daily daily = daily_rank_ic(market.factor.view(), market.label.view());
      const IcSummary overlapping = summarize_ic(daily, kHorizon);
      by_p[k] = overlapping.t->p_value < 0.05 ? 1 : 0;
      by_t[k] = std::abs(overlapping.t->t) > 1.96 ? 1 : 0;
      by_naive_t[k] = summarize_ic(daily, 1).t->p_value < 0.05 ? 1 : 0;
    }
  });
  const auto percent = [](const std::vector<int>& rejected) {
    return 100.0 * static_cast<double>(std::count(rejected.begin(), rejected.end(), 1)) /
           static_cast<double>(kNumMarkets);
  };
  // Three standard errors of 5 % among 500 are 2.9 points.
  EXPECT_NEAR(percent(by_p), 5, 2.9);
  // Without the correction the level is exceeded, without the overlap it means nothing.
  EXPECT_LT(percent(by_t), 12);
  EXPECT_GT(percent(by_naive_t), 50);
}

}  // namespace
}  // namespace tickwerk::factor
