// Records of a table that comes beside the bars (groups, events): CSV, CSV.gz or Parquet, handed
// out one by one as text with their row number. Knows no meaning of columns; refuses rows that do
// not fit their header and two columns of one name.
#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tickwerk::market {

struct RecordColumns {
  std::vector<std::string> names;    // as `column_name` writes them
  std::vector<std::string> labels;   // left out, since they know the future: label_columns.h
  std::vector<std::string> ignored;  // of Parquet: nested and other columns that are no text
};

/// `cells` are without spaces around them, in the order of the columns, and die with the call.
using RecordVisitor = std::function<void(std::span<const std::string_view> cells, std::size_t row)>;

/// Calls `header` once and then `visit` for every record in the order of the file. Rows count from
/// 1; the header of a CSV is row 1; its blank lines and lines that begin with # are left out. Dates
/// of Parquet become ISO days, instants ISO timestamps with Z (without it where the column names no
/// zone, and a day where such a one is midnight), missing values nothing. Throws Error with the
/// file and, where there is one, the row; an Error that `header` or `visit` throws gets them too.
void read_records(const std::filesystem::path& path,
                  const std::function<void(const RecordColumns& columns)>& header,
                  const RecordVisitor& visit);

}  // namespace tickwerk::market
