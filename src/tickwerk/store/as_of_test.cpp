// A past as-of read repeats for ever: nothing later than its day, and the versions of that day.
#include <gtest/gtest.h>

#include "tickwerk/store/metadata.h"
#include "tickwerk/store/store_fixture.h"
#include "tickwerk/store/upkeep.h"

namespace tickwerk::store {
namespace {

class AsOf : public StoreTest {
 protected:
  /// Recorded on a day, with bars up to a row.
  void record(const market::Bars& bars, Date day) {
    config_.now = midnight(day);
    config_.as_of.reset();
    run(bars, expressions_);
  }
  Result read(const market::Bars& bars, Date day, Date today = make_date(2026, 1, 1)) {
    config_.now = midnight(today);
    config_.as_of = day;
    const expr::Inputs inputs = inputs_of(bars);
    return read_or_evaluate({bars, inputs, expressions_.graph, expressions_.columns}, config_);
  }
  void expect_same(const Result& result, const market::Bars& bars) const {
    const auto expected = expressions_.evaluated(first_rows(bars, result.num_rows));
    for (std::size_t k = 0; k < expected.size(); ++k) {
      EXPECT_EQ(difference(result.values[k], expected[k], 0, result.num_rows), "")
          << expressions_.columns[k].name;
    }
  }
  /// A vendor's revision of one close in 2023.
  market::Bars revised(double factor) const {
    market::Bars bars = copy_of(market_);
    const std::size_t row = bars.first_row_at(midnight(make_date(2023, 3, 1)));
    double& close = bars.fields.find("close")->second(row, 4);
    EXPECT_GT(close, 0);
    close *= factor;
    return bars;
  }
};

TEST_F(AsOf, NothingLaterThanTheDayIsReturned) {
  record(market_, make_date(2025, 1, 2));
  const Date day = make_date(2024, 6, 3);
  const Result result = read(market_, day);
  EXPECT_EQ(date_of(market_.times[result.num_rows - 1]), day);
  expect_same(result, market_);
  EXPECT_EQ(count(result, Outcome::kHit), result.findings.size());
  ASSERT_EQ(result.notes.size(), 1U);
  EXPECT_EQ(result.notes[0],
            "cut by event time only: the store first saw the bars of 2021 to 2024 after "
            "2024-06-03");
}

TEST_F(AsOf, AnotherBuildReplacesValuesAndAnotherReleaseKeepsThem) {
  const auto num_replaced = [&] { return info(folder_of(config_.address)).replaced.size(); };
  config_.code_version = "1.0 first";
  record(market_, make_date(2025, 1, 10));
  config_.code_version = "1.0 second";
  record(market_, make_date(2025, 1, 11));
  EXPECT_EQ(num_replaced(), 0U);
  config_.code_version = "1.0 third";
  record(revised(1.02), make_date(2025, 2, 10));
  const std::size_t of_bars = num_replaced();
  EXPECT_GT(of_bars, 0U);
  config_.code_version = "1.1 first";
  record(revised(1.02), make_date(2025, 3, 10));
  EXPECT_EQ(num_replaced(), of_bars + 4);  // a version of every year
  config_.code_version = "1.0 third";
  expect_same(read(market_, make_date(2025, 1, 15)), market_);
}

TEST_F(AsOf, APastReadRepeatsAfterTwoRevisions) {
  const market::Bars second = revised(1.02), third = revised(1.05);
  record(market_, make_date(2025, 1, 10));
  record(second, make_date(2025, 2, 10));
  record(third, make_date(2025, 3, 10));
  for (const market::Bars* now : {&third, &second}) {
    expect_same(read(*now, make_date(2024, 12, 31)), market_);  // before there was a store
    expect_same(read(*now, make_date(2025, 1, 10)), market_);
    expect_same(read(*now, make_date(2025, 2, 9)), market_);
    expect_same(read(*now, make_date(2025, 2, 10)), second);
    expect_same(read(*now, make_date(2025, 3, 9)), second);
    expect_same(read(*now, make_date(2025, 3, 10)), third);
  }
  const Result result = read(third, make_date(2025, 1, 20));
  EXPECT_EQ(reason(result, "trend", 2024), "version: as recorded on 2025-01-10");
  EXPECT_TRUE(result.notes.empty());
}

TEST_F(AsOf, AReadBeforeTheRevisionIsRecordedSeesTheOldBars) {
  record(market_, make_date(2025, 1, 10));
  expect_same(read(revised(1.02), make_date(2025, 1, 15)), market_);
  expect_same(read(revised(1.02), make_date(2024, 5, 15)), market_);
}

TEST_F(AsOf, AppendedDaysDoNotMoveWhatWasKnown) {
  record(first_rows(market_, 780), make_date(2024, 12, 3));
  record(market_, make_date(2025, 1, 10));
  record(revised(1.02), make_date(2025, 2, 10));
  expect_same(read(revised(1.02), make_date(2025, 1, 15)), market_);
}

TEST_F(AsOf, AColumnThatWasNotThereIsEvaluatedFromTheBarsThereAre) {
  record(first_rows(market_, 700), make_date(2025, 1, 10));
  const Expressions other("new = ema(high, 9)");
  config_.as_of = date_of(market_.times[600]);
  const Result result = run(market_, other);
  EXPECT_EQ(result.num_rows, 601U);
  EXPECT_EQ(count(result, Outcome::kMiss), 4U - (result.findings.back().year == 2023 ? 1U : 0U));
}

TEST_F(AsOf, GarbageCollectionForgetsVersionsOnlyWhenAsked) {
  record(market_, make_date(2025, 1, 10));
  record(revised(1.02), make_date(2025, 2, 10));
  record(revised(1.05), make_date(2025, 3, 10));
  const Timestamp now = midnight(make_date(2025, 4, 1));
  EXPECT_TRUE(
      collect_garbage(folder(), {.keep_since = {}, .now = now, .waiting = {}}).files.empty());
  const std::size_t before = info(folder()).replaced.size();
  const Removed removed =
      collect_garbage(folder(), {.keep_since = make_date(2025, 3, 1), .now = now, .waiting = {}});
  EXPECT_FALSE(removed.files.empty());
  EXPECT_EQ(info(folder()).replaced.size(), before / 2);
  EXPECT_TRUE(verify(folder()).damaged.empty());
  EXPECT_TRUE(verify(folder()).leftover.empty());
  expect_same(read(revised(1.05), make_date(2025, 1, 15)), revised(1.02));  // the oldest left
}

}  // namespace
}  // namespace tickwerk::store
