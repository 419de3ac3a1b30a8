#include "tickwerk/kernel/technical.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace tickwerk::kernel {
namespace {

using Series = std::vector<double>;

TEST(LogReturn, IsTheLogarithmOfTheRatio) {
  const Series close = {100, 110, 55};
  Series out(3);
  log_return(close, out);
  EXPECT_TRUE(std::isnan(out[0]));
  EXPECT_DOUBLE_EQ(out[1], std::log(110.0 / 100));
  EXPECT_DOUBLE_EQ(out[2], std::log(0.5));
}

TEST(TrueRange, LooksAtThePreviousClose) {
  const Series high = {10, 12, 8}, low = {9, 11, 7}, close = {9.5, 11.5, 7.5};
  Series out(3);
  true_range(high, low, close, out);
  EXPECT_DOUBLE_EQ(out[0], 1.0);
  EXPECT_DOUBLE_EQ(out[1], 12 - 9.5);
  EXPECT_DOUBLE_EQ(out[2], 11.5 - 7);
}

TEST(RsiSimple, ComparesMeanGainsWithMeanLosses) {
  const Series close = {10, 11, 10, 13};  // changes +1, -1, +3
  Series out(4);
  rsi_simple(close, 3, out);
  EXPECT_TRUE(std::isnan(out[2]));
  EXPECT_DOUBLE_EQ(out[3], 100 - 100 / (1 + 4.0 / 1.0));
}

TEST(RsiSimple, IsAHundredWithoutALossAndMissingWithoutAMove) {
  Series out(3);
  rsi_simple(Series{1, 2, 3}, 2, out);
  EXPECT_EQ(out[2], 100.0);
  rsi_simple(Series{2, 2, 2}, 2, out);
  EXPECT_TRUE(std::isnan(out[2]));
  rsi_simple(Series{3, 2, 1}, 2, out);
  EXPECT_EQ(out[2], 0.0);
}

TEST(Rsi, SmoothsGainsAndLossesAsWilderDoes) {
  const Series close = {10, 11, 10, 13};
  Series out(4);
  rsi(close, 2, out);
  EXPECT_TRUE(std::isnan(out[1]));
  EXPECT_DOUBLE_EQ(out[2], 50.0);                                   // 0.5 against 0.5
  EXPECT_DOUBLE_EQ(out[3], 100 - 100 / (1 + (0.25 + 1.5) / 0.25));  // (0.5 + 3)/2 against 0.5/2
}

TEST(Atr, BeginsAtTheSecondBar) {
  const Series high = {10, 12, 8, 9}, low = {9, 11, 7, 8}, close = {9.5, 11.5, 7.5, 8.5};
  Series out(4);
  atr(high, low, close, 2, out);
  EXPECT_TRUE(std::isnan(out[1]));
  EXPECT_DOUBLE_EQ(out[2], (2.5 + 4.5) / 2);
  EXPECT_DOUBLE_EQ(out[3], (3.5 + 1.5) / 2);
}

TEST(Technical, NaNGivesNaNWhereverItIsRead) {
  const double nan = std::nan("");
  const Series close = {10, 11, nan, 13, 12, 14};
  Series out(6);
  rsi_simple(close, 2, out);
  EXPECT_TRUE(std::isnan(out[2]) && std::isnan(out[3]) && std::isnan(out[4]));
  EXPECT_DOUBLE_EQ(out[5], 100 - 100 / (1 + 2.0));  // changes -1 and +2
  rsi(close, 2, out);
  EXPECT_TRUE(std::isnan(out[2]) && std::isnan(out[5]));
  const Series high = {11, 12, 12, nan, 13, 15}, low = {9, 10, 10, 12, 11, 13};
  true_range(high, low, close, out);
  EXPECT_DOUBLE_EQ(out[2], 2.0);
  EXPECT_TRUE(std::isnan(out[3]));
  EXPECT_DOUBLE_EQ(out[4], 2.0);
  true_range(low, low, close, out);
  EXPECT_TRUE(std::isnan(out[3]));  // no close before
  atr(high, low, close, 2, out);
  EXPECT_DOUBLE_EQ(out[2], 2.0);
  EXPECT_TRUE(std::isnan(out[3]) && std::isnan(out[5]));
}

TEST(RsiAndAtr, EqualThoseOfTaLib) {
  const char* folder = std::getenv("TICKWERK_GOLDEN");
  if (folder == nullptr) GTEST_SKIP() << "TICKWERK_GOLDEN does not name the folder tests/golden";
  std::ifstream file(std::string(folder) + "/talib_wilder.txt");
  Series high, low, close, expected_rsi, expected_atr;
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string kind, h, l, c, r, a;
    if (!(words >> kind >> h >> l >> c >> r >> a) || kind != "bar") continue;
    high.push_back(std::stod(h));
    low.push_back(std::stod(l));
    close.push_back(std::stod(c));
    expected_rsi.push_back(std::stod(r));
    expected_atr.push_back(std::stod(a));
  }
  ASSERT_EQ(close.size(), 120u);
  Series our_rsi(close.size()), our_atr(close.size());
  rsi(close, 14, our_rsi);
  atr(high, low, close, 14, our_atr);
  for (std::size_t t = 0; t < close.size(); ++t) {
    ASSERT_EQ(std::isnan(our_rsi[t]), std::isnan(expected_rsi[t])) << t;
    ASSERT_EQ(std::isnan(our_atr[t]), std::isnan(expected_atr[t])) << t;
    if (t < 14) continue;
    EXPECT_NEAR(our_rsi[t], expected_rsi[t], 1e-9 * 100);
    EXPECT_NEAR(our_atr[t], expected_atr[t], 1e-9 * expected_atr[t]);
  }
}

}  // namespace
}  // namespace tickwerk::kernel
