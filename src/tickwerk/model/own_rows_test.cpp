#include "tickwerk/model/own_rows.h"

#include <gtest/gtest.h>

#include "tickwerk/backtest/market_fixture.h"

namespace tickwerk::model {
namespace {

/// Closes of one symbol: a digit is a bar, a dot is none.
Panel closes(std::string_view text) {
  Panel panel(text.size(), 1, kNaN);
  for (std::size_t t = 0; t < text.size(); ++t) {
    if (text[t] != '.') panel(t, 0) = 1;
  }
  return panel;
}

TEST(OwnRows, AreThoseWithAClose) {
  const OwnRows rows(closes(".11.1").view());
  EXPECT_EQ(std::vector<std::uint32_t>(rows.of(0).begin(), rows.of(0).end()),
            (std::vector<std::uint32_t>{1, 2, 4}));
  EXPECT_EQ(rows.number(0, 4), 2u);
}

TEST(LabelEnd, CountsBarsOfTheSymbolOverGaps) {
  const OwnRows rows(closes("11..1.1").view());
  EXPECT_EQ(label_end(rows, 0, 0, {.bars = 2}), 4u);
  EXPECT_EQ(label_end(rows, 0, 1, {.bars = 2}), 6u);
}

TEST(LabelEnd, IsUnknownWhereTheDataEndFirst) {
  const OwnRows rows(closes("1111111").view());
  EXPECT_EQ(label_end(rows, 0, 3, {.bars = 3}), 6u);
  EXPECT_FALSE(label_end(rows, 0, 4, {.bars = 3}).has_value());
}

TEST(LabelEnd, OfANameThatStoppedIsWhereItsBarWouldHaveBeenOrTheStopWasKnown) {
  const OwnRows rows(closes("111.............").view());  // last bar on row 2 of 0 to 15
  EXPECT_EQ(label_end(rows, 0, 1, {.bars = 3, .stopped_after = 6}), 8u);
  EXPECT_EQ(label_end(rows, 0, 1, {.bars = 11, .stopped_after = 6}), 12u);
  EXPECT_EQ(label_end(rows, 0, 2, {.bars = 60, .stopped_after = 6}), 15u);
}

TEST(LabelEnd, ANameMayStillTradeForSomeRows) {
  EXPECT_FALSE(
      label_end(OwnRows(closes("11......").view()), 0, 1, {.bars = 1, .stopped_after = 7}));
  EXPECT_TRUE(label_end(OwnRows(closes("11......").view()), 0, 1, {.bars = 1, .stopped_after = 6}));
}

}  // namespace
}  // namespace tickwerk::model
