#include "tickwerk/report/values_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

#include "tickwerk/base/error.h"
#include "tickwerk/io/parquet_reader.h"

namespace tickwerk::report {
namespace {

/// Two symbols on three days; BBB has no bar on the second.
market::Bars bars() {
  market::Bars made;
  made.symbols = {"AAA", "BBB"};
  for (int day = 2; day <= 4; ++day) made.times.push_back(midnight(make_date(2024, 1, day)));
  Panel close(3, 2, 1.0);
  close(1, 1) = kNaN;
  made.fields.emplace("close", std::move(close));
  return made;
}

class ValuesFile : public testing::Test {
 protected:
  ValuesFile() : x_(3, 2), day_(3, 1) {
    for (std::size_t t = 0; t < 3; ++t) {
      for (std::size_t s = 0; s < 2; ++s) x_(t, s) = 0.1 * static_cast<double>(t * 2 + s);
      day_(t, 0) = static_cast<double>(t);
    }
    x_(2, 0) = kNaN;
  }
  void TearDown() override { std::filesystem::remove(path_); }

  std::size_t write(const std::string& ending, std::size_t first_row) {
    path_ = std::filesystem::path(testing::TempDir()) /
            fmt::format("values.{}.{}{}", ::getpid(),
                        testing::UnitTest::GetInstance()->current_test_info()->name(), ending);
    const std::vector<ValueColumn> columns = {{"x", x_.view()}, {"a, b", day_.view()}};
    return write_values(path_, bars(), first_row, columns);
  }

  std::filesystem::path path_;
  Panel x_;
  Panel day_;
};

TEST_F(ValuesFile, HasARowWhereTheSymbolHasABar) {
  EXPECT_EQ(write(".csv", 0), 5U);
  std::ifstream file(path_);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(text,
            "timestamp,symbol,x,\"a, b\"\n"
            "2024-01-02,AAA,0,0\n"
            "2024-01-02,BBB,0.1,0\n"
            "2024-01-03,AAA,0.2,1\n"
            "2024-01-04,AAA,,2\n"
            "2024-01-04,BBB,0.5,2\n");
}

TEST_F(ValuesFile, BeginsAtItsFirstRow) { EXPECT_EQ(write(".csv", 1), 3U); }

TEST_F(ValuesFile, IsTheSameAsParquet) {
  EXPECT_EQ(write(".parquet", 1), 3U);
  const io::ParquetReader file(path_);
  ASSERT_EQ(file.columns().size(), 4U);
  EXPECT_EQ(file.columns()[3].name, "a, b");
  EXPECT_EQ(file.read_integers(0, 0),
            (std::vector<std::int64_t>{make_date(2024, 1, 3).days, make_date(2024, 1, 4).days,
                                       make_date(2024, 1, 4).days}));
  std::vector<double> x;
  file.read_numbers(0, 2, [&x](std::size_t, std::span<const double> values) {
    x.insert(x.end(), values.begin(), values.end());
  });
  ASSERT_EQ(x.size(), 3U);
  EXPECT_EQ(x[0], 0.2);
  EXPECT_TRUE(x[1] != x[1]);
  EXPECT_EQ(x[2], 0.5);
}

TEST_F(ValuesFile, RefusesOtherEndingsAndTheNamesOfItsKeys) {
  const std::vector<std::string> fine = {"x"};
  const std::vector<std::string> key = {"x", "symbol"};
  EXPECT_NO_THROW(check_values_file("v.parquet", fine));
  EXPECT_THROW(check_values_file("v.txt", fine), Error);
  EXPECT_THROW(check_values_file("v.csv", key), Error);
}

}  // namespace
}  // namespace tickwerk::report
