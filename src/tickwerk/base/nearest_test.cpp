#include "tickwerk/base/nearest.h"

#include <gtest/gtest.h>

namespace tickwerk {
namespace {

using Names = std::vector<std::string>;

TEST(EditDistance, CountsSingleEditsAndSwaps) {
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);  // k>s, e>i, +g
  EXPECT_EQ(edit_distance("from", "form"), 1u);       // one swap
  EXPECT_EQ(edit_distance("", "abc"), 3u);
  EXPECT_EQ(edit_distance("aapl", "AAPL"), 0u);
}

TEST(NearestNames, OffersTheClosestFirst) {
  const Names names = {"AAP", "AAPL", "MSFT", "TAP"};
  EXPECT_EQ(nearest_names("APPL", names), (Names{"AAPL"}));
  EXPECT_EQ(nearest_names("AAPLE", names), (Names{"AAPL", "AAP"}));
}

TEST(NearestNames, OffersNothingWhenNothingIsNear) {
  const Names names = {"AAPL", "MSFT"};
  EXPECT_TRUE(nearest_names("XQZW", names).empty());
  EXPECT_EQ(nearest_hint("XQZW", names), "");
}

TEST(NearestNames, OffersCompletionsOfABeginning) {
  EXPECT_EQ(nearest_hint("trend", Names{"ema_trend", "trend_baseline"}),
            ", nearest: trend_baseline");
}

TEST(NearestNames, KeepsToItsLimit) {
  EXPECT_EQ(nearest_names("A", Names{"B", "C", "D", "E"}, 2), (Names{"B", "C"}));
}

}  // namespace
}  // namespace tickwerk
