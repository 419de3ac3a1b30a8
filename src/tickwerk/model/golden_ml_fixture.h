// The numbers of an independent program that trained models on a panel, in the folder `golden/ml`
// beside TICKWERK_DATA: where they are and how their tables are read. Used by the golden tests of
// models; a test skips where there are none.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "tickwerk/io/csv.h"
#include "tickwerk/io/mapped_file.h"
#include "tickwerk/io/number.h"
#include "tickwerk/panel/panel.h"

namespace tickwerk::model {

struct GoldenTable {
  std::vector<std::string> names;
  std::vector<std::vector<std::string>> rows;

  explicit GoldenTable(const std::filesystem::path& file) {
    const io::MappedFile text(file);
    io::CsvReader reader(text.bytes());
    std::vector<std::string_view> fields;
    reader.next(fields);
    names.assign(fields.begin(), fields.end());
    while (reader.next(fields)) {
      if (fields.size() == names.size()) rows.emplace_back(fields.begin(), fields.end());
    }
  }

  /// NaN where the field is empty.
  static double number(const std::string& field) { return io::parse_number(field).value_or(kNaN); }
  double number(std::size_t row, std::size_t column) const {
    return number(rows.at(row).at(column));
  }
};

/// Over testing::Test or testing::TestWithParam.
template <class Test>
class GoldenMlTest : public Test {
 protected:
  void SetUp() override {
    const char* data = std::getenv("TICKWERK_DATA");
    folder_ = std::filesystem::path(data != nullptr ? data : "../shared/data") / "../golden/ml";
    if (!std::filesystem::exists(folder_)) {
      GTEST_SKIP() << "the golden numbers are not there: " << folder_;
    }
  }

  std::filesystem::path folder_;
};

}  // namespace tickwerk::model
