#include "tickwerk/base/utf8.h"

#include <gtest/gtest.h>

namespace tickwerk {
namespace {

TEST(Utf8, MeasuresTheShortestAndLongestCharacterOfEachSize) {
  EXPECT_EQ(utf8_character_size("a"), 1u);
  EXPECT_EQ(utf8_character_size("\xc2\x80"), 2u);
  EXPECT_EQ(utf8_character_size("\xdf\xbf"), 2u);
  EXPECT_EQ(utf8_character_size("\xe0\xa0\x80"), 3u);
  EXPECT_EQ(utf8_character_size("\xef\xbf\xbf"), 3u);
  EXPECT_EQ(utf8_character_size("\xf0\x90\x80\x80"), 4u);
  EXPECT_EQ(utf8_character_size("\xf4\x8f\xbf\xbf"), 4u);
}

TEST(Utf8, KnowsNoOverlongSurrogateBeyondOrCutCharacter) {
  for (const char* text :
       {"\x80", "\xc0\xaf", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xc3", "\xe2\x82", "\xe2z\x80"}) {
    EXPECT_EQ(utf8_character_size(text), 0u);
  }
}

TEST(Utf8, FindsTheFirstByteThatIsNot) {
  EXPECT_FALSE(first_not_utf8("").has_value());
  EXPECT_FALSE(first_not_utf8("a\xc3\xa9z").has_value());
  EXPECT_EQ(first_not_utf8("caf\xe9"), 3u);
}

TEST(Utf8, CountsCharacters) {
  EXPECT_EQ(num_utf8_characters(""), 0u);
  EXPECT_EQ(num_utf8_characters("0.61 \xc2\xb1 0.32"), 11u);
}

}  // namespace
}  // namespace tickwerk
