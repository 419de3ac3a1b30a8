#include "tickwerk/report/values_file.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "tickwerk/base/error.h"
#include "tickwerk/base/parallel.h"
#include "tickwerk/io/atomic_file.h"
#include "tickwerk/io/number.h"
#include "tickwerk/io/parquet_writer.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::report {
namespace {

constexpr std::size_t kGroupRows = 131'072;
constexpr std::size_t kCsvRows = 64;   // sessions that one task formats
constexpr std::size_t kCsvTasks = 16;  // formatted before they are written

double value_of(const ValueColumn& column, std::size_t t, std::size_t s) {
  return column.values(t, column.values.num_symbols == 1 ? 0 : s);
}

/// One row group of the long form.
struct Group {
  std::vector<std::int64_t> times;
  std::vector<std::uint32_t> symbols;
  std::vector<std::size_t> rows;
};

void write_group(const Group& group,
                 const market::Bars& bars,
                 std::span<const ValueColumn> columns,
                 io::ParquetWriter& writer) {
  writer.begin_group(group.rows.size());
  writer.add_integers(group.times);
  writer.add_text(group.symbols, bars.symbols);
  std::vector<double> values(group.rows.size());
  for (const ValueColumn& column : columns) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = value_of(column, group.rows[i], group.symbols[i]);
    }
    writer.add_numbers(values);
  }
}

std::size_t write_parquet(const std::filesystem::path& path,
                          const market::Bars& bars,
                          std::size_t first_row,
                          std::span<const ValueColumn> columns,
                          const io::ParquetMetadata& metadata) {
  const bool daily = bars.frequency == Frequency::kDaily;
  std::vector<io::ParquetField> fields = {
      {"timestamp", daily ? io::ColumnKind::kDate : io::ColumnKind::kInstant},
      {"symbol", io::ColumnKind::kText}};
  for (const ValueColumn& column : columns) fields.push_back({.name = column.name});
  io::ParquetWriter writer(path, fields);
  writer.set_metadata(metadata);
  const Panel& close = bars.close();
  std::size_t num_rows = 0;
  Group group;
  for (std::size_t t = first_row; t < bars.num_rows(); ++t) {
    for (std::uint32_t s = 0; s < bars.num_symbols(); ++s) {
      if (std::isnan(close(t, s))) continue;
      group.times.push_back(daily ? date_of(bars.times[t]).days : bars.times[t].ns);
      group.symbols.push_back(s);
      group.rows.push_back(t);
    }
    if (group.rows.size() < kGroupRows && t + 1 < bars.num_rows()) continue;
    num_rows += group.rows.size();
    if (!group.rows.empty()) write_group(group, bars, columns, writer);
    group = {};
  }
  writer.commit();
  return num_rows;
}

struct CsvText {
  std::string text;
  std::size_t num_rows = 0;
};

CsvText csv_rows(const market::Bars& bars,
                 std::span<const ValueColumn> columns,
                 std::size_t first,
                 std::size_t last) {
  CsvText csv;
  const Panel& close = bars.close();
  for (std::size_t t = first; t < last; ++t) {
    const std::string time = to_string(bars.times[t], bars.frequency);
    for (std::size_t s = 0; s < bars.num_symbols(); ++s) {
      if (std::isnan(close(t, s))) continue;
      ++csv.num_rows;
      csv.text += time;
      csv.text += ',';
      io::append_csv_field(csv.text, bars.symbols[s]);
      for (const ValueColumn& column : columns) {
        csv.text += ',';
        io::append_number(csv.text, value_of(column, t, s));
      }
      csv.text += '\n';
    }
  }
  return csv;
}

std::size_t write_csv(const std::filesystem::path& path,
                      const market::Bars& bars,
                      std::size_t first_row,
                      std::span<const ValueColumn> columns) {
  io::AtomicFile file(path);
  std::string header = "timestamp,symbol";
  for (const ValueColumn& column : columns) {
    header += ',';
    io::append_csv_field(header, column.name);
  }
  file.write(header + '\n');
  std::size_t num_rows = 0;
  const std::size_t step = kCsvRows * kCsvTasks;
  for (std::size_t begin = first_row; begin < bars.num_rows(); begin += step) {
    const std::size_t end = std::min(bars.num_rows(), begin + step);
    std::array<CsvText, kCsvTasks> parts;
    parallel_for(end - begin, kCsvRows, [&](std::size_t first, std::size_t last) {
      parts[first / kCsvRows] = csv_rows(bars, columns, begin + first, begin + last);
    });
    for (const CsvText& part : parts) {
      file.write(part.text);
      num_rows += part.num_rows;
    }
  }
  file.commit();
  return num_rows;
}

}  // namespace

void check_values_file(const std::filesystem::path& path, std::span<const std::string> names) {
  const std::string file = path.string();
  if (!file.ends_with(".parquet") && !file.ends_with(".csv")) {
    throw Error(Code::kInvalidArgument,
                fmt::format("a file of values must end in .csv or .parquet, found '{}'", file));
  }
  for (const std::string& name : names) {
    if (name != "timestamp" && name != "symbol") continue;
    throw Error(
        Code::kInvalidArgument,
        fmt::format("a definition must have another name than a key of the file, found {}", name));
  }
}

std::size_t write_values(const std::filesystem::path& path,
                         const market::Bars& bars,
                         std::size_t first_row,
                         std::span<const ValueColumn> columns,
                         const io::ParquetMetadata& metadata) {
  TW_ZONE("write_values");
  return path.string().ends_with(".csv") ? write_csv(path, bars, first_row, columns)
                                         : write_parquet(path, bars, first_row, columns, metadata);
}

}  // namespace tickwerk::report
