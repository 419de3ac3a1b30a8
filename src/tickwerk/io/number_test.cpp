#include "tickwerk/io/number.h"

#include <gtest/gtest.h>

#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>

namespace tickwerk::io {
namespace {

std::string number(double value) {
  std::string text;
  append_number(text, value);
  return text;
}

std::string rounded(double value, int digits) {
  std::string text;
  append_rounded(text, value, digits);
  return text;
}

TEST(Number, IsTheShortestTextThatReadsBack) {
  EXPECT_EQ(number(0.1), "0.1");
  EXPECT_EQ(number(0.1 + 0.2), "0.30000000000000004");
  EXPECT_EQ(number(100.0), "100");
  EXPECT_EQ(number(-0.0), "-0");
  EXPECT_EQ(number(1e22), "1e+22");
}

TEST(Number, NaNIsNothing) { EXPECT_EQ(number(std::nan("")), ""); }

TEST(Number, ReadsBackBitForBit) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 20'000; ++i) {
    const std::uint64_t bits = random();
    double value;
    std::memcpy(&value, &bits, sizeof value);
    if (!std::isfinite(value)) continue;
    const std::string text = number(value);
    double back = 0.0;
    std::from_chars(text.data(), text.data() + text.size(), back);
    ASSERT_EQ(std::memcmp(&back, &value, sizeof back), 0) << text;
  }
}

TEST(Number, RoundedKeepsSignificantDigits) {
  EXPECT_EQ(rounded(2.0 / 3.0, 12), "0.666666666667");
  EXPECT_EQ(rounded(0.1 + 0.2, 12), "0.3");
  EXPECT_EQ(rounded(123456789.123456789, 12), "123456789.123");
}

TEST(Number, JsonHasNoNaNAndNoInfinity) {
  std::string text;
  append_json_number(text, std::nan(""));
  text += ' ';
  append_json_number(text, std::numeric_limits<double>::infinity());
  text += ' ';
  append_json_number(text, 1.5);
  EXPECT_EQ(text, "null null 1.5");
}

}  // namespace
}  // namespace tickwerk::io
