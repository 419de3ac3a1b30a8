// The set `labels` on prices small enough to work out by hand: a name that trades to the end of the
// panel and one that stops after its fourth bar.
#include <cmath>

#include "tickwerk/factor/catalogue_fixture.h"

namespace tickwerk::factor {
namespace {

constexpr std::size_t kAlive = 0;
constexpr std::size_t kStopped = 1;

const market::Bars& bars() {
  static const market::Bars kBars = bars_of({
      {"open",
       {{100, 101, 99, 100, 100, 100, 98, 100, 100, 100, 100, 100},
        {10, 11, 12, 9, kNaN, kNaN, kNaN, kNaN, kNaN, kNaN, kNaN, kNaN}}},
      {"high",
       {{200, 101, 106, 101, 102, 107, 101, 103, 102, 106, 101, 101},
        {10, 12, 12, 9, kNaN, kNaN, kNaN, kNaN, kNaN, kNaN, kNaN, kNaN}}},
      {"low",
       {{50, 99, 94, 99, 98, 99, 97, 98, 99, 98, 99, 99},
        {10, 11, 9, 8, kNaN, kNaN, kNaN, kNaN, kNaN, kNaN, kNaN, kNaN}}},
      {"close",
       {{100, 100, 100, 100, 100, 100, 100, 100, 100, 104, 100, 100},
        {10, 12, 9, 8, kNaN, kNaN, kNaN, kNaN, kNaN, kNaN, kNaN, kNaN}}},
      {"volume",
       {std::vector<double>(12, 1000),
        {5, 5, 5, 5, kNaN, kNaN, kNaN, kNaN, kNaN, kNaN, kNaN, kNaN}}},
  });
  return kBars;
}

const ValuesByName& labels() {
  static const ValuesByName kLabels = evaluate_set("labels", bars());
  return kLabels;
}

double label(const char* name, std::size_t row, std::size_t symbol) {
  return labels().at(name)(row, symbol);
}

TEST(Labels, ReturnReadsTheCloseAheadAndIsMissingOnlyAtTheEndOfThePanel) {
  EXPECT_DOUBLE_EQ(label("fwd_return_1", 8, kAlive), 104.0 / 100 - 1);
  EXPECT_DOUBLE_EQ(label("fwd_log_return_1", 8, kAlive), std::log(104.0 / 100));
  EXPECT_DOUBLE_EQ(label("fwd_return_5", 4, kAlive), 104.0 / 100 - 1);
  for (std::size_t row = 0; row < 12; ++row) {
    EXPECT_EQ(std::isnan(label("fwd_return_5", row, kAlive)), row >= 7) << row;
  }
}

TEST(Labels, StoppedNameEndsAtItsLastClose) {
  EXPECT_DOUBLE_EQ(label("fwd_return_1", 0, kStopped), 12.0 / 10 - 1);
  EXPECT_DOUBLE_EQ(label("fwd_return_5", 0, kStopped), 8.0 / 10 - 1);
  EXPECT_DOUBLE_EQ(label("fwd_return_60", 2, kStopped), 8.0 / 9 - 1);
  EXPECT_DOUBLE_EQ(label("fwd_return_60", 3, kStopped), 0);
  EXPECT_TRUE(std::isnan(label("fwd_return_1", 4, kStopped)));
}

TEST(Labels, HaircutIsTakenOffTheLastCloseOfAStoppedNameOnly) {
  expr::LowerOptions options;
  options.params["delist_haircut"] = 0.3;
  const ValuesByName cut = evaluate_text(catalogue_text("labels"), bars(), {}, options);
  EXPECT_DOUBLE_EQ(cut.at("fwd_return_5")(0, kStopped), 8 * 0.7 / 10 - 1);
  EXPECT_DOUBLE_EQ(cut.at("fwd_return_1")(0, kStopped), 12.0 / 10 - 1);
  EXPECT_DOUBLE_EQ(cut.at("fwd_return_5")(4, kAlive), 104.0 / 100 - 1);
}

TEST(Labels, TradeBeginsAtTheNextOpen) {
  EXPECT_DOUBLE_EQ(label("fwd_trade_1", 0, kAlive), 100.0 / 101 - 1);
  EXPECT_DOUBLE_EQ(label("fwd_trade_5", 5, kAlive), 100.0 / 98 - 1);
  EXPECT_DOUBLE_EQ(label("fwd_trade_5", 2, kStopped), 8.0 / 9 - 1);
  EXPECT_TRUE(std::isnan(label("fwd_trade_5", 3, kStopped))) << "no next open to get in at";
}

TEST(Labels, ExtremesAreThoseOfTheBarsAheadAlone) {
  EXPECT_DOUBLE_EQ(label("fwd_max_5", 0, kAlive), 107.0 / 100 - 1);
  EXPECT_DOUBLE_EQ(label("fwd_min_5", 0, kAlive), 94.0 / 100 - 1);
  EXPECT_DOUBLE_EQ(label("fwd_max_10", 0, kAlive), 107.0 / 100 - 1);
  EXPECT_DOUBLE_EQ(label("fwd_max_5", 5, kAlive), 106.0 / 100 - 1);
  EXPECT_DOUBLE_EQ(label("fwd_min_5", 5, kAlive), 97.0 / 100 - 1);
  EXPECT_TRUE(std::isnan(label("fwd_max_5", 7, kAlive)));
  EXPECT_DOUBLE_EQ(label("fwd_max_5", 0, kStopped), 12.0 / 10 - 1);
  EXPECT_DOUBLE_EQ(label("fwd_min_60", 0, kStopped), 8.0 / 10 - 1);
  EXPECT_DOUBLE_EQ(label("fwd_max_20", 3, kStopped), 0);
}

TEST(Labels, EachLengthOfExtremeReadsExactlyThatManyBars) {
  // Row r has the high 100 + r for r from 1, so the highest of the next h bars of row 0 is 100 + h.
  Prices prices;
  for (const char* name : {"open", "high", "low", "close", "volume"}) {
    prices[name] = {std::vector<double>(70, 100.0)};
  }
  for (std::size_t row = 1; row < 70; ++row) {
    prices["high"][0][row] = 100.0 + static_cast<double>(row);
    prices["low"][0][row] = 100.0 - static_cast<double>(row);
  }
  const ValuesByName found = evaluate_set("labels", bars_of(prices));
  for (const int h : {5, 10, 20, 60}) {
    EXPECT_DOUBLE_EQ(found.at(fmt::format("fwd_max_{}", h))(0, 0), (100.0 + h) / 100 - 1) << h;
    EXPECT_DOUBLE_EQ(found.at(fmt::format("fwd_min_{}", h))(0, 0), (100.0 - h) / 100 - 1) << h;
  }
}

TEST(Labels, FirstBarrierTouchedDecides) {
  EXPECT_EQ(label("triple_barrier_5", 0, kAlive), -1) << "bar 2 touches both: the lower counts";
  EXPECT_EQ(label("triple_barrier_5", 2, kAlive), 1) << "bar 5 reaches 107";
  EXPECT_EQ(label("triple_barrier_5", 5, kAlive), 1) << "bar 9 reaches 106";
  EXPECT_EQ(label("triple_barrier_5", 6, kAlive), 1) << "bar 9 reaches 106";
  EXPECT_EQ(label("triple_barrier_10", 0, kAlive), -1);
  EXPECT_EQ(label("triple_barrier_5", 0, kStopped), 1) << "bar 1 has its low above the lower one";
  EXPECT_EQ(label("triple_barrier_20", 1, kStopped), -1);
  EXPECT_EQ(label("triple_barrier_20", 3, kStopped), 0) << "the last close moves no more";
}

TEST(Labels, BarrierIsMissingUntilTimeCouldRunOutEvenWhenItIsTouched) {
  EXPECT_TRUE(std::isnan(label("triple_barrier_5", 7, kAlive)))
      << "touched by bar 9, row 12 missing";
}

TEST(Labels, BarriersMayBeWiderAndBelongToAnExpression) {
  expr::LowerOptions options;
  options.params["barrier_up"] = 0.08;
  options.params["barrier_down"] = 0.08;
  const ValuesByName wide = evaluate_text(catalogue_text("labels"), bars(), {}, options);
  EXPECT_EQ(wide.at("triple_barrier_5")(0, kAlive), 0);

  const ValuesByName own = evaluate_text(
      "import labels\nlabel mine = triple_barrier_of_5(open / open * 0.065, 0.5)\n", bars());
  EXPECT_EQ(own.at("mine")(0, kAlive), 1) << "107 is the first to reach 106.5";
  EXPECT_EQ(own.size(), 1u);
}

}  // namespace
}  // namespace tickwerk::factor
