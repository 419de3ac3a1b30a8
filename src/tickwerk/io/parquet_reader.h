// Reading Parquet column by column and row group by row group, so that only what is asked for is
// read and no table ever stands in memory. Knows flat columns of numbers, dates, instants and text;
// nested ones are kOther. This folder is the only one that includes Arrow, and only in .cpp files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tickwerk::io {

enum class ColumnKind {
  kInteger,  // whole numbers of any width
  kNumber,   // float, double, decimal
  kDate,     // days since 1970-01-01
  kInstant,  // a timestamp of any unit, handed out as nanoseconds since 1970-01-01T00:00:00Z
  kText,     // string, large string, dictionary of strings, bytes
  kOther,    // nested, boolean, time of day, …: never read
};

struct ParquetColumn {
  std::string name;
  ColumnKind kind = ColumnKind::kOther;
  std::string zone;  // of an instant: `UTC`, `America/New_York`; empty when it is local or not said
};

inline constexpr std::int64_t kNoInteger = std::numeric_limits<std::int64_t>::min();
inline constexpr std::uint32_t kNoText = std::numeric_limits<std::uint32_t>::max();

/// One text column of a row group: `values[ids[row]]`, kNoText for null.
struct TextColumn {
  std::vector<std::string> values;
  std::vector<std::uint32_t> ids;
};

/// Reads of different columns or row groups may run at the same time. Every function throws Error
/// kCorruptData with the path when the file is cut or damaged.
class ParquetReader {
 public:
  /// Reads the footer. Throws Error kNotFound, kIo, or kCorruptData.
  explicit ParquetReader(const std::filesystem::path& path);
  ~ParquetReader();
  ParquetReader(ParquetReader&&) noexcept;

  const std::vector<ParquetColumn>& columns() const noexcept;
  std::size_t num_row_groups() const noexcept;
  std::size_t num_rows(std::size_t group) const;

  /// Smallest and largest value of a kInteger, kDate or kInstant column, from the footer; empty
  /// when not stored.
  std::optional<std::pair<std::int64_t, std::int64_t>> integer_range(std::size_t group,
                                                                     std::size_t column) const;
  /// Bounds by bytes of a kText column, from the footer; empty when not stored.
  std::optional<std::pair<std::string, std::string>> text_range(std::size_t group,
                                                                std::size_t column) const;

  /// What the file says of itself under a key; empty when it does not.
  std::optional<std::string> metadata(std::string_view key) const;

  /// The bytes of one column of a row group as they stand in the file, and those behind the last
  /// group (the footer): what a reader of some columns compares with checksums.
  std::string_view column_bytes(std::size_t group, std::size_t column) const;
  std::string_view footer_bytes() const;

  /// A kInteger (as it is), kDate (days) or kInstant (nanoseconds) column; kNoInteger for null.
  std::vector<std::int64_t> read_integers(std::size_t group, std::size_t column) const;

  TextColumn read_text(std::size_t group, std::size_t column) const;

  using NumberVisitor = std::function<void(std::size_t first_row, std::span<const double> values)>;
  /// A kInteger or kNumber column in blocks that follow each other; NaN for null. The block dies
  /// with the call.
  void read_numbers(std::size_t group, std::size_t column, const NumberVisitor& visit) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tickwerk::io
