#include "tickwerk/market/columns.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "tickwerk/base/error.h"
#include "tickwerk/market/label_columns.h"

namespace tickwerk::market {
namespace {

struct Aliases {
  std::string_view field;
  std::vector<std::string_view> names;
};

const std::vector<Aliases>& aliases() {
  static const std::vector<Aliases> table = {
      {"timestamp",
       {"timestamp", "date", "datetime", "time", "day", "ts", "trade_date", "tradedate",
        "trading_date"}},
      {"symbol", {"symbol", "ticker", "sym", "tic", "instrument", "asset"}},
      {"open", {"open", "o", "open_price", "px_open"}},
      {"high", {"high", "h", "high_price", "px_high"}},
      {"low", {"low", "l", "low_price", "px_low"}},
      {"close", {"close", "c", "close_price", "px_close", "px_last"}},
      {"adj_close",
       {"adj_close", "adjclose", "adjusted_close", "adjustedclose", "close_adj",
        "adj_close_price"}},
      {"volume", {"volume", "vol", "v", "px_volume"}},
  };
  return table;
}

std::string_view meaning(std::string_view name) {
  for (const Aliases& entry : aliases()) {
    if (std::find(entry.names.begin(), entry.names.end(), name) != entry.names.end()) {
      return entry.field;
    }
  }
  return {};
}

[[noreturn]] void missing(std::string_view field, std::span<const std::string> header) {
  const auto entry = std::find_if(aliases().begin(), aliases().end(),
                                  [field](const Aliases& some) { return some.field == field; });
  throw Error(Code::kCorruptData,
              fmt::format("bars must have a column {} (accepted: {}), found {}", field,
                          fmt::join(entry->names, ", "), fmt::join(header, ", ")));
}

}  // namespace

bool BarColumns::has(std::string_view field) const noexcept {
  return std::any_of(values.begin(), values.end(),
                     [field](const ValueColumn& column) { return column.field == field; });
}

std::string column_name(std::string_view cell) {
  const std::size_t first = cell.find_first_not_of(" \t");
  if (first == std::string_view::npos) return "";
  std::string result(cell.substr(first, cell.find_last_not_of(" \t") - first + 1));
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == ' ' || c == '-') c = '_';
  }
  return result;
}

bool names_symbol(std::string_view name) { return meaning(column_name(name)) == "symbol"; }
bool names_time(std::string_view name) { return meaning(column_name(name)) == "timestamp"; }

BarColumns match_columns(std::span<const std::string> header, std::span<const std::string> labels) {
  BarColumns columns;
  columns.names.assign(header.begin(), header.end());
  std::vector<std::string> seen;
  std::optional<std::size_t> time;
  for (std::size_t i = 0; i < header.size(); ++i) {
    const std::string normal = column_name(header[i]);
    if (is_label_name(normal) ||
        std::find(labels.begin(), labels.end(), header[i]) != labels.end()) {
      columns.labels.push_back(normal);
      continue;
    }
    const std::string_view found = meaning(normal);
    const std::string field = found.empty() ? normal : std::string(found);
    if (field.empty()) continue;  // an unnamed column, such as the index pandas writes
    if (const auto at = std::find(seen.begin(), seen.end(), field); at != seen.end()) {
      throw Error(Code::kCorruptData, fmt::format("one column may mean {}, found two in {}", field,
                                                  fmt::join(header, ", ")));
    }
    seen.push_back(field);
    if (found == "timestamp") {
      time = i;
    } else if (found == "symbol") {
      columns.symbol = i;
    } else {
      columns.values.push_back({i, field, found.empty() ? ColumnUse::kExtra : ColumnUse::kPrice});
    }
  }
  if (!time) missing("timestamp", header);
  columns.time = *time;
  if (columns.has("close")) return columns;
  if (!columns.has("adj_close")) missing("close", header);
  for (const std::string_view price : {"open", "high", "low"}) {
    if (!columns.has(price)) continue;
    throw Error(
        Code::kCorruptData,
        fmt::format("adj_close with {} must come with close, whose ratio scales it, found {}",
                    price, fmt::join(header, ", ")));
  }
  for (ValueColumn& column : columns.values) {
    if (column.field == "adj_close") column.field = "close";
  }
  return columns;
}

}  // namespace tickwerk::market
