#include "tickwerk/base/hash.h"

#include <gtest/gtest.h>

namespace tickwerk {
namespace {

TEST(Hasher, GivesThePublishedValueOfNoBytes) {
  // xxHash specification, XXH3 128 bits of the empty input with seed 0.
  EXPECT_EQ(Hasher().hex(), "99aa06d3014798d86001c324468d497f");
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
