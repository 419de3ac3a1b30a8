#include "tickwerk/job/positions.h"

#include <fmt/ranges.h>

#include <cmath>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tickwerk/base/nearest.h"
#include "tickwerk/io/csv.h"
#include "tickwerk/io/mapped_file.h"

namespace tickwerk::job {
namespace {

using Fields = std::vector<std::string_view>;

constexpr std::string_view kCash = "CASH";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool has_price(const market::Bars& bars, std::size_t column) {
  for (std::size_t t = 0; t < bars.num_rows(); ++t) {
    if (!std::isnan(bars.close()(t, column))) return true;
  }
  return false;
}

Error corrupt(const std::string& message) { return {Code::kCorruptData, message}; }

void check_heading(const Fields& fields) {
  if (fields == Fields{"symbol", "quantity"}) return;
  throw corrupt(
      fmt::format("a positions file must begin with the heading symbol,quantity, found {}",
                  fmt::join(fields, ",")));
}

double quantity_of(const Fields& fields) {
  if (fields.size() != 2) {
    throw corrupt(fmt::format("a position must have two fields, found {}", fields.size()));
  }
  const std::optional<double> quantity = io::parse_number(fields[1]);
  if (quantity && std::isfinite(*quantity)) return *quantity;
  throw corrupt(fmt::format("a quantity must be a finite number, found '{}'", fields[1]));
}

std::size_t column_of(std::string_view symbol, const market::Bars& bars) {
  const std::size_t column = bars.column(symbol);
  if (column == bars.num_symbols()) {
    throw corrupt(fmt::format("a position must be in a symbol of the data, found '{}'{}", symbol,
                              nearest_hint(symbol, bars.symbols)));
  }
  if (!has_price(bars, column)) {
    throw corrupt(
        fmt::format("a position must be in a symbol with a price, found none of {}", symbol));
  }
  return column;
}

}  // namespace

backtest::Holdings read_positions(const std::filesystem::path& file,
                                  const market::Bars& bars,
                                  strategy::ShortSelling shorts) {
  const io::MappedFile mapped(file);
  std::string_view text = mapped.bytes();
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());

  backtest::Holdings holdings;
  holdings.shares.assign(bars.num_symbols(), 0.0);
  std::set<std::string, std::less<>> seen;
  io::CsvReader reader(text);
  Fields fields;
  std::size_t row = 1;
  try {
    for (; reader.next(fields); ++row) {
      if (row == 1) {
        check_heading(fields);
        continue;
      }
      if (fields.size() == 1 && fields[0].empty()) continue;
      const double quantity = quantity_of(fields);
      if (!seen.emplace(fields[0]).second) {
        throw corrupt(fmt::format("a position must be given once, found {} again", fields[0]));
      }
      if (fields[0] == kCash) {
        holdings.cash = quantity;
      } else {
        const std::size_t column = column_of(fields[0], bars);
        if (quantity < 0 && shorts == strategy::ShortSelling::kRefuse) {
          throw corrupt(fmt::format(
              "a quantity must be >= 0 unless shorts are allowed (allow_short), found {} of {}",
              quantity, fields[0]));
        }
        holdings.shares[column] = quantity;
      }
    }
  } catch (const Error& error) {
    throw error.with_context(fmt::format("row {} of {}", row, file.filename().string()));
  }
  if (!seen.contains(kCash)) {
    throw corrupt(fmt::format("a positions file must have a CASH row, found none in {}",
                              file.filename().string()));
  }
  return holdings;
}

}  // namespace tickwerk::job
