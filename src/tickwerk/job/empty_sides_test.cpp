#include "tickwerk/job/empty_sides.h"

#include <gtest/gtest.h>

namespace tickwerk::job {
namespace {

using strategy::Signals;
using strategy::StrategySpec;

/// One letter a symbol: L long, S short, other flat; a row for each text, all deciding.
Signals signals_of(const std::vector<std::string>& rows) {
  Signals signals;
  signals.direction = strategy::DirectionPanel(rows.size(), rows[0].size());
  for (std::size_t t = 0; t < rows.size(); ++t) {
    for (std::size_t s = 0; s < rows[t].size(); ++s) {
      const char c = rows[t][s];
      signals.direction(t, s) =
          c == 'L' ? strategy::kLong : (c == 'S' ? strategy::kShort : strategy::kFlat);
    }
  }
  signals.decides.assign(rows.size(), 1);
  return signals;
}

StrategySpec both_sides() {
  StrategySpec spec;
  spec.name = "mine";
  spec.texts = {{"long", "x > 0"}, {"short", "x < 0"}};
  spec.short_selling = strategy::ShortSelling::kAllow;
  return spec;
}

TEST(EmptySides, AreCountedOnDaysThatDecideForTheOther) {
  Signals signals = signals_of({"L..", "LS.", "...", ".L.", "L.."});
  signals.decides[4] = 0;
  const auto said = empty_sides(both_sides(), signals);
  ASSERT_EQ(said.size(), 1U);
  EXPECT_EQ(
      said[0],
      "mine wants longs and shorts and has no short on 2 of 3 days on which it has either: that "
      "share stays in cash, and net exposure is not the 0 that is wanted");
}

TEST(EmptySides, OfEitherSideAreSaid) {
  EXPECT_EQ(empty_sides(both_sides(), signals_of({"L.", ".S"})).size(), 2U);
  EXPECT_TRUE(empty_sides(both_sides(), signals_of({"LS", "..", "SL"})).empty());
}

TEST(EmptySides, OfASideThatIsNotWantedAreNot) {
  const Signals signals = signals_of({"L."});
  StrategySpec long_only = both_sides();
  long_only.texts.pop_back();
  EXPECT_TRUE(empty_sides(long_only, signals).empty());
  StrategySpec refuses = both_sides();
  refuses.short_selling = strategy::ShortSelling::kRefuse;
  EXPECT_TRUE(empty_sides(refuses, signals).empty());
  StrategySpec net_long = both_sides();
  net_long.net = 1;
  EXPECT_TRUE(empty_sides(net_long, signals).empty());
}

}  // namespace
}  // namespace tickwerk::job
