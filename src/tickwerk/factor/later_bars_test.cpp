#include "tickwerk/factor/later_bars.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tickwerk/base/random.h"
#include "tickwerk/factor/check.h"

namespace tickwerk::factor {
namespace {

using market::Bars;

constexpr std::size_t kRows = 60;

/// Two symbols; BBB has no bar on every third row, so its next bar may lie two rows ahead.
Bars small_market() {
  Bars bars;
  bars.symbols = {"AAA", "BBB"};
  Panel close(kRows, 2);
  Panel volume(kRows, 2);
  RandomSequence random({3, 1});
  for (std::size_t t = 0; t < kRows; ++t) {
    bars.times.push_back(midnight(Date{19'000 + static_cast<int>(t)}));
    for (std::size_t s = 0; s < 2; ++s) {
      const bool absent = s == 1 && t % 3 == 2;
      close(t, s) = absent ? kNaN : 100 + random.uniform();
      volume(t, s) = absent ? kNaN : 1000 + random.uniform();
    }
  }
  bars.fields.emplace("close", std::move(close));
  bars.fields.emplace("volume", std::move(volume));
  return bars;
}

/// Adds the column `told`: for every bar `say(this close, close so many own bars ahead)`.
template <typename Say>
Bars with_column(std::int64_t ahead, const Say& say) {
  Bars bars = small_market();
  Panel told(kRows, 2, kNaN);
  for (std::size_t s = 0; s < 2; ++s) {
    std::vector<std::size_t> rows;
    for (std::size_t t = 0; t < kRows; ++t) {
      if (!std::isnan(bars.close()(t, s))) rows.push_back(t);
    }
    for (std::size_t k = 0; k < rows.size(); ++k) {
      const std::int64_t read = static_cast<std::int64_t>(k) + ahead;
      if (read < 0 || read >= static_cast<std::int64_t>(rows.size())) continue;
      told(rows[k], s) =
          say(bars.close()(rows[k], s), bars.close()(rows[static_cast<std::size_t>(read)], s));
    }
  }
  bars.fields.emplace("told", std::move(told));
  return bars;
}

Bars with_close_ahead(std::int64_t ahead) {
  return with_column(ahead, [](double, double later) { return later; });
}

TEST(LaterBars, FindsTheCloseOfALaterBarOverGaps) {
  for (const std::int64_t ahead : {1, 7, 20}) {
    const auto found = later_bar_in(with_close_ahead(ahead), "told");
    ASSERT_TRUE(found) << ahead;
    EXPECT_EQ(found->says, "close");
    EXPECT_EQ(found->bars_ahead, ahead);
    EXPECT_EQ(found->num_compared, 60U + 40U - 2 * static_cast<std::size_t>(ahead));
    EXPECT_EQ(found->num_equal, found->num_compared);
  }
}

TEST(LaterBars, FindsReturnsToALaterBar) {
  const auto simple = later_bar_in(
      with_column(5, [](double now, double later) { return later / now - 1; }), "told");
  ASSERT_TRUE(simple);
  EXPECT_EQ(simple->says, "return of the close");
  EXPECT_EQ(simple->bars_ahead, 5);
  const auto logarithm = later_bar_in(
      with_column(1, [](double now, double later) { return std::log(later / now); }), "told");
  ASSERT_TRUE(logarithm);
  EXPECT_EQ(logarithm->says, "log return of the close");
}

TEST(LaterBars, FindsTheReturnOfATradeFromTheNextOpen) {
  for (const bool is_log : {false, true}) {
    for (const std::size_t held : {1U, 10U, 20U}) {
      Bars bars = small_market();
      Panel open(kRows, 2, kNaN), told(kRows, 2, kNaN);
      RandomSequence random({9, 1});
      for (std::size_t s = 0; s < 2; ++s) {
        std::vector<std::size_t> rows;
        for (std::size_t t = 0; t < kRows; ++t) {
          if (std::isnan(bars.close()(t, s))) continue;
          open(t, s) = 100 + random.uniform();
          rows.push_back(t);
        }
        for (std::size_t k = 0; k + held < rows.size(); ++k) {
          const double ratio = bars.close()(rows[k + held], s) / open(rows[k + 1], s);
          told(rows[k], s) = is_log ? std::log(ratio) : ratio - 1;
        }
      }
      bars.fields.emplace("open", std::move(open));
      bars.fields.emplace("told", std::move(told));
      const auto found = later_bar_in(bars, "told");
      ASSERT_TRUE(found) << held;
      EXPECT_EQ(found->says, is_log ? "log return from the next open to the close"
                                    : "return from the next open to the close");
      EXPECT_EQ(found->bars_ahead, static_cast<std::int64_t>(held));
    }
  }
}

TEST(LaterBars, WhatIsKnownAtTheBarIsNone) {
  EXPECT_FALSE(later_bar_in(with_close_ahead(0), "told"));
  EXPECT_FALSE(later_bar_in(with_close_ahead(-1), "told"));
  EXPECT_FALSE(later_bar_in(with_column(1, [](double, double) { return 100.0; }), "told"));
}

TEST(LaterBars, WhatStandsStillIsNoNews) {
  Bars bars = small_market();
  bars.fields.insert_or_assign("close", Panel(kRows, 2, 100));
  bars.fields.emplace("told", Panel(kRows, 2, 100));
  EXPECT_FALSE(later_bar_in(bars, "told"));
}

TEST(LaterBars, CheckFindsWhoReadsSuchAColumnTooEarly) {
  const Bars market = with_close_ahead(2);
  const CheckResult result = check(
      {.bars = market},
      expr::Module::parse("a = told / close\nb = told[-1] / close\nc = told[-2] / close\n"
                          "d = close / close[-1]\nlabel e = told\nlabel f = told + close[+2]\n",
                          "x.expr", {}));
  EXPECT_TRUE(result.has_leak());
  const auto& found = result.definitions;
  ASSERT_TRUE(found[0].leaks.furthest);
  EXPECT_EQ(found[0].leaks.furthest->bars_ahead, 2);
  ASSERT_TRUE(found[1].leaks.furthest);
  EXPECT_EQ(found[1].leaks.furthest->bars_ahead, 1);
  EXPECT_EQ(found[2].verdict(), Verdict::kNoLeakFromBars);
  EXPECT_EQ(found[3].verdict(), Verdict::kNoLeak);
  EXPECT_EQ(found[4].verdict(), Verdict::kLeak);
  EXPECT_EQ(found[5].verdict(), Verdict::kNoLeakFromBars);  // says itself that it reads two ahead
  ASSERT_EQ(result.trusted.size(), 1U);
  ASSERT_TRUE(result.trusted[0].later_bar);
  EXPECT_EQ(result.trusted[0].later_bar->bars_ahead, 2);
}

}  // namespace
}  // namespace tickwerk::factor
