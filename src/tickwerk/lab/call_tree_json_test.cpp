#include "tickwerk/lab/call_tree_json.h"

#include <gtest/gtest.h>

#include "tickwerk/base/error.h"
#include "tickwerk/lab/call_tree_sample_test.h"

namespace tickwerk::lab {
namespace {

using nlohmann::json;

trace::Timeline sample_timeline() {
  trace::Timeline timeline;
  timeline.zones = {{"<step:run>", "~", 0}, {"f", "a.cpp", 3}};
  timeline.events = {{0, 0, 5, 90}, {1, 0, 6, 70}};
  timeline.num_dropped = 2;
  return timeline;
}

Code code_of(const json& from) {
  try {
    static_cast<void>(call_trees_from_json(from));
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "accepted " << from;
  return Code::kInternal;
}

TEST(CallTreeJson, ComesBackTheSame) {
  const std::string text = to_json(sample_trees()).dump();
  EXPECT_EQ(call_trees_from_json(json::parse(text)), sample_trees());
}

TEST(CallTreeJson, HoldsTheCountersThatAreNotZero) {
  const json f = to_json(sample_trees()).at("main").at("children").at(0).at("children").at(0);
  EXPECT_EQ(f.at("name"), "f");
  EXPECT_EQ(f.at("counters"), json({{"rows", 140}}));
}

TEST(CallTreeJson, TextThatIsNotUtf8ComesBackReplaced) {
  trace::CallTrees trees = sample_trees();
  trees.main.name = "caf\xe9";
  const json parsed = json::parse(to_json(trees).dump());
  EXPECT_EQ(call_trees_from_json(parsed).main.name, "caf\xef\xbf\xbd");
}

TEST(CallTreeJson, OtherShapesAreCorruptData) {
  EXPECT_EQ(code_of(json::object()), Code::kCorruptData);
  EXPECT_EQ(code_of(json::array()), Code::kCorruptData);
  json text_for_number = to_json(sample_trees());
  text_for_number["main"]["calls"] = "many";
  EXPECT_EQ(code_of(text_for_number), Code::kCorruptData);
  json missing = to_json(sample_trees());
  missing["workers"].erase("children");
  EXPECT_EQ(code_of(missing), Code::kCorruptData);
}

TEST(TimelineJson, ComesBackTheSame) {
  const std::string text = to_json(sample_timeline()).dump();
  EXPECT_EQ(timeline_from_json(json::parse(text)), sample_timeline());
}

TEST(TimelineJson, AnEventOfNoZoneIsRefused) {
  json from = to_json(sample_timeline());
  from["events"][1][0] = 2;
  EXPECT_THROW(static_cast<void>(timeline_from_json(from)), Error);
}

}  // namespace
}  // namespace tickwerk::lab
