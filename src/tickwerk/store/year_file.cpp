#include "tickwerk/store/year_file.h"

#include <algorithm>

#include "tickwerk/base/hash.h"
#include "tickwerk/io/mapped_file.h"
#include "tickwerk/io/parquet_writer.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::store {
namespace {

constexpr std::size_t kRowsPerGroup = std::size_t{1} << 20;
constexpr std::size_t kNumKeys = 2;  // timestamp and symbol, the first columns

struct Group {
  std::size_t first_run = 0, last_run = 0;
  std::size_t num_rows = 0;
};

/// Whole sessions: a group ends with the session that fills it.
std::vector<Group> groups_of(const Cells& cells) {
  std::vector<Group> groups;
  const auto runs = cells.runs();
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const bool is_new_session = i > 0 && runs[i].row != runs[i - 1].row;
    if (groups.empty() || (is_new_session && groups.back().num_rows >= kRowsPerGroup)) {
      groups.push_back({.first_run = i, .last_run = i, .num_rows = 0});
    }
    groups.back().last_run = i + 1;
    groups.back().num_rows += runs[i].size;
  }
  return groups;
}

void gather(const PanelView& values, std::span<const Cells::Run> runs, std::span<double> out) {
  double* to = out.data();
  for (const Cells::Run& run : runs) {
    const double* row = values.row(run.row);
    if (values.num_symbols == 1) {
      std::fill_n(to, run.size, row[0]);
    } else {
      std::copy_n(row + run.symbol, run.size, to);
    }
    to += run.size;
  }
}

/// Puts the values of a file where they belong, block after block.
class Scatter {
 public:
  Scatter(const Cells& cells, PanelSpan out, bool is_daily)
      : runs_(cells.runs()), out_(out), is_daily_(is_daily) {
    for (std::size_t t = 0; t < cells.num_rows(); ++t) {
      std::fill_n(out.row(t), out.num_symbols, kNaN);
    }
  }

  void add(std::span<const double> values) {
    while (!values.empty() && run_ < runs_.size()) {
      const Cells::Run& run = runs_[run_];
      const std::size_t size = std::min(run.size - done_, values.size());
      if (is_daily_) {
        out_(run.row, 0) = values[0];
      } else {
        std::copy_n(values.data(), size, out_.row(run.row) + run.symbol + done_);
      }
      values = values.subspan(size);
      done_ += size;
      if (done_ < run.size) continue;
      done_ = 0;
      ++run_;
    }
  }
  bool is_full() const noexcept { return run_ == runs_.size(); }

 private:
  std::span<const Cells::Run> runs_;
  PanelSpan out_;
  bool is_daily_;
  std::size_t run_ = 0;
  std::size_t done_ = 0;  // of the run
};

std::string column_checksum(const io::ParquetReader& reader, std::size_t column) {
  Hasher hasher;
  for (std::size_t group = 0; group < reader.num_row_groups(); ++group) {
    const std::string_view bytes = reader.column_bytes(group, column);
    hasher.update(bytes.data(), bytes.size());
  }
  return hasher.hex();
}

/// Other programs read times and symbols; we only check that they are as they were written.
std::string keys_checksum(const io::ParquetReader& reader) {
  Hasher hasher;
  for (std::size_t group = 0; group < reader.num_row_groups(); ++group) {
    for (std::size_t key = 0; key < kNumKeys; ++key) {
      const std::string_view bytes = reader.column_bytes(group, key);
      hasher.update(bytes.data(), bytes.size());
    }
  }
  return hasher.hex();
}

io::ParquetReader opened(const std::filesystem::path& path) {
  try {
    return io::ParquetReader(path);
  } catch (const Error& error) {
    throw Error(Code::kCorruptData, error.what());
  }
}

}  // namespace

Cells::Cells(PanelView bar, std::size_t first, std::size_t last) : first_(first), last_(last) {
  for (std::size_t t = first; t < last; ++t) {
    const double* row = bar.row(t);
    const std::size_t before = runs_.size();
    for (std::size_t s = 0; s < bar.num_symbols; ++s) {
      if (row[s] != row[s]) continue;
      std::size_t end = s + 1;
      while (end < bar.num_symbols && row[end] == row[end]) ++end;
      runs_.push_back({.row = t - first, .symbol = s, .size = end - s});
      size_ += end - s;
      s = end;
    }
    num_rows_with_bars_ += runs_.size() > before ? 1 : 0;
  }
}

WrittenYear write_year(const std::filesystem::path& path,
                       const market::Bars& bars,
                       const Cells& cells,
                       std::span<const YearColumn> columns,
                       const std::function<void()>& between) {
  TW_ZONE("store::write_year");
  const auto time_kind =
      bars.frequency == Frequency::kDaily ? io::ColumnKind::kDate : io::ColumnKind::kInstant;
  std::vector<io::ParquetField> fields = {{"timestamp", time_kind},
                                          {"symbol", io::ColumnKind::kText}};
  for (const YearColumn& column : columns) fields.push_back({column.name});
  io::ParquetWriter writer(path, fields, io::NumberEncoding::kByteStreamSplit);
  for (const Group& group : groups_of(cells)) {
    between();
    const auto runs = cells.runs().subspan(group.first_run, group.last_run - group.first_run);
    std::vector<std::int64_t> times;
    std::vector<std::uint32_t> symbols;
    times.reserve(group.num_rows);
    symbols.reserve(group.num_rows);
    for (const Cells::Run& run : runs) {
      const Timestamp time = bars.times[cells.first_row() + run.row];
      const std::int64_t value = time_kind == io::ColumnKind::kDate ? date_of(time).days : time.ns;
      times.insert(times.end(), run.size, value);
      for (std::size_t i = 0; i < run.size; ++i) {
        symbols.push_back(static_cast<std::uint32_t>(run.symbol + i));
      }
    }
    writer.begin_wide_group(group.num_rows);
    writer.add_integers(times);
    writer.add_text(symbols, bars.symbols);
    writer.add_all_numbers(
        [&](std::size_t k, std::span<double> out) { gather(columns[k].values, runs, out); });
  }
  between();
  writer.commit();

  WrittenYear written;
  const io::MappedFile file(path);
  written.checksum = checksum_of(file.bytes());
  const io::ParquetReader reader(path);
  written.footer = checksum_of(reader.footer_bytes());
  written.keys = keys_checksum(reader);
  for (std::size_t k = 0; k < columns.size(); ++k) {
    written.columns.push_back(column_checksum(reader, k + kNumKeys));
  }
  return written;
}

YearReader::YearReader(const std::filesystem::path& folder, const YearEntry& entry)
    : folder_(folder),
      path_(folder / entry.file.name),
      file_(entry.file),
      reader_(opened(folder / entry.file.name)) {
  if (checksum_of(reader_.footer_bytes()) != entry.footer) refuse("another end of the file");
  if (entry.keys.empty()) {
    verify();
  } else if (keys_checksum(reader_) != entry.keys) {
    refuse("other times or symbols");
  }
}

void YearReader::refuse(const std::string& found) const {
  throw Error(Code::kCorruptData,
              fmt::format("a file of the store must be as it was written, found {}: {}", found,
                          path_.string()));
}

std::size_t YearReader::position_of(const std::string& name) const {
  const auto& columns = reader_.columns();
  const auto found = std::ranges::find(columns, name, &io::ParquetColumn::name);
  if (found == columns.end()) refuse(fmt::format("no column '{}'", name));
  return static_cast<std::size_t>(found - columns.begin());
}

void YearReader::check(const StoredColumn& column, std::size_t position) const {
  if (column_checksum(reader_, position) == column.checksum) return;
  refuse(fmt::format("other bytes of column '{}' than its checksum says", column.name));
}

void YearReader::read(const StoredColumn& column, const Cells& cells, PanelSpan out) const {
  TW_ZONE("store::read_column");
  const std::size_t position = position_of(column.name);
  check(column, position);
  Scatter scatter(cells, out, out.num_symbols == 1);
  for (std::size_t group = 0; group < reader_.num_row_groups() && !scatter.is_full(); ++group) {
    reader_.read_numbers(group, position,
                         [&](std::size_t, std::span<const double> values) { scatter.add(values); });
  }
  if (!scatter.is_full()) refuse(fmt::format("too few values of column '{}'", column.name));
}

YearReader::LongForm YearReader::read_long(const StoredColumn& column) const {
  const std::size_t position = position_of(column.name);
  check(column, position);
  const std::size_t time = position_of("timestamp"), symbol = position_of("symbol");
  const bool is_day = reader_.columns()[time].kind == io::ColumnKind::kDate;
  LongForm result;
  for (std::size_t group = 0; group < reader_.num_row_groups(); ++group) {
    for (const std::int64_t value : reader_.read_integers(group, time)) {
      result.times.push_back(is_day ? value * kNsPerDay : value);
    }
    const io::TextColumn text = reader_.read_text(group, symbol);
    const auto before = static_cast<std::uint32_t>(result.symbols.size());
    result.symbols.insert(result.symbols.end(), text.values.begin(), text.values.end());
    for (const std::uint32_t id : text.ids) {
      if (id == io::kNoText) refuse("a row without a symbol");
      result.symbol_ids.push_back(before + id);
    }
    reader_.read_numbers(group, position, [&](std::size_t, std::span<const double> values) {
      result.values.insert(result.values.end(), values.begin(), values.end());
    });
  }
  return result;
}

void YearReader::verify() const { read_checked(folder_, file_); }

}  // namespace tickwerk::store
