// The set `ta` against the numbers that independent programs gave for the features of price bars.
#include "tickwerk/factor/golden_fixture.h"

namespace tickwerk::factor {
namespace {

class GoldenBars : public Golden {
 protected:
  void SetUp() override {
    load("bars");
    if (!IsSkipped()) ours_ = evaluate_set("ta", bars_);
  }

  int compare(const std::string& file, const std::string& column, const std::string& name) {
    return compare_all(file, column, ours_.at(name));
  }

  ValuesByName ours_;
};

TEST_F(GoldenBars, FeaturesAgree) {
  EXPECT_EQ(compare("ta_features.csv", "ta_log_return_v1", "ta_log_return_v1"), 10 * (504 - 1));
  EXPECT_EQ(compare("ta_features.csv", "ta_ma_20_v1", "ta_ma_20_v1"), 10 * 504);
  EXPECT_EQ(compare("ta_features.csv", "ta_ma_50_v1", "ta_ma_50_v1"), 10 * 504);
  EXPECT_EQ(compare("ta_features.csv", "ta_ma_200_v1", "ta_ma_200_v1"), 10 * 504);
  EXPECT_EQ(compare("ta_features.csv", "ta_atr_14_v1", "ta_atr_14_v1"), 10 * 504);
  EXPECT_EQ(compare("ta_features.csv", "ta_rsi_14_v1", "ta_rsi_14_v1"), 10 * (504 - 14));
}

TEST_F(GoldenBars, TradedValueAndVolatilityAgree) {
  EXPECT_EQ(compare("adv20.csv", "adv_usd", "adv_20"), 10 * (504 - 19));
  EXPECT_EQ(compare("vol20.csv", "volatility", "vol_20"), 10 * (504 - 20));
}

TEST_F(GoldenBars, SideOfTheAveragesAgreesAndIsMissingInTheWarmUpOnly) {
  int num_values = 0;
  for_each("ema_20_60_signals.csv", "sig", [&](std::size_t row, std::size_t symbol, double sign) {
    const double found = ours_.at("ta_ema_side_20_60_v1")(row, symbol);
    EXPECT_EQ(std::isnan(found), row < 59) << row;
    EXPECT_EQ(std::isnan(found) ? 0 : found, sign) << row << " " << symbol;
    ++num_values;
  });
  EXPECT_EQ(num_values, 10 * 504);
}

}  // namespace
}  // namespace tickwerk::factor
