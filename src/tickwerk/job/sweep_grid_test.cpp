#include "tickwerk/job/sweep_grid.h"

#include <gtest/gtest.h>

#include "tickwerk/job/job_fixture.h"

namespace tickwerk::job {
namespace {

using Values = std::vector<double>;

std::string refused(std::string_view text) {
  const Error error = error_of([&] { parse_swept(text); });
  EXPECT_EQ(error.code(), Code::kInvalidArgument);
  return error.what();
}

TEST(SweepGrid, RangesHaveBothEnds) {
  EXPECT_EQ(parse_swept("fast=5:20:5").values, (Values{5, 10, 15, 20}));
  EXPECT_EQ(parse_swept("fast=5:19:5").values, (Values{5, 10, 15}));
  EXPECT_EQ(parse_swept("fast=7:7:1").values, (Values{7}));
  EXPECT_EQ(parse_swept("x=-1:1:1").values, (Values{-1, 0, 1}));
}

TEST(SweepGrid, StepsAreDecimal) {
  EXPECT_EQ(parse_swept("x=0.1:0.5:0.1").values, (Values{0.1, 0.2, 0.3, 0.4, 0.5}));
  EXPECT_EQ(parse_swept("x=0:0.7:0.1").values.size(), 8U);
}

TEST(SweepGrid, ListsKeepTheirOrder) {
  EXPECT_EQ(parse_swept("slow=60,20,1e2").values, (Values{60, 20, 100}));
  EXPECT_EQ(parse_swept("slow=60").values, (Values{60}));
}

TEST(SweepGrid, LastParameterVariesFastest) {
  const SweepGrid grid({{"a", {1, 2}}, {"b", {10, 20, 30}}});
  ASSERT_EQ(grid.size(), 6U);
  EXPECT_EQ(grid.value(0, 0), 1);
  EXPECT_EQ(grid.value(2, 1), 30);
  EXPECT_EQ(grid.value(3, 0), 2);
  EXPECT_EQ(grid.value(3, 1), 10);
}

TEST(SweepGrid, RefusesWhatIsNoRangeAndNoList) {
  for (const std::string_view text : {"fast", "=1:2:1", "fast=", "fast=1,,2", "fast=a,", "fast=1:2",
                                      "fast=1:2:3:4", "fast=1:nan:1", "fast=1:x:2:3"}) {
    EXPECT_TRUE(contains(refused(text), fmt::format("'{}'", text)));
  }
  EXPECT_TRUE(contains(refused("fast=1:5:0"), "step"));
  EXPECT_TRUE(contains(refused("fast=1:5:-1"), "step"));
  EXPECT_TRUE(contains(refused("fast=5:1:1"), "low end"));
  EXPECT_TRUE(contains(refused("fast=1,2,1"), "must differ"));
  EXPECT_TRUE(contains(refused("fast=1,2,1.0"), "must differ"));
  EXPECT_TRUE(contains(refused("fill=a,b,a"), "must differ"));
}

TEST(SweepGrid, AListOfWhichOneIsNoNumberIsOneOfWords) {
  const SweptParameter words = parse_swept("rebalance=weekly,every(5),1");
  EXPECT_TRUE(words.has_words());
  EXPECT_EQ(words.words, (std::vector<std::string>{"weekly", "every(5)", "1"}));
  EXPECT_EQ(words.values, (Values{0, 1, 2}));
  EXPECT_EQ(words.text(1), "every(5)");
  EXPECT_FALSE(parse_swept("fast=1,2").has_words());
  EXPECT_EQ(parse_swept("fast=1,0.25").text(1), "0.25");
}

TEST(SweepGrid, HasAtMostAMillionCombinations) {
  EXPECT_TRUE(contains(refused("a=0:1e9:1"), "1000000"));
  const std::vector<std::string> just{"a=1:1000:1", "b=1:1000:1"};
  EXPECT_EQ(parse_grid(just).size(), kMaxCombinations);
  const std::vector<std::string> over{"a=1:1000:1", "b=1:1001:1"};
  EXPECT_TRUE(contains(error_of([&] { parse_grid(over); }).what(), "1000000 combinations"));
}

TEST(SweepGrid, RefusesAParameterTwiceAndNone) {
  const std::vector<std::string> twice{"a=1,2", "a=3"};
  EXPECT_TRUE(contains(error_of([&] { parse_grid(twice); }).what(), "once only, found 'a'"));
  EXPECT_TRUE(contains(error_of([] { parse_grid({}); }).what(), "at least one parameter"));
}

}  // namespace
}  // namespace tickwerk::job
