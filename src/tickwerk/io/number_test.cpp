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

TEST(Number, RoundingLeavesTheInfinitiesAndNaNAlone) {
  EXPECT_EQ(rounded(std::numeric_limits<double>::infinity(), 12), "inf");
  EXPECT_EQ(rounded(std::nan(""), 12), "");
}

TEST(CsvField, IsQuotedWhereItMustBe) {
  const auto field = [](std::string_view name) {
    std::string text;
    append_csv_field(text, name);
    return text;
  };
  EXPECT_EQ(field("BRK.B"), "BRK.B");
  EXPECT_EQ(field("A,B"), "\"A,B\"");
  EXPECT_EQ(field("say \"x\""), "\"say \"\"x\"\"\"");
  EXPECT_EQ(field("two\nlines"), "\"two\nlines\"");
}

}  // namespace
}  // namespace tickwerk::io
