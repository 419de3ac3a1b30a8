#include "tickwerk/lab/speedscope.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <vector>

#include "tickwerk/lab/call_tree_sample_test.h"

namespace tickwerk::lab {
namespace {

using nlohmann::json;

/// What the format asks of an evented profile: frames close in the reverse order of opening,
/// moments do not go back, all lie between the start and the end value. Gives the own time of every
/// frame.
std::vector<std::uint64_t> own_times(const json& profile, std::size_t num_frames) {
  std::vector<std::uint64_t> own(num_frames, 0);
  std::vector<std::size_t> open;
  std::uint64_t last = profile.at("startValue").get<std::uint64_t>();
  for (const json& event : profile.at("events")) {
    const auto at = event.at("at").get<std::uint64_t>();
    const auto frame = event.at("frame").get<std::size_t>();
    EXPECT_GE(at, last);
    if (!open.empty()) own.at(open.back()) += at - last;
    last = at;
    if (event.at("type") == "O") {
      open.push_back(frame);
    } else {
      EXPECT_EQ(event.at("type"), "C");
      EXPECT_EQ(open.back(), frame);
      open.pop_back();
    }
  }
  EXPECT_TRUE(open.empty());
  EXPECT_EQ(last, profile.at("endValue").get<std::uint64_t>());
  return own;
}

TEST(Speedscope, MainThreadAndWorkersAreTwoProfilesWithTheTimesOfTheTree) {
  const json file = json::parse(speedscope(sample_trees(), "J"));
  const json& frames = file.at("shared").at("frames");
  ASSERT_EQ(frames.size(), 5u);
  EXPECT_EQ(frames.at(0), json({{"name", "<job:J>"}}));
  EXPECT_EQ(frames.at(1), json({{"name", "<step:run>"}}));
  EXPECT_EQ(frames.at(2), json({{"name", "f"}, {"file", "a.cpp"}, {"line", 3}}));
  EXPECT_EQ(frames.at(3), json({{"name", "g"}, {"file", "b.cpp"}, {"line", 7}}));
  EXPECT_EQ(frames.at(4), json({{"name", "<workers>"}}));
  const json& profiles = file.at("profiles");
  ASSERT_EQ(profiles.size(), 2u);
  EXPECT_EQ(own_times(profiles.at(0), 5), (std::vector<std::uint64_t>{10, 0, 45, 45, 0}));
  EXPECT_EQ(own_times(profiles.at(1), 5), (std::vector<std::uint64_t>{0, 0, 0, 40, 0}));
}

TEST(Speedscope, OneThreadIsOneProfile) {
  trace::CallTrees trees = sample_trees();
  trees.workers = {};
  EXPECT_EQ(json::parse(speedscope(trees, "J")).at("profiles").size(), 1u);
}

}  // namespace
}  // namespace tickwerk::lab
