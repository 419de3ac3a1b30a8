// What the columns of an input file mean: names in any case, with the usual aliases. Used by the
// loaders of CSV and Parquet; refuses a file in which two columns mean the same.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tickwerk::market {

enum class ColumnUse {
  kPrice,  // open, high, low, close, adj_close, volume: must be numbers
  kExtra,  // any other column: a field where it is numeric, else ignored
};

struct ValueColumn {
  std::size_t index = 0;  // in the file
  std::string field;      // `close`, `adj_close`; an extra column in lower case
  ColumnUse use = ColumnUse::kPrice;
};

struct BarColumns {
  std::size_t time = 0;
  std::optional<std::size_t> symbol;  // empty: one symbol, named by the file
  std::vector<ValueColumn> values;
  std::vector<std::string> names;   // of all columns, as written
  std::vector<std::string> labels;  // as fields, left out of the values: label_columns.h

  bool has(std::string_view field) const noexcept;
};

/// Matches a header; `labels` are those of its columns, as written, that know the future. A file
/// with `adj_close` and no `close` gets it as `close`. Throws Error kCorruptData naming what was
/// found and the accepted names; the caller adds the file.
BarColumns match_columns(std::span<const std::string> header,
                         std::span<const std::string> labels = {});

/// A header cell as the name of a column: lower case, without spaces around, spaces and dashes
/// inside as underscores.
std::string column_name(std::string_view cell);

/// Whether a header cell is one of the names of the symbol column.
bool names_symbol(std::string_view name);

/// Whether it is one of the names of the time column.
bool names_time(std::string_view name);

}  // namespace tickwerk::market
