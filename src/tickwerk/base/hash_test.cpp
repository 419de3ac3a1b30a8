#include "tickwerk/base/hash.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace tickwerk {
namespace {

TEST(Hasher, GivesThePublishedValueOfNoBytes) {
  // xxHash specification, XXH3 128 bits of the empty input with seed 0.
  EXPECT_EQ(Hasher().hex(), "99aa06d3014798d86001c324468d497f");
}

TEST(Hasher, GivesWhatAnotherImplementationGivesHoweverTheBytesArrive) {
  // Python's xxhash 3.6: xxh3_128_hexdigest(bytes(range(256)) * 4).
  std::string bytes;
  for (int i = 0; i < 1024; ++i) bytes.push_back(static_cast<char>(i % 256));
  for (const std::size_t step : {1u, 100u, 1024u}) {
    Hasher hasher;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
      hasher.update(bytes.data() + at, std::min(step, bytes.size() - at));
    }
    EXPECT_EQ(hasher.hex(), "83885e853bb6640ca870f92984398d22") << step;
  }
}

TEST(Hasher, TellsWhereOneTextEnds) {
  Hasher left, right;
  left.update(std::string_view("ab"));
  left.update(std::string_view("c"));
  right.update(std::string_view("a"));
  right.update(std::string_view("bc"));
  EXPECT_NE(left.hex(), right.hex());
}

}  // namespace
}  // namespace tickwerk
