#include "tickwerk/market/write_bars.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "tickwerk/base/parallel.h"
#include "tickwerk/io/atomic_file.h"
#include "tickwerk/io/number.h"
#include "tickwerk/io/parquet_writer.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::market {
namespace {

constexpr std::size_t kGroupRows = 131'072;
constexpr std::size_t kCsvRows = 64;   // sessions that one task formats
constexpr std::size_t kCsvTasks = 16;  // formatted before they are written

struct Column {
  std::string name;
  const Panel* panel = nullptr;
};

std::vector<Column> columns_of(const Bars& bars) {
  constexpr std::array<std::string_view, 5> kPrices = {"open", "high", "low", "close", "volume"};
  std::vector<Column> columns;
  for (const std::string_view name : kPrices) {
    if (bars.has(name)) columns.push_back({std::string(name), &bars.field(name)});
  }
  for (const auto& [name, panel] : bars.fields) {
    if (std::find(kPrices.begin(), kPrices.end(), name) == kPrices.end()) {
      columns.push_back({name, &panel});
    }
  }
  return columns;
}

/// Membership is known for every day; it does not make a bar.
bool makes_a_bar(const Column& column) { return column.name != "in_universe"; }

/// The symbols that have a bar in row t.
void present(const std::vector<Column>& columns,
             std::size_t t,
             std::vector<std::uint32_t>& symbols) {
  symbols.clear();
  const std::size_t num_symbols = columns.empty() ? 0 : columns.front().panel->num_symbols();
  for (std::uint32_t s = 0; s < num_symbols; ++s) {
    const bool some = std::any_of(columns.begin(), columns.end(), [&](const Column& column) {
      return makes_a_bar(column) && !std::isnan((*column.panel)(t, s));
    });
    if (some) symbols.push_back(s);
  }
}

/// Rows of the long form, gathered until they fill a row group.
struct Group {
  std::vector<std::int64_t> times;
  std::vector<std::uint32_t> symbols;
  std::vector<std::uint32_t> rows;
};

void write_group(const Group& group,
                 const Bars& bars,
                 const std::vector<Column>& columns,
                 io::ParquetWriter& writer) {
  writer.begin_group(group.symbols.size());
  writer.add_integers(group.times);
  writer.add_text(group.symbols, bars.symbols);
  std::vector<double> values(group.symbols.size());
  for (const Column& column : columns) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = (*column.panel)(group.rows[i], group.symbols[i]);
    }
    writer.add_numbers(values);
  }
}

std::string csv_rows(const Bars& bars,
                     const std::vector<Column>& columns,
                     std::size_t first,
                     std::size_t last) {
  std::string text;
  std::vector<std::uint32_t> symbols;
  for (std::size_t t = first; t < last; ++t) {
    const std::string time = to_string(bars.times[t], bars.frequency);
    present(columns, t, symbols);
    for (const std::uint32_t s : symbols) {
      text += time;
      text += ',';
      io::append_csv_field(text, bars.symbols[s]);
      for (const Column& column : columns) {
        text += ',';
        io::append_number(text, (*column.panel)(t, s));
      }
      text += '\n';
    }
  }
  return text;
}

}  // namespace

void write_parquet(const Bars& bars, const std::filesystem::path& path) {
  TW_ZONE("write_parquet");
  const bool daily = bars.frequency == Frequency::kDaily;
  const std::vector<Column> columns = columns_of(bars);
  std::vector<io::ParquetField> fields = {
      {"timestamp", daily ? io::ColumnKind::kDate : io::ColumnKind::kInstant},
      {"symbol", io::ColumnKind::kText}};
  for (const Column& column : columns) fields.push_back({column.name, io::ColumnKind::kNumber});
  io::ParquetWriter writer(path, fields);
  Group group;
  std::vector<std::uint32_t> symbols;
  for (std::size_t t = 0; t < bars.num_rows(); ++t) {
    present(columns, t, symbols);
    const std::int64_t time = daily ? date_of(bars.times[t]).days : bars.times[t].ns;
    group.times.insert(group.times.end(), symbols.size(), time);
    group.rows.insert(group.rows.end(), symbols.size(), static_cast<std::uint32_t>(t));
    group.symbols.insert(group.symbols.end(), symbols.begin(), symbols.end());
    if (group.symbols.size() < kGroupRows && t + 1 < bars.num_rows()) continue;
    if (!group.symbols.empty()) write_group(group, bars, columns, writer);
    group = {};
  }
  writer.commit();
}

void write_csv(const Bars& bars, const std::filesystem::path& path) {
  TW_ZONE("write_csv");
  const std::vector<Column> columns = columns_of(bars);
  io::AtomicFile file(path);
  std::string header = "timestamp,symbol";
  for (const Column& column : columns) {
    header += ',';
    io::append_csv_field(header, column.name);
  }
  file.write(header + '\n');
  const std::size_t step = kCsvRows * kCsvTasks;
  for (std::size_t begin = 0; begin < bars.num_rows(); begin += step) {
    const std::size_t end = std::min(bars.num_rows(), begin + step);
    std::array<std::string, kCsvTasks> texts;
    parallel_for(end - begin, kCsvRows, [&](std::size_t first, std::size_t last) {
      texts[first / kCsvRows] = csv_rows(bars, columns, begin + first, begin + last);
    });
    for (const std::string& text : texts) file.write(text);
  }
  file.commit();
}

}  // namespace tickwerk::market
