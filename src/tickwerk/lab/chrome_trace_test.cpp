#include "tickwerk/lab/chrome_trace.h"

#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>

#include "tickwerk/lab/call_tree_sample_test.h"

namespace tickwerk::lab {
namespace {

using nlohmann::json;

std::vector<json> events_of(const json& file, const std::string& phase) {
  std::vector<json> events;
  for (const json& event : file.at("traceEvents")) {
    if (event.at("ph") == phase) events.push_back(event);
  }
  return events;
}

trace::Timeline sample_timeline() {
  trace::Timeline timeline;
  timeline.zones = {{"<step:run>", "~", 0}, {"f \"quoted\"", "a.cpp", 3}};
  timeline.events = {{0, 0, 5'001, 90'020}, {1, 0, 6'000, 7'003}, {1, 2, 6'500, 1}};
  timeline.num_dropped = 12;
  return timeline;
}

TEST(ChromeTrace, ATimelineShowsCallsAtTheirMoments) {
  const json file = json::parse(chrome_trace(sample_trees(), sample_timeline(), "J"));
  const std::vector<json> calls = events_of(file, "X");
  ASSERT_EQ(calls.size(), 3u);
  EXPECT_EQ(calls[0].at("name"), "<step:run>");
  EXPECT_EQ(calls[0].at("cat"), "step");
  EXPECT_DOUBLE_EQ(calls[0].at("ts").get<double>(), 5.001);
  EXPECT_DOUBLE_EQ(calls[0].at("dur").get<double>(), 90.020);
  EXPECT_EQ(calls[1].at("name"), "f \"quoted\"");
  EXPECT_EQ(calls[1].at("cat"), "zone");
  EXPECT_EQ(calls[1].at("args").at("at"), "a.cpp:3");
  EXPECT_EQ(calls[2].at("tid"), 2);
  EXPECT_DOUBLE_EQ(calls[2].at("dur").get<double>(), 0.001);
  EXPECT_EQ(file.at("otherData").at("layout"), "calls at their moments; 12 older ones dropped");
}

TEST(ChromeTrace, ThreadsHaveNames) {
  const json file = json::parse(chrome_trace(sample_trees(), sample_timeline(), "J"));
  std::map<int, std::string> names;
  for (const json& event : events_of(file, "M")) {
    if (event.at("name") != "thread_name") continue;
    names[event.at("tid").get<int>()] = event.at("args").at("name").get<std::string>();
  }
  EXPECT_EQ(names, (std::map<int, std::string>{{0, "main thread"}, {2, "worker 2"}}));
}

TEST(ChromeTrace, WithoutATimelineItShowsTheTree) {
  const json file = json::parse(chrome_trace(sample_trees(), {}, "J"));
  const std::vector<json> calls = events_of(file, "X");
  ASSERT_EQ(calls.size(), 8u);
  EXPECT_EQ(calls[0].at("name"), "<job:J>");
  EXPECT_DOUBLE_EQ(calls[0].at("dur").get<double>(), 0.100);
  EXPECT_EQ(calls[0].at("args").at("self_ns"), 10);
  // g of the step begins where f before it ends.
  EXPECT_DOUBLE_EQ(calls[5].at("ts").get<double>(), 0.070);
  EXPECT_EQ(calls[5].at("args"), json({{"at", "b.cpp:7"}, {"calls", 1}, {"self_ns", 20}}));
  EXPECT_EQ(calls[6].at("tid"), 1);
}

}  // namespace
}  // namespace tickwerk::lab
