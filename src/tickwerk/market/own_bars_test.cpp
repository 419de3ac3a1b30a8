#include "tickwerk/market/own_bars.h"

#include <gtest/gtest.h>

#include <cmath>

namespace tickwerk::market {
namespace {

/// Symbol s has its bars in the rows t with (t + s) % 3 != 0, close 100 s + t, volume 1; its other
/// rows have a volume too.
Bars with_gaps(std::size_t num_rows, std::size_t num_symbols) {
  Bars bars;
  Panel close(num_rows, num_symbols, kNaN), volume(num_rows, num_symbols, 1.0);
  for (std::size_t t = 0; t < num_rows; ++t) {
    bars.times.push_back({static_cast<std::int64_t>(t) * kNsPerDay});
    for (std::size_t s = 0; s < num_symbols; ++s) {
      if ((t + s) % 3 != 0) close(t, s) = static_cast<double>(100 * s + t);
    }
  }
  for (std::size_t s = 0; s < num_symbols; ++s) bars.symbols.push_back(fmt::format("S{:02}", s));
  bars.fields.emplace("close", std::move(close));
  bars.fields.emplace("volume", std::move(volume));
  return bars;
}

using Fields = std::span<const std::vector<double>>;

TEST(MapOwnBars, CountsTheBarsOfTheSymbolAndLeavesOtherRowsEmpty) {
  const Bars bars = with_gaps(6, 20);  // more symbols than one task takes
  const Panel number = map_own_bars(bars, {"close"}, [](Fields in, std::span<double> out) {
    ASSERT_EQ(in[0].size(), out.size());
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<double>(i);
  });
  for (std::size_t s = 0; s < 20; ++s) {
    double expected = 0;
    for (std::size_t t = 0; t < 6; ++t) {
      if ((t + s) % 3 == 0) {
        EXPECT_TRUE(std::isnan(number(t, s)));
      } else {
        EXPECT_EQ(number(t, s), expected++);
      }
    }
  }
}

TEST(MapOwnBars, HandsOutTheFieldsInTheOrderAskedFor) {
  const Bars bars = with_gaps(4, 2);
  const Panel out =
      map_own_bars(bars, {"volume", "close"}, [](Fields in, std::span<double> values) {
        for (std::size_t i = 0; i < values.size(); ++i) values[i] = in[1][i] - in[0][i];
      });
  EXPECT_EQ(out(1, 0), 0.0);
  EXPECT_EQ(out(3, 1), 102.0);
  EXPECT_TRUE(std::isnan(out(2, 1)));
}

TEST(MapOwnBars, RefusesAFieldThatIsNotThere) {
  EXPECT_THROW(map_own_bars(with_gaps(2, 1), {"open"}, [](Fields, std::span<double>) {}), Error);
}

}  // namespace
}  // namespace tickwerk::market
