#include "tickwerk/market/records.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "tickwerk/base/error.h"
#include "tickwerk/base/time.h"
#include "tickwerk/io/csv.h"
#include "tickwerk/io/gzip.h"
#include "tickwerk/io/mapped_file.h"
#include "tickwerk/io/number.h"
#include "tickwerk/io/parquet_reader.h"
#include "tickwerk/market/columns.h"
#include "tickwerk/market/label_columns.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::market {
namespace {

using Header = std::function<void(const RecordColumns& columns)>;

/// An error of one record, with the place.
template <typename Call>
void at_row(const std::filesystem::path& path, std::size_t row, Call call) {
  try {
    call();
  } catch (const Error& error) {
    throw Error(error.code(),
                fmt::format("{}, reading {}, row {}", error.what(), path.string(), row));
  }
}

template <typename Call>
void at_file(const std::filesystem::path& path, Call call) {
  try {
    call();
  } catch (const Error& error) {
    throw Error(error.code(), fmt::format("{}, reading {}", error.what(), path.string()));
  }
}

void check_names(const std::vector<std::string>& names) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto again =
        std::find(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(i), names[i]);
    if (names[i].empty() || again == names.begin() + static_cast<std::ptrdiff_t>(i)) continue;
    throw Error(Code::kCorruptData,
                fmt::format("two columns must not have one name, found {} in {}", names[i],
                            fmt::join(names, ", ")));
  }
}

void check_text(std::string_view text) {
  const std::string_view start = text.substr(0, 4096);
  const auto binary = std::find_if(start.begin(), start.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r';
  });
  if (binary == start.end()) return;
  throw Error(Code::kCorruptData, fmt::format("a CSV file must be text, found byte 0x{:02x}",
                                              static_cast<unsigned char>(*binary)));
}

void read_text(const std::filesystem::path& path,
               std::string_view text,
               const Header& header,
               const RecordVisitor& visit) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  at_file(path, [&] { check_text(text); });
  io::CsvReader reader(text);
  std::vector<std::string_view> cells, record;
  RecordColumns columns;
  bool has_header = false;
  std::size_t num_cells = 0;
  std::vector<std::size_t> kept;  // cells of the record
  const auto is_left_out = [&cells] {
    const std::string_view first = io::trimmed(cells[0]);
    return first.starts_with('#') || (first.empty() && cells.size() == 1);
  };
  for (std::size_t row = 1;; ++row) {
    bool more = false;
    at_row(path, row, [&] { more = reader.next(cells); });
    if (!more) break;
    if (is_left_out()) continue;
    if (!has_header) {
      has_header = true;
      num_cells = cells.size();
      for (std::size_t i = 0; i < cells.size(); ++i) {
        std::string name = column_name(cells[i]);
        const bool is_label = is_label_name(name);
        if (!is_label) kept.push_back(i);
        (is_label ? columns.labels : columns.names).push_back(std::move(name));
      }
      at_row(path, row, [&] {
        check_names(columns.names);
        header(columns);
      });
      continue;
    }
    at_row(path, row, [&] {
      if (cells.size() != num_cells) {
        throw Error(Code::kCorruptData,
                    fmt::format("a row must have {} fields like the header, found {}", num_cells,
                                cells.size()));
      }
      record.clear();
      for (const std::size_t i : kept) record.push_back(io::trimmed(cells[i]));
      visit(record, row);
    });
  }
  if (!has_header) {
    throw Error(Code::kCorruptData,
                fmt::format("a table must have a header, found none, reading {}", path.string()));
  }
}

std::string unpacked(const std::filesystem::path& path) {
  constexpr std::size_t kBytes = 1 << 20;
  io::GzipReader reader(path);
  std::string text;
  for (;;) {
    const std::size_t size = text.size();
    text.resize(size + kBytes);
    const std::size_t read = reader.read(std::span(text).subspan(size));
    text.resize(size + read);
    if (read < kBytes) return text;
  }
}

std::string text_of(std::int64_t value, const io::ParquetColumn& column) {
  if (value == io::kNoInteger) return {};
  if (column.kind == io::ColumnKind::kInteger) return std::to_string(value);
  if (column.kind == io::ColumnKind::kDate) {
    return to_string(Date{static_cast<std::int32_t>(value)});
  }
  const bool is_midnight = value == midnight(date_of({value})).ns;
  if (column.zone.empty() && is_midnight) return to_string(date_of({value}));
  std::string text = to_string(Timestamp{value}, Frequency::kFiveMinutes);
  if (column.zone.empty() && text.ends_with('Z')) text.pop_back();
  return text;
}

std::vector<std::string> cells_of(const io::ParquetReader& file,
                                  std::size_t group,
                                  std::size_t index) {
  const io::ParquetColumn& column = file.columns()[index];
  std::vector<std::string> cells(file.num_rows(group));
  if (column.kind == io::ColumnKind::kText) {
    const io::TextColumn text = file.read_text(group, index);
    for (std::size_t row = 0; row < cells.size(); ++row) {
      if (text.ids[row] != io::kNoText) cells[row] = io::trimmed(text.values[text.ids[row]]);
    }
  } else if (column.kind == io::ColumnKind::kNumber) {
    file.read_numbers(group, index, [&](std::size_t first, std::span<const double> values) {
      for (std::size_t i = 0; i < values.size(); ++i)
        io::append_number(cells[first + i], values[i]);
    });
  } else {
    const std::vector<std::int64_t> values = file.read_integers(group, index);
    for (std::size_t row = 0; row < cells.size(); ++row) cells[row] = text_of(values[row], column);
  }
  return cells;
}

void read_parquet(const std::filesystem::path& path,
                  const Header& header,
                  const RecordVisitor& visit) {
  const io::ParquetReader file(path);
  std::vector<std::string> labels;
  at_file(path, [&] { labels = label_columns(file); });
  RecordColumns columns;
  std::vector<std::size_t> indices;
  for (std::size_t i = 0; i < file.columns().size(); ++i) {
    const io::ParquetColumn& column = file.columns()[i];
    const std::string name = column_name(column.name);
    if (is_label_name(name) || std::ranges::find(labels, column.name) != labels.end()) {
      columns.labels.push_back(name);
      continue;
    }
    const bool readable = column.kind != io::ColumnKind::kOther;
    (readable ? columns.names : columns.ignored).push_back(name);
    if (readable) indices.push_back(i);
  }
  at_file(path, [&] {
    check_names(columns.names);
    header(columns);
  });
  std::size_t rows_before = 1;
  std::vector<std::string_view> record(indices.size());
  for (std::size_t group = 0; group < file.num_row_groups(); ++group) {
    std::vector<std::vector<std::string>> cells;
    for (const std::size_t index : indices) cells.push_back(cells_of(file, group, index));
    for (std::size_t row = 0; row < file.num_rows(group); ++row) {
      for (std::size_t i = 0; i < cells.size(); ++i) record[i] = cells[i][row];
      at_row(path, rows_before + row, [&] { visit(record, rows_before + row); });
    }
    rows_before += file.num_rows(group);
  }
}

}  // namespace

void read_records(const std::filesystem::path& path,
                  const Header& header,
                  const RecordVisitor& visit) {
  TW_ZONE("read_records");
  const std::string start = io::first_bytes(path, 4);
  if (start == "PAR1") return read_parquet(path, header, visit);
  if (start.starts_with("\x1f\x8b")) return read_text(path, unpacked(path), header, visit);
  const io::MappedFile file(path);
  read_text(path, file.bytes(), header, visit);
}

}  // namespace tickwerk::market
