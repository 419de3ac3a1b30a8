// Bars from Parquet. A piece is a row group: skipped by its statistics where they say that no row
// is wanted.
#include <algorithm>
#include <limits>

#include "tickwerk/base/error.h"
#include "tickwerk/io/parquet_reader.h"
#include "tickwerk/market/bar_file.h"
#include "tickwerk/market/label_columns.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::market {
namespace {

using io::ColumnKind;

constexpr std::int64_t kNsPerHour = 3'600'000'000'000;
// Whatever unit was mistaken for another, numbers of this century end before this time, 1970-04-01.
constexpr std::int64_t kEndOfMistakes = 90 * kNsPerDay;

class ParquetBars : public BarFile {
 public:
  ParquetBars(const std::filesystem::path& path, const std::string& symbol)
      : file_(path), symbol_(symbol) {
    path_ = path;
    std::vector<std::string> header;
    for (const io::ParquetColumn& column : file_.columns()) header.push_back(column.name);
    try {
      columns_ = match_columns(header, label_columns(file_));
      check_kinds();
    } catch (const Error& error) {
      throw error.with_context(fmt::format("reading {}", path.string()));
    }
    std::size_t num_rows = 0;
    for (std::size_t g = 0; g < file_.num_row_groups(); ++g) num_rows += file_.num_rows(g);
    if (num_rows == 0) {
      throw Error(
          Code::kCorruptData,
          fmt::format("a file of bars must have a row, found none, reading {}", path.string()));
    }
  }

  std::size_t num_pieces() const override { return file_.num_row_groups(); }

  RowBlock read_rows(std::size_t group, const RowFilter& filter) const override {
    RowBlock block;
    block.num_rows = static_cast<std::int64_t>(file_.num_rows(group));
    if (!may_hold(group, filter)) return block;
    read_symbols(group, filter, block);
    const bool none = std::all_of(block.symbols.begin(), block.symbols.end(),
                                  [](std::uint32_t id) { return id == kNoSymbol; });
    if (none && !block.fault) {
      block.symbols.clear();
      return block;
    }
    if (file_.columns()[columns_.time].kind == ColumnKind::kText) {
      read_text_times(group, filter, block);
    } else {
      read_number_times(group, filter, block);
    }
    return block;
  }

  void read_values(std::size_t group,
                   RowBlock&,
                   std::size_t column,
                   const Visit& visit) const override {
    file_.read_numbers(group, columns_.values[column].index, visit);
  }

 private:
  void check_kinds() {
    const auto& found = file_.columns();
    const ColumnKind time = found[columns_.time].kind;
    if (time == ColumnKind::kNumber || time == ColumnKind::kOther) {
      throw Error(Code::kCorruptData,
                  fmt::format("the column {} must hold dates, timestamps, whole numbers or text",
                              found[columns_.time].name));
    }
    if (columns_.symbol && found[*columns_.symbol].kind != ColumnKind::kText) {
      throw Error(Code::kCorruptData,
                  fmt::format("the column {} must hold text", found[*columns_.symbol].name));
    }
    std::vector<ValueColumn> numeric;
    for (const ValueColumn& column : columns_.values) {
      const ColumnKind kind = found[column.index].kind;
      if (kind == ColumnKind::kNumber || kind == ColumnKind::kInteger) {
        numeric.push_back(column);
      } else if (column.use == ColumnUse::kPrice) {
        throw Error(Code::kCorruptData,
                    fmt::format("the column {} must hold numbers", found[column.index].name));
      } else {
        ignored_.push_back(found[column.index].name);
      }
    }
    columns_.values = std::move(numeric);
  }

  /// Whether the statistics allow a wanted row.
  bool may_hold(std::size_t group, const RowFilter& filter) const {
    if (filter.symbols != nullptr && columns_.symbol) {
      if (const auto range = file_.text_range(group, *columns_.symbol)) {
        const auto first = filter.symbols->lower_bound(range->first);
        if (first == filter.symbols->end() || *first > range->second) return false;
      }
    }
    const ColumnKind kind = file_.columns()[columns_.time].kind;
    if (kind != ColumnKind::kDate && kind != ColumnKind::kInstant) return true;
    const auto range = file_.integer_range(group, columns_.time);
    if (!range) return true;
    const std::int64_t unit = kind == ColumnKind::kDate ? kNsPerDay : 1;
    return range->first <= filter.end_ns / unit;
  }

  void read_symbols(std::size_t group, const RowFilter& filter, RowBlock& block) const {
    const auto num_rows = static_cast<std::size_t>(block.num_rows);
    if (!columns_.symbol) {
      const bool wanted = filter.symbols == nullptr || filter.symbols->contains(symbol_);
      block.names = {symbol_};
      block.symbols.assign(num_rows, wanted ? 0 : kNoSymbol);
      return;
    }
    io::TextColumn text = file_.read_text(group, *columns_.symbol);
    std::vector<std::uint32_t> ids(text.values.size());
    for (std::uint32_t i = 0; i < ids.size(); ++i) {
      const bool wanted = filter.symbols == nullptr || filter.symbols->contains(text.values[i]);
      ids[i] = wanted ? i : kNoSymbol;
    }
    block.names = std::move(text.values);
    block.symbols = std::move(text.ids);
    for (std::size_t row = 0; row < num_rows; ++row) {
      std::uint32_t& id = block.symbols[row];
      if (id == io::kNoText || block.names[id].empty()) {
        block.fault = RowFault{static_cast<std::int64_t>(row), columns_.names[*columns_.symbol],
                               "a symbol must not be empty"};
        return;
      }
      id = ids[id];
    }
  }

  void fail(RowBlock& block, std::size_t row, std::string message) const {
    if (block.fault && block.fault->row <= static_cast<std::int64_t>(row)) return;
    block.fault =
        RowFault{static_cast<std::int64_t>(row), columns_.names[columns_.time], std::move(message)};
  }

  void read_text_times(std::size_t group, const RowFilter& filter, RowBlock& block) const {
    const io::TextColumn text = file_.read_text(group, columns_.time);
    std::vector<std::optional<ParsedTime>> parsed;
    for (const std::string& value : text.values) parsed.push_back(parse_time(value));
    block.times.resize(text.ids.size());
    for (std::size_t row = 0; row < text.ids.size(); ++row) {
      if (block.symbols[row] == kNoSymbol) continue;
      const std::uint32_t id = text.ids[row];
      if (id == io::kNoText) return fail(block, row, why_no_time(""));
      if (!parsed[id]) return fail(block, row, why_no_time(text.values[id]));
      block.forms.see(*parsed[id], static_cast<std::int64_t>(row));
      set_time(*parsed[id], row, filter, block);
    }
  }

  void read_number_times(std::size_t group, const RowFilter& filter, RowBlock& block) const {
    const io::ParquetColumn& column = file_.columns()[columns_.time];
    block.times = file_.read_integers(group, columns_.time);
    std::int64_t previous = io::kNoInteger;
    std::int64_t newest = std::numeric_limits<std::int64_t>::min();
    ParsedTime time;
    for (std::size_t row = 0; row < block.times.size(); ++row) {
      if (block.symbols[row] == kNoSymbol) continue;
      const std::int64_t value = block.times[row];
      if (value != previous || row == 0) {
        if (value == io::kNoInteger) return fail(block, row, why_no_time(""));
        const auto found = time_of(value, column);
        if (!found) return fail(block, row, why_no_time(std::to_string(value)));
        time = *found;
        previous = value;
        newest = std::max(newest, value);
        block.forms.see(time, static_cast<std::int64_t>(row));
        if (filter.frequency == Frequency::kDaily && !day_is_certain(time, column)) {
          return fail(
              block, row,
              fmt::format("a daily bar of a column in zone {} must stand at local midnight or be a "
                          "date, found {}, whose day depends on the zone",
                          column.zone, to_string(Timestamp{value}, Frequency::kFiveMinutes)));
        }
      }
      set_time(time, row, filter, block);
    }
    if (column.kind == ColumnKind::kInstant && newest >= 0 && newest < kEndOfMistakes) {
      fail(block, 0,
           fmt::format(
               "timestamps must not be epoch numbers taken in a wrong unit, found none after {}",
               to_string(Timestamp{newest}, Frequency::kFiveMinutes)));
    }
  }

  static std::optional<ParsedTime> time_of(std::int64_t value, const io::ParquetColumn& column) {
    if (column.kind == ColumnKind::kInteger) return parse_time(value);
    if (column.kind == ColumnKind::kInstant) return time_of_instant(value);
    // Days that fit 64 bits of nanoseconds, with room to spare.
    if (value < -98'000 || value > 84'000) return {};
    return ParsedTime{TimeForm::kDay, Date{static_cast<std::int32_t>(value)}, 0, 0};
  }

  /// Parquet keeps the instant, not the day as written. In a named zone the two agree for midnights
  /// west of Greenwich, which are the hours after midnight in UTC; anything else would need the
  /// zone's rules.
  static bool day_is_certain(const ParsedTime& time, const io::ParquetColumn& column) {
    const bool utc = column.zone.empty() || column.zone == "UTC" || column.zone == "Etc/UTC" ||
                     column.zone == "GMT" || column.zone == "Z" || column.zone == "+00:00";
    return utc || time.ns_of_day < 10 * kNsPerHour;
  }

  void set_time(const ParsedTime& time,
                std::size_t row,
                const RowFilter& filter,
                RowBlock& block) const {
    const std::int64_t ns = time.bar_time(filter.frequency).ns;
    block.times[row] = ns;
    if (ns >= filter.end_ns) block.symbols[row] = kNoSymbol;
  }

  io::ParquetReader file_;
  std::string symbol_;
};

}  // namespace

std::unique_ptr<BarFile> open_parquet(const std::filesystem::path& path,
                                      const std::string& symbol) {
  return std::make_unique<ParquetBars>(path, symbol);
}

}  // namespace tickwerk::market
