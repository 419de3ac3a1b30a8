#include "tickwerk/lab/prof.h"

#include <gtest/gtest.h>

#include <string>

#include "tickwerk/lab/call_tree_sample_test.h"

namespace tickwerk::lab {
namespace {

using std::string_literals::operator""s;

trace::CallTrees with_main(trace::CallNode main) { return {std::move(main), {}}; }

// Written out from the type codes of marshal: ( tuple, u text, i 32-bit integer, g double.
const std::string kRootKey =
    "(\3\0\0\0"
    "u\1\0\0\0~"
    "i\0\0\0\0"
    "u\7\0\0\0<job:J>"s;

TEST(Prof, HasTheBytesOfMarshal) {
  // Half a second and a quarter are exact doubles: 0x3fe0..., 0x3fd0....
  const auto child = sample_node("f", "a.cpp", 3, 2, 250'000'000);
  const auto root = sample_node("<main>", "~", 0, 1, 500'000'000, {child});
  const std::string f_key =
      "(\3\0\0\0"
      "u\5\0\0\0a.cpp"
      "i\3\0\0\0"
      "u\1\0\0\0f"s;
  const std::string quarter = "g\0\0\0\0\0\0\xd0\x3f"s;
  const std::string half = "g\0\0\0\0\0\0\xe0\x3f"s;
  const std::string expected = "{"s + f_key + "(\5\0\0\0i\2\0\0\0i\2\0\0\0"s + quarter + quarter +
                               "{"s + kRootKey + "(\4\0\0\0i\2\0\0\0i\2\0\0\0"s + quarter +
                               quarter + "0"s + kRootKey + "(\5\0\0\0i\1\0\0\0i\1\0\0\0"s +
                               quarter + half + "{0"s + "0"s;
  // Keys are sorted by file: "a.cpp" before "~".
  EXPECT_EQ(prof(with_main(root), "J"), expected);
}

TEST(Prof, PrimitiveCallsComeFirstAndAmongCallersSecond) {
  const std::string bytes = prof(sample_trees(), "J");
  // f: 2 primitive of 5 calls.
  EXPECT_NE(bytes.find("u\1\0\0\0f(\5\0\0\0i\2\0\0\0i\5\0\0\0g"s), std::string::npos);
  // A pair that is below itself: 2 calls, 1 of them primitive.
  using Nodes = std::vector<trace::CallNode>;
  const auto third = sample_node("f", "a.cpp", 3, 1, 10);
  const auto second = sample_node("f", "a.cpp", 3, 1, 20, Nodes{third});
  const auto first = sample_node("f", "a.cpp", 3, 1, 30, Nodes{second});
  const std::string deep = prof(with_main(first), "J");
  EXPECT_NE(deep.find("u\1\0\0\0f(\4\0\0\0i\2\0\0\0i\1\0\0\0g"s), std::string::npos);
}

TEST(Prof, LargeCountsHaveDigitsOfFifteenBits) {
  // 2^31 = 2 * 32768^2: digits 0, 0, 2.
  const auto root = sample_node("<main>", "~", 0, std::uint64_t{1} << 31, 1);
  const std::string large = "l\3\0\0\0\0\0\0\0\2\0"s;
  EXPECT_NE(prof(with_main(root), "J").find(large + large), std::string::npos);
}

TEST(Prof, LargestSmallCountHasThirtyTwoBits) {
  const auto root = sample_node("<main>", "~", 0, (std::uint64_t{1} << 31) - 1, 1);
  EXPECT_NE(prof(with_main(root), "J").find("i\xff\xff\xff\x7f"s), std::string::npos);
}

TEST(Prof, LeavesOutTheWorkers) {
  trace::CallTrees trees = sample_trees();
  const std::string with = prof(trees, "J");
  trees.workers = {};
  EXPECT_EQ(prof(trees, "J"), with);
}

}  // namespace
}  // namespace tickwerk::lab
