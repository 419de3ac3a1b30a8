// Writing Parquet (zstd) a row group at a time, so that memory stays that of one group; the file
// appears whole or not at all. Equal input gives equal bytes, whatever the threads. Used to write
// bars, features, factors.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "tickwerk/io/parquet_reader.h"

namespace tickwerk::io {

struct ParquetField {
  std::string name;
  ColumnKind kind = ColumnKind::kNumber;  // kNumber, kDate, kInstant (UTC) or kText
};

class ParquetWriter {
 public:
  /// Throws Error kIo.
  ParquetWriter(const std::filesystem::path& path, const std::vector<ParquetField>& fields);
  /// Without commit() nothing is left.
  ~ParquetWriter();

  /// One row group: begin, then each column in the order of the fields, each with `num_rows`
  /// values.
  void begin_group(std::size_t num_rows);
  /// Days of a kDate, nanoseconds of a kInstant column.
  void add_integers(std::span<const std::int64_t> values);
  void add_text(std::span<const std::uint32_t> ids, std::span<const std::string> values);
  /// NaN is written as NaN.
  void add_numbers(std::span<const double> values);

  /// Writes the footer; the file stands under its name from here on.
  void commit();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tickwerk::io
