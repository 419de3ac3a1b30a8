#include "tickwerk/trace/timeline.h"

#include <gtest/gtest.h>

#include <thread>

#include "tickwerk/trace/recorded_test.h"

namespace tickwerk::trace {
namespace {

class TimelineTest : public Recorded {
 protected:
  void SetUp() override {
    Recorded::SetUp();
    set_zones(Switch::kOn, Events::kKeep);
  }
};

void inner() {
  TW_ZONE("inner");
  spin(std::chrono::microseconds(2));
}

TEST_F(TimelineTest, IsEmptyUnlessEventsAreKept) {
  set_zones(Switch::kOn);
  inner();
  EXPECT_TRUE(collect_timeline().events.empty());
}

TEST_F(TimelineTest, EventsStandInTheOrderOfTheirBeginInsideTheirParents) {
  {
    TW_ZONE("outer");
    inner();
    inner();
  }
  const Timeline timeline = collect_timeline();
  ASSERT_EQ(timeline.events.size(), 3u);
  const TimelineEvent& outer = timeline.events[0];
  EXPECT_EQ(timeline.zones[outer.zone].name, "outer");
  for (const std::size_t i : {std::size_t{1}, std::size_t{2}}) {
    const TimelineEvent& event = timeline.events[i];
    EXPECT_EQ(timeline.zones[event.zone].name, "inner");
    EXPECT_EQ(event.thread, 0u);
    EXPECT_GE(event.begin_ns, timeline.events[i - 1].begin_ns);
    EXPECT_LE(event.begin_ns + event.duration_ns, outer.begin_ns + outer.duration_ns);
  }
  EXPECT_EQ(timeline.num_dropped, 0u);
}

TEST_F(TimelineTest, TheNewestEventsOfEachThreadAreKeptAndTheRestCounted) {
  {
    TW_ZONE("outer");
    for (int i = 0; i < 40'000; ++i) {
      TW_ZONE("short");
    }
  }
  const Timeline timeline = collect_timeline();
  EXPECT_EQ(timeline.events.size(), 32'768u);
  EXPECT_EQ(timeline.num_dropped, 40'001u - 32'768u);
  EXPECT_EQ(timeline.zones[timeline.events.front().zone].name, "outer");
}

TEST_F(TimelineTest, WorkersHaveThreadsOfTheirOwn) {
  {
    TW_ZONE("job");
    std::thread([job = current_zone()] {
      const AdoptedZone adopted(job);
      inner();
    }).join();
  }
  const Timeline timeline = collect_timeline();
  ASSERT_EQ(timeline.events.size(), 3u);
  EXPECT_EQ(timeline.events[0].thread, 0u);
  EXPECT_GT(timeline.events[1].thread, 0u);
  EXPECT_EQ(timeline.events[1].thread, timeline.events[2].thread);
  EXPECT_EQ(timeline.zones[timeline.events[1].zone].name, "job");
  EXPECT_EQ(timeline.zones[timeline.events[2].zone].name, "inner");
}

TEST_F(TimelineTest, ResetForgetsTheEvents) {
  inner();
  reset();
  EXPECT_TRUE(collect_timeline().events.empty());
}

}  // namespace
}  // namespace tickwerk::trace
