#include "tickwerk/job/positions.h"

#include <fmt/format.h>

#include <cmath>
#include <optional>
#include <vector>

#include "tickwerk/base/nearest.h"
#include "tickwerk/io/csv.h"
#include "tickwerk/io/mapped_file.h"

namespace tickwerk::job {
namespace {

constexpr std::string_view kCash = "CASH";

bool is_heading(const std::vector<std::string_view>& fields) {
  return fields.size() == 2 && fields[0] == "symbol" && fields[1] == "quantity";
}

}  // namespace

backtest::Holdings read_positions(const std::filesystem::path& file, const market::Bars& bars) {
  const io::MappedFile text(file);
  const auto corrupt = [&](const std::string& message, std::size_t row) {
    return Error(Code::kCorruptData,
                 fmt::format("{} (row {} of {})", message, row, file.filename().string()));
  };

  backtest::Holdings holdings;
  holdings.shares.assign(bars.num_symbols(), 0.0);
  std::vector<std::uint8_t> seen(bars.num_symbols(), 0);
  std::optional<double> cash;
  io::CsvReader reader(text.bytes());
  std::vector<std::string_view> fields;
  for (std::size_t row = 1; reader.next(fields); ++row) {
    if (row == 1 && is_heading(fields)) continue;
    if (row == 1) {
      throw corrupt("a positions file must begin with the heading symbol,quantity", row);
    }
    if (fields.size() == 1 && fields[0].empty()) continue;
    if (fields.size() != 2) {
      throw corrupt(fmt::format("a position must have two fields, found {}", fields.size()), row);
    }
    const std::optional<double> quantity = io::parse_number(fields[1]);
    if (!quantity || !std::isfinite(*quantity)) {
      throw corrupt(fmt::format("a quantity must be a finite number, found '{}'", fields[1]), row);
    }
    if (fields[0] == kCash) {
      if (cash) throw corrupt("CASH must be given once, found a second row", row);
      cash = quantity;
      continue;
    }
    const std::size_t column = bars.column(fields[0]);
    if (column == bars.num_symbols()) {
      throw corrupt(fmt::format("a position must be in a symbol of the data, found '{}'{}",
                                fields[0], nearest_hint(fields[0], bars.symbols)),
                    row);
    }
    if (*quantity < 0) {
      throw corrupt(fmt::format("a quantity must be >= 0 while short selling is not available, "
                                "found {} of {}",
                                *quantity, fields[0]),
                    row);
    }
    if (seen[column] != 0) {
      throw corrupt(fmt::format("a position must be given once, found {} again", fields[0]), row);
    }
    seen[column] = 1;
    holdings.shares[column] = *quantity;
  }
  if (!cash) {
    throw Error(Code::kCorruptData, fmt::format("a positions file must have a CASH row, found none "
                                                "in {}",
                                                file.filename().string()));
  }
  holdings.cash = *cash;
  return holdings;
}

}  // namespace tickwerk::job
