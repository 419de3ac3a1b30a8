// One input file of bars, whatever its format: rows of (time, symbol) by pieces that may be read in
// parallel, then the numbers of one column at a time. Used by `load`, which makes panels of them;
// knows nothing of panels.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "tickwerk/market/columns.h"
#include "tickwerk/market/timestamps.h"

namespace tickwerk::market {

inline constexpr std::uint32_t kNoSymbol = std::numeric_limits<std::uint32_t>::max();

/// What is wrong with a row: becomes an Error once the number of the row in its file is known.
struct RowFault {
  std::int64_t row = 0;  // within its piece
  std::string column;    // as written in the header
  std::string message;
};

/// The rows of one piece, in file order.
struct RowBlock {
  std::int64_t num_rows = 0;        // in the file; the vectors are empty when the piece was skipped
  std::vector<std::int64_t> times;  // bar time in ns
  std::vector<std::uint32_t> symbols;  // index into `names`; kNoSymbol for a row that is not wanted
  std::vector<std::string> names;
  TimeForms forms;
  std::optional<RowFault> fault;            // the first
  std::vector<std::vector<double>> values;  // of text formats: by column, one per row
  std::vector<std::optional<RowFault>>
      not_numeric;  // of text formats: first text in an extra column
};

/// Which rows are wanted; the others are skipped as early as the format allows.
struct RowFilter {
  Frequency frequency = Frequency::kDaily;
  const std::set<std::string, std::less<>>* symbols = nullptr;     // null: all
  std::int64_t end_ns = std::numeric_limits<std::int64_t>::max();  // first bar time not wanted
};

class BarFile {
 public:
  virtual ~BarFile() = default;

  const std::filesystem::path& path() const noexcept { return path_; }
  const BarColumns& columns() const noexcept { return columns_; }
  /// Columns that can never be fields, as written.
  const std::vector<std::string>& ignored() const noexcept { return ignored_; }
  /// Number of the first row after the header: 2 for text, 1 for Parquet.
  std::int64_t first_row_number() const noexcept { return first_row_number_; }
  /// Peculiarities that were accepted, as words for a note.
  const std::vector<std::string>& accepted() const noexcept { return accepted_; }

  virtual std::size_t num_pieces() const = 0;
  /// Rows of one piece. Different pieces may be read at the same time.
  virtual RowBlock read_rows(std::size_t piece, const RowFilter& filter) const = 0;

  using Visit = std::function<void(std::size_t first_row, std::span<const double> values)>;
  /// The numbers of columns().values[column] for the rows of a block that read_rows gave, in blocks
  /// in order.
  virtual void read_values(std::size_t piece,
                           RowBlock& block,
                           std::size_t column,
                           const Visit& visit) const = 0;

 protected:
  std::filesystem::path path_;
  BarColumns columns_;
  std::vector<std::string> ignored_;
  std::vector<std::string> accepted_;
  std::int64_t first_row_number_ = 1;
};

/// `symbol` names the bars of a file without a symbol column. Both throw Error with the path.
std::unique_ptr<BarFile> open_csv(const std::filesystem::path& path, const std::string& symbol);
std::unique_ptr<BarFile> open_parquet(const std::filesystem::path& path, const std::string& symbol);

}  // namespace tickwerk::market
