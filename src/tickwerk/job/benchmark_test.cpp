#include "tickwerk/job/benchmark.h"

#include <gtest/gtest.h>

#include "tickwerk/job/job_fixture.h"

namespace tickwerk::job {
namespace {

class Benchmark : public JobFixture {
 protected:
  std::vector<double> values(const std::string& name,
                             const market::Bars& bars,
                             std::size_t first_row = 0) const {
    RunConfig config;
    config.benchmark = name;
    config.load.prices = folder() / "prices.csv";
    return benchmark_values(config, bars, first_row);
  }

  const market::Bars bars_ = bars_of({"A", "B"}, {{10, 5}, {11, kNaN}, {22, 4}, {33, 6}});
};

TEST_F(Benchmark, OfNoNameIsEmpty) { EXPECT_TRUE(values("", bars_).empty()); }

TEST_F(Benchmark, EqualWeightCompoundsTheMeanOfThoseWithBothCloses) {
  // Day 2: A alone +10 %; day 3: A alone +100 %, B has no close before; day 4: +50 % and +50 %.
  expect_values(values("equal_weight", bars_), {1, 1.1, 2.2, 3.3});
  expect_values(values("equal_weight", bars_, 2), {1, 1.5});
}

TEST_F(Benchmark, EqualWeightStandsStillWithoutAnyReturn) {
  expect_values(values("equal_weight", bars_of({"A"}, {{1}, {kNaN}, {3}, {6}})), {1, 1, 1, 2});
}

TEST_F(Benchmark, EqualWeightOfADatedUniverseIsThatOfTheMembersOfTheDayBefore) {
  market::Bars bars = bars_of({"A", "B"}, {{10, 10}, {20, 30}, {20, 60}});
  Panel member(3, 2, 1.0);
  member(0, 1) = 0;  // B joins on the second day
  bars.fields.emplace("in_universe", std::move(member));
  expect_values(values("equal_weight", bars), {1, 2, 3});
}

TEST_F(Benchmark, SymbolOfTheBarsGivesItsClosesWithTheirGaps) {
  expect_values(values("B", bars_, 1), {kNaN, 4, 6});
}

TEST_F(Benchmark, FileOfOneSymbolIsReadAtTheTimesOfTheBars) {
  // No close on the second day; days that the bars do not have are passed over.
  const std::filesystem::path path =
      file("index.csv",
           "date,close\n2023-12-29,90\n2024-01-01,100\n2024-01-03,120\n2024-01-04,60\n"
           "2024-01-05,70\n");
  expect_values(values(path.string(), bars_), {100, kNaN, 120, 60});
}

TEST_F(Benchmark, FileOfSeveralSymbolsIsRefused) {
  const std::filesystem::path path =
      file("two.csv", "date,symbol,close\n2024-01-01,X,1\n2024-01-01,Y,1\n");
  const Error error = error_of([&] { values(path.string(), bars_); });
  EXPECT_EQ(error.code(), Code::kInvalidArgument);
  EXPECT_TRUE(contains(error.what(), "must hold one symbol, found 2 in"));
}

TEST_F(Benchmark, SymbolLeftOutOfTheBarsIsLookedForInTheWholeInput) {
  file("prices.csv", "date,symbol,close\n2024-01-01,A,10\n2024-01-01,Z,7\n2024-01-04,Z,8\n");
  expect_values(values("Z", bars_), {7, kNaN, kNaN, 8});
  const Error error = error_of([&] { values("ZZ", bars_); });
  EXPECT_EQ(error.code(), Code::kNotFound);
  EXPECT_TRUE(contains(error.what(), "is neither equal_weight nor a file"));
}

}  // namespace
}  // namespace tickwerk::job
