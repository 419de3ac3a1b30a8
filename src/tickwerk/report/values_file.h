// Values of expressions as a file in long form: `timestamp,symbol,<names>`, sorted by timestamp and
// symbol, a row only where the symbol has a bar. Written whole or not at all, the same bytes for
// any number of threads. Used by `expr eval`; does not compute.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "tickwerk/io/parquet_writer.h"
#include "tickwerk/market/bars.h"

namespace tickwerk::report {

/// A column: a panel like those of the bars, or of one column, which is repeated for every symbol.
struct ValueColumn {
  std::string name;
  PanelView values;
};

/// Throws kInvalidArgument unless `path` ends in .csv or .parquet, and for a column that is called
/// timestamp or symbol; to be asked before long work.
void check_values_file(const std::filesystem::path& path, std::span<const std::string> names);

/// Rows from `first_row` on. CSV: the shortest text that reads back the same, nothing for NaN.
/// Parquet: doubles, NaN is NaN; `metadata` goes to that of the file, and has no place in CSV.
/// Throws kIo. Returns the number of rows written.
std::size_t write_values(const std::filesystem::path& path,
                         const market::Bars& bars,
                         std::size_t first_row,
                         std::span<const ValueColumn> columns,
                         const io::ParquetMetadata& metadata = {});

}  // namespace tickwerk::report
