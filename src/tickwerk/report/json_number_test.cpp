#include "tickwerk/report/json_number.h"

#include <gtest/gtest.h>

#include <limits>

namespace tickwerk::report {
namespace {

TEST(JsonNumber, HasTwelveDigits) {
  EXPECT_EQ(json_number(1.0 / 3).dump(), "0.333333333333");
  EXPECT_EQ(json_number(123456789.123456789).dump(), "123456789.123");
}

TEST(JsonNumber, IsNullForWhatIsMissing) {
  EXPECT_TRUE(json_number({}).is_null());
  EXPECT_TRUE(json_number(std::numeric_limits<double>::quiet_NaN()).is_null());
  EXPECT_TRUE(json_number(-std::numeric_limits<double>::infinity()).is_null());
}

TEST(JsonNumber, HasNoNegativeZero) { EXPECT_EQ(json_number(-0.0).dump(), "0.0"); }

}  // namespace
}  // namespace tickwerk::report
