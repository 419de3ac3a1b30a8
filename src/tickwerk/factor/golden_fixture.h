// The numbers of independent reference programs in the golden folder beside TICKWERK_DATA, and our
// values beside them. Used by the golden tests of factors and
// strategies.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "tickwerk/factor/catalogue_fixture.h"
#include "tickwerk/io/csv.h"
#include "tickwerk/io/mapped_file.h"
#include "tickwerk/io/number.h"
#include "tickwerk/market/load.h"

namespace tickwerk::factor {

class Golden : public testing::Test {
 protected:
  /// Loads `prices.csv` of a subfolder; skips the test where there is none.
  void load(const std::string& subfolder) {
    const char* data = std::getenv("TICKWERK_DATA");
    folder_ =
        std::filesystem::path(data != nullptr ? data : "../shared/data") / "../golden" / subfolder;
    if (!std::filesystem::exists(folder_)) {
      GTEST_SKIP() << "the golden numbers are not there: " << folder_;
    }
    market::LoadConfig config;
    config.prices = folder_ / "prices.csv";
    bars_ = market::load(config).bars;
  }

  /// Calls `visit(row, column of the symbol, expected)` for each line; the column is 0 in a file
  /// without symbols.
  void for_each(const std::string& file,
                const std::string& column,
                const std::function<void(std::size_t, std::size_t, double)>& visit) const {
    const io::MappedFile text(folder_ / file);
    io::CsvReader reader(text.bytes());
    std::vector<std::string_view> fields;
    reader.next(fields);
    const bool has_symbols = fields.at(1) == "symbol";
    const auto place =
        static_cast<std::size_t>(std::find(fields.begin(), fields.end(), column) - fields.begin());
    ASSERT_LT(place, fields.size()) << column;
    while (reader.next(fields) && fields.size() > place) {
      const auto date = parse_date(fields[0].substr(0, 10));
      visit(bars_.first_row_at(midnight(*date)), has_symbols ? bars_.column(fields[1]) : 0,
            io::parse_number(fields[place]).value_or(kNaN));
    }
  }

  static void expect_equal(double found, double expected, const std::string& where) {
    EXPECT_NEAR(found, expected, std::max(1e-12, 1e-9 * std::abs(expected))) << where;
  }

  /// Every value is equal, and NaN where the reference has NaN; returns how many values there were.
  int compare_all(const std::string& file, const std::string& column, const Panel& ours) const {
    int num_values = 0;
    for_each(file, column, [&](std::size_t row, std::size_t symbol, double expected) {
      const double found = ours(row, symbol);
      const std::string where = fmt::format("{} row {} symbol {}", column, row, symbol);
      EXPECT_EQ(std::isnan(found), std::isnan(expected)) << where;
      if (std::isnan(expected)) return;
      expect_equal(found, expected, where);
      ++num_values;
    });
    return num_values;
  }

  std::filesystem::path folder_;
  market::Bars bars_;
};

}  // namespace tickwerk::factor
