#include "tickwerk/market/extra_fields.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "tickwerk/base/error.h"
#include "tickwerk/io/atomic_file.h"

namespace tickwerk::market {
namespace {

class ExtraFields : public testing::Test {
 protected:
  ExtraFields() {
    for (const int day : {2, 3, 4}) bars_.times.push_back(midnight(make_date(2024, 1, day)));
    bars_.symbols = {"A", "B"};
    Panel close(3, 2, 10);
    close(1, 1) = kNaN;
    bars_.fields.emplace("close", std::move(close));
  }
  ~ExtraFields() override { std::filesystem::remove(path_); }

  std::vector<std::string> add(std::string_view text) {
    io::write_file(path_, text);
    return add_fields(path_, bars_);
  }

  std::string refusal(std::string_view text) {
    try {
      add(text);
    } catch (const Error& error) {
      return error.what();
    }
    return {};
  }

  std::filesystem::path path_ =
      std::filesystem::path(testing::TempDir()) /
      fmt::format("{}.csv", testing::UnitTest::GetInstance()->current_test_info()->name());
  Bars bars_;
};

TEST_F(ExtraFields, StandWhereTheirRowsSayAndAreMissingElsewhere) {
  const auto notes = add("timestamp,symbol,Alpha,beta\n2024-01-02,B,0.5,\n2024-01-04,A,-1,7\n");
  const Panel& alpha = bars_.field("alpha");
  EXPECT_EQ(alpha(0, 1), 0.5);
  EXPECT_EQ(alpha(2, 0), -1);
  EXPECT_TRUE(std::isnan(alpha(0, 0)));
  EXPECT_TRUE(std::isnan(bars_.field("beta")(0, 1)));
  EXPECT_EQ(bars_.field("beta")(2, 0), 7);
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_NE(notes[0].find("alpha, beta comes from"), std::string::npos);
}

TEST_F(ExtraFields, RowsWithoutABarAreCountedAndLeftOut) {
  const auto notes = add(
      "timestamp,symbol,alpha\n2024-01-02,A,1\n2024-01-03,B,2\n2024-01-02,C,3\n2024-01-05,A,4\n");
  EXPECT_TRUE(std::isnan(bars_.field("alpha")(1, 1)));
  ASSERT_EQ(notes.size(), 2u);
  EXPECT_NE(notes[1].find("3 of 4 rows"), std::string::npos) << notes[1];
}

TEST_F(ExtraFields, RefusesANameThatTheBarsHave) {
  EXPECT_NE(refusal("timestamp,symbol,close\n2024-01-02,A,1\n").find("found close"),
            std::string::npos);
  EXPECT_EQ(bars_.fields.size(), 1u);
}

TEST_F(ExtraFields, RefusesWhatIsNoFile) {
  EXPECT_NE(refusal("symbol,alpha\nA,1\n").find("timestamp, symbol"), std::string::npos);
  EXPECT_NE(refusal("timestamp,symbol\n2024-01-02,A\n").find("one for each"), std::string::npos);
  EXPECT_NE(refusal("timestamp,symbol,1st\n2024-01-02,A,1\n").find("'1st'"), std::string::npos);
}

TEST_F(ExtraFields, RefusesWhatIsNoFiniteNumberWithItsRow) {
  for (const char* cell : {"inf", "high", "1e999"}) {
    const std::string said =
        refusal(fmt::format("timestamp,symbol,alpha\n2024-01-02,A,1\n2024-01-02,B,{}\n", cell));
    EXPECT_NE(said.find("finite number"), std::string::npos) << cell << ": " << said;
    EXPECT_NE(said.find("3"), std::string::npos) << said;
  }
  EXPECT_NE(refusal("timestamp,symbol,alpha\nyesterday,A,1\n").find("yesterday"),
            std::string::npos);
}

TEST_F(ExtraFields, RefusesTwoRowsOfABar) {
  EXPECT_NE(refusal("timestamp,symbol,alpha\n2024-01-02,A,1\n2024-01-02,A,1\n")
                .find("a bar must have one row"),
            std::string::npos);
}

}  // namespace
}  // namespace tickwerk::market
