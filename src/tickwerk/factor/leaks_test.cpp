#include "tickwerk/factor/leaks.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tickwerk/base/random.h"
#include "tickwerk/factor/altered_bars.h"

namespace tickwerk::factor {
namespace {

using market::Bars;

/// 40 daily bars of three symbols with random closes; CCC has no bar on every fourth row and ends
/// at row 20.
Bars small_market() {
  Bars bars;
  bars.symbols = {"AAA", "BBB", "CCC"};
  for (int day = 0; day < 40; ++day) bars.times.push_back(midnight(Date{19'000 + day}));
  Panel close(40, 3);
  Panel volume(40, 3);
  RandomSequence random({7, 1});
  for (std::size_t t = 0; t < 40; ++t) {
    for (std::size_t s = 0; s < 3; ++s) {
      const bool absent = s == 2 && (t % 4 == 3 || t > 20);
      close(t, s) = absent ? kNaN : 100 + random.uniform();
      volume(t, s) = absent ? kNaN : 1000 + random.uniform();
    }
  }
  bars.fields.emplace("close", std::move(close));
  bars.fields.emplace("volume", std::move(volume));
  return bars;
}

/// What a symbol's own bar `ahead` of each says, NaN where there is none.
Panel own_bars_ahead(const Panel& field, std::int64_t ahead) {
  Panel out(field.num_rows(), field.num_symbols(), kNaN);
  for (std::size_t s = 0; s < field.num_symbols(); ++s) {
    std::vector<std::size_t> rows;
    for (std::size_t t = 0; t < field.num_rows(); ++t) {
      if (!std::isnan(field(t, s))) rows.push_back(t);
    }
    for (std::size_t k = 0; k < rows.size(); ++k) {
      const std::int64_t read = static_cast<std::int64_t>(k) + ahead;
      if (read < 0 || read >= static_cast<std::int64_t>(rows.size())) continue;
      out(rows[k], s) = field(rows[static_cast<std::size_t>(read)], s);
    }
  }
  return out;
}

/// One value a day: the mean over all symbols and all rows, or over those of the day.
Panel mean_of_all(const Panel& field) {
  double sum = 0;
  double count = 0;
  for (std::size_t t = 0; t < field.num_rows(); ++t) {
    for (std::size_t s = 0; s < field.num_symbols(); ++s) {
      if (std::isnan(field(t, s))) continue;
      sum += field(t, s);
      ++count;
    }
  }
  return Panel(field.num_rows(), 1, sum / count);
}

LeakReport test(const EvaluateFunction& evaluate,
                std::int64_t lookahead = 0,
                const LeakOptions& options = {}) {
  const Bars bars = small_market();
  const std::vector<std::int64_t> ahead = {lookahead};
  return find_leaks({.bars = bars}, ahead, evaluate, options).subjects[0];
}

EvaluateFunction ahead(std::int64_t bars) {
  return [bars](const Sources& sources) {
    std::vector<Panel> values;
    values.push_back(own_bars_ahead(sources.bars.close(), bars));
    return values;
  };
}

TEST(FindLeaks, FindsNoneInThePast) {
  for (const std::int64_t bars : {0, -1, -5}) {
    const LeakReport report = test(ahead(bars));
    EXPECT_FALSE(report.furthest) << bars;
    EXPECT_EQ(report.num_changed, 0U);
    EXPECT_GT(report.num_compared, 0U);
  }
}

TEST(FindLeaks, FindsHowManyBarsAheadAFactorReads) {
  for (const std::int64_t bars : {1, 3, 10}) {
    const LeakReport report = test(ahead(bars));
    ASSERT_TRUE(report.furthest) << bars;
    EXPECT_EQ(report.furthest->bars_ahead, bars);
  }
}

TEST(FindLeaks, NamesTheSymbolAndTheRowThatChanged) {
  // Only BBB reads two bars ahead.
  const LeakReport report = test([](const Sources& sources) {
    Panel values = own_bars_ahead(sources.bars.close(), 0);
    const Panel future = own_bars_ahead(sources.bars.close(), 2);
    for (std::size_t t = 0; t < values.num_rows(); ++t) values(t, 1) = future(t, 1);
    std::vector<Panel> all;
    all.push_back(std::move(values));
    return all;
  });
  ASSERT_TRUE(report.furthest);
  EXPECT_EQ(report.furthest->symbol, 1U);
  EXPECT_EQ(report.furthest->bars_ahead, 2);
  EXPECT_EQ(report.furthest->row, report.furthest->last_row - 1);
}

TEST(FindLeaks, FindsAStatisticOverAllDates) {
  const LeakReport report = test([](const Sources& sources) {
    std::vector<Panel> values;
    values.push_back(mean_of_all(sources.bars.close()));
    return values;
  });
  ASSERT_TRUE(report.furthest);
  EXPECT_FALSE(report.furthest->symbol);
  EXPECT_EQ(report.furthest->row, 0U);
}

TEST(FindLeaks, FindsALookAtTheLengthOfTheData) {
  // A survivor's mark: 1 while the symbol has a bar on the last row of the panel.
  const LeakReport report = test([](const Sources& sources) {
    const Panel& close = sources.bars.close();
    Panel values(close.num_rows(), close.num_symbols());
    for (std::size_t s = 0; s < close.num_symbols(); ++s) {
      for (std::size_t t = 0; t < close.num_rows(); ++t) {
        values(t, s) = std::isnan(close(close.num_rows() - 1, s)) ? 0.0 : 1.0;
      }
    }
    std::vector<Panel> all;
    all.push_back(std::move(values));
    return all;
  });
  ASSERT_TRUE(report.furthest);
}

TEST(FindLeaks, FindsWhatOnlyHugeValuesShow) {
  // Tomorrow counts only when it is absurd: random prices of usual size never show it.
  const LeakReport report = test([](const Sources& sources) {
    Panel values = own_bars_ahead(sources.bars.close(), 1);
    for (std::size_t t = 0; t < values.num_rows(); ++t) {
      for (std::size_t s = 0; s < values.num_symbols(); ++s) {
        values(t, s) = values(t, s) > 1e6 ? 1.0 : 0.0;
      }
    }
    std::vector<Panel> all;
    all.push_back(std::move(values));
    return all;
  });
  ASSERT_TRUE(report.furthest);
  EXPECT_EQ(report.furthest->trial, Trial::kOtherFuture);
}

TEST(FindLeaks, TakesALabelsReachForGranted) {
  EXPECT_FALSE(test(ahead(5), 5).furthest);
  EXPECT_GT(test(ahead(5), 5).num_compared, 0U);
  const LeakReport too_far = test(ahead(6), 5);
  ASSERT_TRUE(too_far.furthest);
  EXPECT_EQ(too_far.furthest->bars_ahead, 6);
}

TEST(FindLeaks, TrustsAColumnThatHoldsTomorrow) {
  // What came from outside is the same however the bars are cut: this is why it is listed.
  const Bars bars = [] {
    Bars market = small_market();
    market.fields.emplace("tip", own_bars_ahead(market.close(), 1));
    return market;
  }();
  const std::vector<std::int64_t> lookahead = {0};
  const LeakTest test = find_leaks({.bars = bars}, lookahead, [](const Sources& sources) {
    std::vector<Panel> values;
    values.push_back(own_bars_ahead(sources.bars.field("tip"), 0));
    return values;
  });
  EXPECT_FALSE(test.subjects[0].furthest);
}

TEST(FindLeaks, CutsAtTheFirstAndTheLastBarAndIsRepeatable) {
  const Bars bars = small_market();
  const std::vector<std::int64_t> none;
  const auto nothing = [](const Sources&) { return std::vector<Panel>(); };
  const LeakTest first = find_leaks({.bars = bars}, none, nothing, {.num_cuts = 8, .seed = 1});
  EXPECT_EQ(first.cuts.size(), 8U);
  EXPECT_EQ(first.cuts.front(), 0U);
  EXPECT_EQ(first.cuts.back(), 38U);
  EXPECT_EQ(first.cuts, find_leaks({.bars = bars}, none, nothing, {.num_cuts = 8, .seed = 1}).cuts);
  EXPECT_NE(first.cuts, find_leaks({.bars = bars}, none, nothing, {.num_cuts = 8, .seed = 2}).cuts);
  EXPECT_EQ(find_leaks({.bars = bars}, none, nothing, {.num_cuts = 99}).cuts.size(), 39U);
}

TEST(AlteredBars, KeepThePastBitForBit) {
  const Bars bars = small_market();
  for (const Future future : {Future::kOther, Future::kHuge, Future::kMissing, Future::kMixed}) {
    const Bars altered = with_other_future(bars, 17, future, 3);
    ASSERT_EQ(altered.num_rows(), bars.num_rows());
    for (const auto& [name, panel] : bars.fields) {
      for (std::size_t t = 0; t < bars.num_rows(); ++t) {
        for (std::size_t s = 0; s < bars.num_symbols(); ++s) {
          const double before = panel(t, s);
          const double after = altered.field(name)(t, s);
          if (t <= 17) {
            EXPECT_TRUE(before == after || (std::isnan(before) && std::isnan(after)));
          } else if (std::isnan(before)) {
            EXPECT_TRUE(std::isnan(after));
          } else {
            EXPECT_NE(before, after);
          }
        }
      }
    }
  }
  EXPECT_EQ(cut_after(bars, 17).num_rows(), 18U);
  EXPECT_EQ(cut_after(bars, 17).close()(17, 1), bars.close()(17, 1));
}

}  // namespace
}  // namespace tickwerk::factor
