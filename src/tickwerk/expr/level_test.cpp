#include "tickwerk/expr/level.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tickwerk/expr/lowered_text.h"

namespace tickwerk::expr {
namespace {

bool depends(std::string_view text) {
  return lowered(fmt::format("label x = {}", text))["x"].depends_on_level;
}

TEST(Level, PricesAndWhatComparesThemWithNumbersDepend) {
  for (const char* text : {
           "close",
           "close - close[-1]",
           "close > 5",
           "close + 1",
           "log(close)",
           "sqrt(close)",
           "exp(close)",
           "volume > 1000",
           "cs_rank(close)",
           "cs_rank(volume)",
           "cs_zscore(log(close))",
           "cs_mean(close) > 5",
           "atr(14)",
           "macd(close)",
           "where(close > 5, 1, 0)",
           "where(close > open, close, 1)",
           "latch(close > 10, close < 5)",
           "clip(close, 1, 2)",
           "floor(close / 10)",
           "close * log(close) / close",
           "close > volume",
           "ts_sum(log(close), 20) - 20 * log(open)",
           "max(close, 1) / close",
       }) {
    EXPECT_TRUE(depends(text)) << text;
  }
}

TEST(Level, RatiosAndComparisonsOfPricesDoNot) {
  for (const char* text : {
           "close / ema(close, 20)",
           "close > ema(close, 20)",
           "close * volume",
           "log(close) - log(close[-1])",
           "log(close / open)",
           "delta(log(close), 5)",
           "log(close) - ts_mean(log(close), 20)",
           "2 * log(close) - log(high) - log(low)",
           "log(close) / 2 - 0.5 * log(open)",
           "log(close) > log(open)",
           "ts_std(log(close), 20)",
           "ts_std(ret(close), 20)",
           "ts_corr(close, volume, 20)",
           "ts_cov(log(close), ret(volume), 20)",
           "ts_argmax(close, 20)",
           "ts_rank(close, 20)",
           "ts_zscore(close, 60)",
           "rsi(close)",
           "atr(14) / close",
           "macd(close) / close",
           "bollinger_percent_b(close)",
           "bollinger_width(close)",
           "close - close[-1] > 0",
           "max(close - close[-1], 0) / close",
           "where(close > open, close, open) / low",
           "where(close > open, 1, 0)",
           "sqrt(high * low) / close",
           "close ^ 2 / (high * low)",
           "ts_var(close, 20) / close ^ 2",
           "ts_beta(close, open, 20)",
           "ts_slope(close, 20) / close",
           "isnan(close)",
           "isnan(log(close))",
           "sign(close - open)",
           "cs_rank(ret(close))",
           "cs_count(close)",
           "latch(close > open, close < open)",
           "fillna(close - open, 0) / close",
           "last_value(close) / close",
           "ahead(close, 20) / close - 1",
           "close[+20] / close - 1",
           "asof(earnings.eps) > 1",
           "bar_number > 20",
           "1",
           "0 * close",
       }) {
    EXPECT_FALSE(depends(text)) << text;
  }
}

TEST(Level, LongChainsDoNotRecurse) {
  std::string chain = "close / open";
  for (int i = 0; i < 100'000; ++i) chain += " + 1";
  EXPECT_FALSE(depends(chain));
}

}  // namespace
}  // namespace tickwerk::expr
