#include "tickwerk/market/day_labels.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tickwerk/base/error.h"

namespace tickwerk::market {
namespace {

using Names = std::vector<std::string>;
using Rows = std::vector<std::int32_t>;

std::string written(const std::string& text) {
  const std::string path = testing::TempDir() + "day_labels_" +
                           testing::UnitTest::GetInstance()->current_test_info()->name() + ".csv";
  std::ofstream(path) << text;
  return path;
}

std::vector<Timestamp> days(std::initializer_list<int> of_january) {
  std::vector<Timestamp> times;
  for (const int day : of_january) times.push_back(midnight(make_date(2024, 1, day)));
  return times;
}

Code code_of(const std::string& text, std::string_view column = {}) {
  try {
    load_day_labels(written(text), column, days({2, 3}));
  } catch (const Error& error) {
    return error.code();
  }
  return Code::kInternal;
}

TEST(DayLabels, TakeTheWordOfTheirOwnDay) {
  const DayLabels labels =
      load_day_labels(written("timestamp,regime_label,score\n2024-01-02,bull,1\n2024-01-04,bear,2\n"
                              "2024-01-05,,3\n2024-01-09,crisis,3\n"),
                      {}, days({2, 3, 4, 5}));
  EXPECT_EQ(labels.names, (Names{"bear", "bull"}));
  EXPECT_EQ(labels.of_row, (Rows{1, -1, 0, -1}));
}

TEST(DayLabels, AreInTheColumnAskedForOrTheOnlyOne) {
  const std::string two = "date,mood,tide\n2024-01-02,good,high\n";
  EXPECT_EQ(load_day_labels(written(two), "tide", days({2})).names, Names{"high"});
  EXPECT_EQ(load_day_labels(written("mood,date\ngood,2024-01-02\n"), {}, days({2})).names,
            Names{"good"});
  EXPECT_EQ(code_of(two), Code::kCorruptData);
  EXPECT_EQ(code_of(two, "moon"), Code::kNotFound);
}

TEST(DayLabels, RefuseWhatCannotBeTold) {
  EXPECT_EQ(code_of("date,regime\n2024-01-02,a\n2024-01-02,b\n"), Code::kCorruptData);
  EXPECT_EQ(code_of("date,regime\nsoon,a\n"), Code::kCorruptData);
  EXPECT_EQ(code_of("day_of_week,regime\n1,a\n"), Code::kCorruptData);
  EXPECT_EQ(code_of("date,regime\n1999-01-04,a\n"), Code::kCorruptData);
}

}  // namespace
}  // namespace tickwerk::market
