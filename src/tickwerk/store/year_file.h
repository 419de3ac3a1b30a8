// The values of one year as a Parquet file in long form, `timestamp,symbol,<columns>`, sorted by
// both, a row where the symbol has a bar: there NaN is a value, and what has no row has no bar.
// Written once under a version name; read by columns, each against its checksum.
#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "tickwerk/io/parquet_reader.h"
#include "tickwerk/market/bars.h"
#include "tickwerk/store/metadata.h"

namespace tickwerk::store {

/// The cells of rows [first, last) of a panel that have a bar, in the order of a file.
class Cells {
 public:
  Cells(PanelView bar, std::size_t first, std::size_t last);

  /// Neighbouring symbols of one row, which is counted from the first.
  struct Run {
    std::size_t row = 0;
    std::size_t symbol = 0;
    std::size_t size = 0;
  };

  std::span<const Run> runs() const noexcept { return runs_; }
  std::size_t size() const noexcept { return size_; }
  std::size_t first_row() const noexcept { return first_; }
  std::size_t num_rows() const noexcept { return last_ - first_; }
  bool has_empty_row() const noexcept { return num_rows_with_bars_ < num_rows(); }

 private:
  std::vector<Run> runs_;
  std::size_t first_, last_;
  std::size_t size_ = 0;
  std::size_t num_rows_with_bars_ = 0;
};

/// Values on the rows of the cells; one column: the same for every symbol.
struct YearColumn {
  std::string name;
  PanelView values;
};

struct WrittenYear {
  std::string checksum;  // of the file
  std::string footer;
  std::string keys;                  // of times and symbols
  std::vector<std::string> columns;  // checksums, in the order given
};

/// Row groups hold whole sessions of about a million rows. `between` is called between pieces of
/// the work. Throws kIo. The same columns and cells give the same bytes, also by parts.
WrittenYear write_year(const std::filesystem::path& path,
                       const market::Bars& bars,
                       const Cells& cells,
                       std::span<const YearColumn> columns,
                       const std::function<void()>& between);

/// Reads of different columns may run at the same time.
class YearReader {
 public:
  /// Throws kCorruptData when the file is not there, or its footer, times or symbols are not those
  /// of the entry.
  YearReader(const std::filesystem::path& folder, const YearEntry& entry);

  /// Fills `out`, the rows of `cells` (NaN without a bar), which are the first of the file. Throws
  /// kCorruptData when the column is not that of its checksum or ends too early.
  void read(const StoredColumn& column, const Cells& cells, PanelSpan out) const;

  /// One row of the file: values are those of its columns.
  struct LongForm {
    std::vector<std::int64_t> times;  // ns
    std::vector<std::string> symbols;
    std::vector<std::uint32_t> symbol_ids;
    std::vector<double> values;
  };
  /// A column with the times and symbols of its rows.
  LongForm read_long(const StoredColumn& column) const;

  /// All bytes against the checksum. Throws kCorruptData.
  void verify() const;

 private:
  std::size_t position_of(const std::string& name) const;
  void check(const StoredColumn& column, std::size_t position) const;
  [[noreturn]] void refuse(const std::string& found) const;

  std::filesystem::path folder_, path_;
  StoredFile file_;
  io::ParquetReader reader_;
};

}  // namespace tickwerk::store
