#include "tickwerk/trace/zone.h"

#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>

#include "tickwerk/trace/clock.h"
#include "tickwerk/trace/recorded_test.h"

namespace tickwerk::trace {
namespace {

using std::chrono::microseconds;
using std::chrono::nanoseconds;
using std::chrono::steady_clock;

class ZoneTest : public Recorded {};

constexpr int kLeafLine = __LINE__ + 1;
void leaf() { TW_ZONE("leaf"); }

void left() {
  TW_ZONE("left");
  leaf();
}

void right() {
  TW_ZONE("right");
  leaf();
  leaf();
}

int factorial(int n) {
  TW_ZONE("factorial");
  return n <= 1 ? 1 : n * factorial(n - 1);
}

template <typename Number>
Number twice(Number value) {
  TW_ZONE("twice");
  return value + value;
}

TEST_F(ZoneTest, NothingIsRecordedWhileZonesAreOff) {
  set_zones(Switch::kOff);
  left();
  EXPECT_TRUE(collect().main.children.empty());
}

TEST_F(ZoneTest, NodesAreKeyedByNameAndParent) {
  left();
  right();
  right();
  const CallNode main = collect().main;
  EXPECT_EQ(main.name, "<main>");
  EXPECT_EQ(calls_at(main, "left"), 1u);
  EXPECT_EQ(calls_at(main, "left/leaf"), 1u);
  EXPECT_EQ(calls_at(main, "right"), 2u);
  EXPECT_EQ(calls_at(main, "right/leaf"), 4u);
  EXPECT_EQ(main.children.size(), 2u);
}

TEST_F(ZoneTest, TheOnlyOutermostZoneIsTheRoot) {
  right();
  const CallNode main = collect().main;
  EXPECT_EQ(main.name, "right");
  EXPECT_EQ(main.calls, 1u);
  EXPECT_EQ(calls_at(main, "leaf"), 2u);
}

TEST_F(ZoneTest, SitesKnowTheirPathInTheRepositoryAndLine) {
  leaf();
  const CallNode main = collect().main;
  EXPECT_EQ(main.file, "src/tickwerk/trace/zone_test.cpp");
  EXPECT_EQ(main.line, kLeafLine);
}

TEST_F(ZoneTest, ARecursiveCallIsAChildOfItsCaller) {
  EXPECT_EQ(factorial(4), 24);
  const CallNode main = collect().main;
  EXPECT_EQ(main.name, "factorial");
  EXPECT_EQ(calls_at(main, "factorial/factorial/factorial"), 1u);
  EXPECT_EQ(find(main, "factorial/factorial/factorial/factorial"), nullptr);
}

TEST_F(ZoneTest, InstancesOfATemplateAreOneNode) {
  left();
  twice(1);
  twice(1.5);
  EXPECT_EQ(calls_at(collect().main, "twice"), 2u);
}

TEST_F(ZoneTest, ManySiblingsAreFoundAgainInAnyOrder) {
  static constexpr ZoneSite kSites[] = {{"a", "f", 1}, {"b", "f", 2}, {"c", "f", 3}, {"d", "f", 4}};
  const int order[] = {0, 1, 2, 3, 3, 2, 1, 0, 2, 0, 3, 1};
  for (const int i : order) Zone zone(kSites[i]);
  const CallNode main = collect().main;
  ASSERT_EQ(main.children.size(), 4u);
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(main.children[static_cast<std::size_t>(i)].name, kSites[i].name);
    EXPECT_EQ(main.children[static_cast<std::size_t>(i)].calls, 3u);
  }
}

TEST_F(ZoneTest, AnExceptionClosesTheZonesItLeaves) {
  const auto fail = [] {
    TW_ZONE("outer");
    TW_ZONE("inner");
    throw std::runtime_error("leaves both");
  };
  EXPECT_THROW(fail(), std::runtime_error);
  leaf();
  const CallNode main = collect().main;
  EXPECT_EQ(calls_at(main, "outer/inner"), 1u);
  EXPECT_EQ(calls_at(main, "leaf"), 1u);
}

TEST_F(ZoneTest, SelfTimesAddUpToTheTotalOfTheRoot) {
  for (int i = 0; i < 100; ++i) {
    left();
    right();
    factorial(5);
  }
  const CallNode main = collect().main;
  const auto sum = [](const auto& self, const CallNode& node) -> std::uint64_t {
    std::uint64_t ns = node.self_ns;
    for (const CallNode& child : node.children) ns += self(self, child);
    return ns;
  };
  EXPECT_EQ(sum(sum, main), main.total_ns);
}

TEST_F(ZoneTest, ShortestAndLongestCallEncloseTheMean) {
  for (int i = 0; i < 50; ++i) leaf();
  const CallNode main = collect().main;
  EXPECT_EQ(main.calls, 50u);
  EXPECT_LE(main.min_ns * 50, main.total_ns);
  EXPECT_GE((main.max_ns + 1) * 50, main.total_ns);
}

TEST_F(ZoneTest, AnOpenZoneIsAtLeastAsLongAsWhatClosedInIt) {
  TW_ZONE("open");
  left();
  const CallNode main = collect().main;
  EXPECT_EQ(main.name, "open");
  EXPECT_EQ(main.calls, 0u);
  EXPECT_EQ(main.total_ns, find(main, "left")->total_ns);
}

TEST_F(ZoneTest, AZoneClosesWhenZonesWereSwitchedOffInside) {
  {
    TW_ZONE("outer");
    set_zones(Switch::kOff);
    leaf();
  }
  set_zones(Switch::kOn);
  leaf();
  const CallNode main = collect().main;
  EXPECT_EQ(calls_at(main, "outer"), 1u);
  EXPECT_EQ(find(main, "outer/leaf"), nullptr);
  EXPECT_EQ(calls_at(main, "leaf"), 1u);
}

TEST_F(ZoneTest, CountersBelongToTheInnermostOpenZone) {
  count(Counter::kFills, 99);
  {
    TW_ZONE("outer");
    count(Counter::kRows, 10);
    {
      TW_ZONE("inner");
      count(Counter::kRows, 5);
      count(Counter::kRows, 7);
    }
    count(Counter::kOrders, 3);
  }
  const CallNode main = collect().main;
  EXPECT_EQ(main.counter(Counter::kRows), 10u);
  EXPECT_EQ(main.counter(Counter::kOrders), 3u);
  EXPECT_EQ(main.counter(Counter::kFills), 0u);
  EXPECT_EQ(find(main, "inner")->counter(Counter::kRows), 12u);
}

TEST_F(ZoneTest, ResetForgetsEverything) {
  left();
  reset();
  leaf();
  const CallNode main = collect().main;
  EXPECT_EQ(main.name, "leaf");
  EXPECT_EQ(main.calls, 1u);
}

/// A zone lies between two intervals of another clock, whichever its own is; 0.1 % for the scale.
void expect_true_time() {
  const auto before = steady_clock::now();
  nanoseconds inside{};
  {
    TW_ZONE("spin");
    const auto begin = steady_clock::now();
    spin(microseconds(5000));
    inside = steady_clock::now() - begin;
  }
  const nanoseconds outside = steady_clock::now() - before;
  const auto total_ns = static_cast<double>(collect().main.total_ns);
  EXPECT_GE(total_ns, 0.999 * static_cast<double>(inside.count()));
  EXPECT_LE(total_ns, 1.001 * static_cast<double>(outside.count()));
}

TEST_F(ZoneTest, TimesAgreeWithAnotherClock) { expect_true_time(); }

TEST_F(ZoneTest, TimesAgreeWithoutTheTimeStampCounter) {
  start_clock(ClockSource::kMonotonic);
  EXPECT_EQ(clock_source(), ClockSource::kMonotonic);
  expect_true_time();
  start_clock(best_clock_source());
  EXPECT_EQ(clock_source(), best_clock_source());
}

}  // namespace
}  // namespace tickwerk::trace
