#include "tickwerk/market/bars.h"

#include <gtest/gtest.h>

namespace tickwerk::market {
namespace {

Bars two_by_three() {
  Bars bars;
  bars.times = {midnight(make_date(2024, 1, 2)), midnight(make_date(2024, 1, 4))};
  bars.symbols = {"A", "B.1", "b"};
  bars.fields.emplace("close", Panel(2, 3, 1.0));
  bars.fields.emplace("volume", Panel(2, 3, 5.0));
  return bars;
}

TEST(Bars, NamesTheFieldsThereAreWhenOneIsNot) {
  const Bars bars = two_by_three();
  EXPECT_EQ(bars.field("volume")(1, 2), 5.0);
  try {
    bars.field("open");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kNotFound);
    EXPECT_STREQ(error.what(), "bars must have the field 'open', found only close, volume");
  }
}

TEST(Bars, FindsSymbolsByBytesAndRowsByTime) {
  const Bars bars = two_by_three();
  EXPECT_EQ(bars.column("B.1"), 1u);
  EXPECT_EQ(bars.column("b"), 2u);
  EXPECT_EQ(bars.column("B"), 3u);
  EXPECT_EQ(bars.first_row_at(midnight(make_date(2024, 1, 2))), 0u);
  EXPECT_EQ(bars.first_row_at(midnight(make_date(2024, 1, 3))), 1u);
  EXPECT_EQ(bars.first_row_at(midnight(make_date(2024, 1, 5))), 2u);
}

TEST(Fingerprint, ChangesWithEveryTimeSymbolFieldAndValueAndNotWithThePadding) {
  const std::string original = fingerprint(two_by_three());
  const auto changed = [&](const auto& change) {
    Bars bars = two_by_three();
    change(bars);
    return fingerprint(bars) != original;
  };
  EXPECT_FALSE(changed([](Bars&) {}));
  EXPECT_FALSE(changed([](Bars& bars) { bars.fields.find("close")->second.row(0)[3] = 9; }));
  EXPECT_TRUE(changed([](Bars& bars) { bars.times[1].ns += 1; }));
  EXPECT_TRUE(changed([](Bars& bars) { bars.symbols[1] = "B.2"; }));
  EXPECT_TRUE(changed([](Bars& bars) { bars.fields.find("close")->second(1, 2) = kNaN; }));
  EXPECT_TRUE(changed([](Bars& bars) {
    auto node = bars.fields.extract("volume");
    node.key() = "shares";
    bars.fields.insert(std::move(node));
  }));
}

}  // namespace
}  // namespace tickwerk::market
