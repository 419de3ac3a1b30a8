// Directions and volatilities of strategies against the numbers that independent programs gave for
// the same bars (the golden folder beside TICKWERK_DATA).
#include "tickwerk/factor/golden_fixture.h"
#include "tickwerk/strategy/factors.h"

namespace tickwerk::strategy {
namespace {

class GoldenBars : public factor::Golden {
 protected:
  void SetUp() override { load("bars"); }
};

TEST_F(GoldenBars, VolatilityAgrees) {
  StrategySpec spec = built_in_spec("trend_baseline");
  spec.weights = Weighting::kInverseVol;
  const Factors factors = build_factors(make_strategy(spec), {.bars = bars_});
  EXPECT_EQ(compare_all("vol20.csv", "volatility", *factors.volatility), 10 * (504 - 20));
}

TEST_F(GoldenBars, DirectionsOfTheBaselineAgree) {
  StrategySpec spec = built_in_spec("trend_baseline");
  spec.top_n = 10;  // so that the score is there too
  const Factors factors = build_factors(make_strategy(spec), {.bars = bars_});
  Panel signs(bars_.num_rows(), bars_.num_symbols());
  for (std::size_t t = 0; t < bars_.num_rows(); ++t) {
    for (std::size_t i = 0; i < bars_.num_symbols(); ++i) {
      const double score = (*factors.score)(t, i);
      if (factors.direction(t, i) == kLong) signs(t, i) = 1;
      if (factors.direction(t, i) == kFlat) signs(t, i) = score < 0 ? -1 : 0;
    }
  }
  EXPECT_EQ(compare_all("ema_20_60_signals.csv", "sig", signs), 5040);
}

}  // namespace
}  // namespace tickwerk::strategy
