#include "tickwerk/job/positions.h"

#include <gtest/gtest.h>

#include "tickwerk/job/job_fixture.h"

namespace tickwerk::job {
namespace {

class Positions : public JobFixture {
 protected:
  backtest::Holdings read(std::string_view text) const {
    return read_positions(file("held.csv", text), bars_);
  }

  /// Refused as corrupt, with these words and the place.
  void refused(std::string_view text, const std::string& words, const std::string& place) const {
    const Error error = error_of([&] { read(text); });
    EXPECT_EQ(error.code(), Code::kCorruptData);
    EXPECT_TRUE(contains(error.what(), words));
    EXPECT_TRUE(contains(error.what(), place));
  }

  const market::Bars bars_ = bars_of({"AAA", "B,C", "NONE"}, {{1, kNaN, kNaN}, {2, 3, kNaN}});
};

TEST_F(Positions, AreSharesBySymbolAndCash) {
  const backtest::Holdings holdings = read("symbol,quantity\nCASH,12.5\n\"B,C\",3\nAAA,0\n");
  EXPECT_EQ(holdings.cash, 12.5);
  expect_values(holdings.shares, {0, 3, 0});
}

TEST_F(Positions, AcceptAByteOrderMarkCrlfBlankLinesAndDebt) {
  const backtest::Holdings holdings =
      read("\xEF\xBB\xBFsymbol,quantity\r\nAAA, 1e2\r\n\r\nCASH,-5\r\n");
  EXPECT_EQ(holdings.cash, -5);
  expect_values(holdings.shares, {100, 0, 0});
}

TEST_F(Positions, AcceptShortsWhereTheyAreAllowed) {
  const auto path = file("held.csv", "symbol,quantity\nAAA,-1.5\nCASH,100\n");
  const auto holdings = read_positions(path, bars_, strategy::ShortSelling::kAllow);
  expect_values(holdings.shares, {-1.5, 0, 0});
}

TEST_F(Positions, NameTheRowThatIsWrong) {
  refused("AAA,5\nCASH,1\n", "begin with the heading symbol,quantity, found AAA,5",
          "row 1 of held.csv");
  refused("symbol,quantity\nCASH,1\nAAA\n", "two fields, found 1", "row 3 of held.csv");
  refused("symbol,quantity\nAAA,1,2\n", "two fields, found 3", "row 2 of held.csv");
  refused("symbol,quantity\nAAA,many\n", "finite number, found 'many'", "row 2 of held.csv");
  refused("symbol,quantity\nAAA,\n", "finite number, found ''", "row 2 of held.csv");
  refused("symbol,quantity\nCASH,inf\n", "finite number, found 'inf'", "row 2 of held.csv");
  refused("symbol,quantity\nAAA,-1\n", "unless shorts are allowed (allow_short), found -1 of AAA",
          "row 2 of held.csv");
  refused("symbol,quantity\nAAB,1\n", "symbol of the data, found 'AAB', nearest: AAA",
          "row 2 of held.csv");
  refused("symbol,quantity\nNONE,1\n", "symbol with a price, found none of NONE",
          "row 2 of held.csv");
  refused("symbol,quantity\nAAA,1\nAAA,1\n", "given once, found AAA again", "row 3 of held.csv");
  refused("symbol,quantity\nCASH,1\nCASH,1\n", "given once, found CASH again", "row 3 of held.csv");
  refused("symbol,quantity\n\"AAA,1\n", "quote", "row 2 of held.csv");
}

TEST_F(Positions, NeedACashRow) {
  refused("symbol,quantity\nAAA,1\n", "must have a CASH row, found none", "held.csv");
  refused("", "must have a CASH row, found none", "held.csv");
}

TEST_F(Positions, OfAMissingFileAreNotFound) {
  EXPECT_EQ(error_of([&] { read_positions(folder() / "none.csv", bars_); }).code(),
            Code::kNotFound);
}

}  // namespace
}  // namespace tickwerk::job
