// The sets `core`, `vol_liquidity` and `breadth` against an independent program. That program
// writes 0 where it has too few values; ours says NaN there, and nowhere else.
#include "tickwerk/factor/golden_fixture.h"

namespace tickwerk::factor {
namespace {

class GoldenFactors : public Golden {
 protected:
  void SetUp() override {
    load("factors");
    if (IsSkipped()) return;
    ASSERT_EQ(bars_.num_symbols(), 20u);
    ASSERT_EQ(bars_.num_rows(), 756u);
    for (const char* set : {"core", "vol_liquidity", "breadth"}) {
      ours_.merge(evaluate_set(set, bars_));
    }
  }

  /// Ours is NaN in the first `warm_up` bars and only there; elsewhere it equals the reference.
  void compare(const std::string& name, std::size_t warm_up) {
    int num_values = 0;
    for_each("factors.csv", name, [&](std::size_t row, std::size_t symbol, double expected) {
      const double found = ours_.at(name)(row, symbol);
      const std::string where = fmt::format("{} row {} symbol {}", name, row, symbol);
      EXPECT_EQ(std::isnan(found), row < warm_up) << where;
      if (row < warm_up) return;
      expect_equal(found, expected, where);
      ++num_values;
    });
    EXPECT_EQ(num_values, static_cast<int>(20 * (756 - warm_up))) << name;
  }

  ValuesByName ours_;
};

TEST_F(GoldenFactors, TrendStrengthAgreesFromTheFirstBar) {
  compare("trend_strength_20", 0);
  compare("trend_strength_50", 0);
  compare("trend_strength_200", 0);
}

TEST_F(GoldenFactors, ReversalAgreesOnceTenReturnsAreThere) {
  compare("reversal_1d", 10);
  compare("reversal_2d", 11);
  compare("reversal_3d", 12);
}

TEST_F(GoldenFactors, VolatilityAndLiquidityAgree) {
  compare("rv_20", 5);
  compare("rv_60", 5);
  compare("vov_20_60", 14);
  compare("volume_zscore", 9);
  compare("spread_proxy", 0);
}

TEST_F(GoldenFactors, ShareAboveTheMeanAgreesOnceTheMeanIsWhole) {
  for_each("breadth_ma50.csv", "fraction_above_ma_50",
           [&](std::size_t row, std::size_t, double expected) {
             const double found = ours_.at("breadth_ma50")(row, 0);
             EXPECT_EQ(std::isnan(found), row < 49) << row;
             if (row >= 49) expect_equal(found, expected, fmt::format("row {}", row));
           });
}

TEST_F(GoldenFactors, AdvancesAndDeclinesAgree) {
  for (const char* name :
       {"advances", "declines", "net_advances", "ad_line", "ad_line_normalized"}) {
    int num_values = 0;
    for_each("advance_decline.csv", name, [&](std::size_t row, std::size_t, double expected) {
      EXPECT_EQ(ours_.at(name)(row, 0), expected) << name << " row " << row;
      ++num_values;
    });
    EXPECT_EQ(num_values, 755) << name;
    EXPECT_TRUE(std::isnan(ours_.at(name)(0, 0))) << name;
  }
}

}  // namespace
}  // namespace tickwerk::factor
