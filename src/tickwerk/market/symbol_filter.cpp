#include "tickwerk/market/symbol_filter.h"

#include <algorithm>

#include "tickwerk/base/error.h"
#include "tickwerk/io/csv.h"
#include "tickwerk/io/mapped_file.h"
#include "tickwerk/market/columns.h"
#include "tickwerk/market/timestamps.h"

namespace tickwerk::market {
namespace {

[[noreturn]] void fail(const std::filesystem::path& path,
                       std::size_t row,
                       std::string_view rule,
                       std::string_view found) {
  throw Error(Code::kCorruptData,
              fmt::format("{}, found '{}' in {}, row {}", rule, found, path.string(), row));
}

std::optional<Date> read_day(std::string_view text,
                             const std::filesystem::path& path,
                             std::size_t row) {
  text = io::trimmed(text);
  if (text.empty()) return {};
  const auto time = parse_time(text);
  if (!time) fail(path, row, "a date of a universe must be an ISO day", text);
  return time->day;
}

}  // namespace

bool covers(const std::vector<Membership>& periods, Date day) noexcept {
  return std::any_of(periods.begin(), periods.end(), [day](const Membership& period) {
    return (!period.start || *period.start <= day) && (!period.end || day <= *period.end);
  });
}

Universe read_universe(const std::filesystem::path& path) {
  const io::MappedFile file(path);
  std::string_view text = file.bytes();
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  Universe universe;
  io::CsvReader reader(text);
  std::vector<std::string_view> fields;
  std::size_t row = 0;
  while (true) {
    try {
      if (!reader.next(fields)) break;
    } catch (const Error& error) {
      throw error.with_context(fmt::format("reading {}, row {}", path.string(), row + 1));
    }
    ++row;
    const std::string_view symbol = io::trimmed(fields[0].substr(0, fields[0].find('#')));
    if (symbol.empty() && io::trimmed(fields[0]).empty() && fields.size() > 1) {
      fail(path, row, "a line of a universe must begin with a symbol", fields[1]);
    }
    if (symbol.empty()) continue;
    if (universe.members.empty() && names_symbol(symbol)) continue;
    if (symbol.find_first_of(std::string_view("\0\x01\x02\x03", 4)) != std::string_view::npos) {
      fail(path, row, "a universe must be text", "binary bytes");
    }
    const bool commented = fields[0].find('#') != std::string_view::npos;
    const auto cell = [&](std::size_t i) {
      if (commented || i >= fields.size()) return std::string_view();
      return fields[i].substr(0, fields[i].find('#'));
    };
    const Membership period{read_day(cell(1), path, row), read_day(cell(2), path, row)};
    if (period.start && period.end && *period.end < *period.start) {
      fail(path, row, "a membership must end at or after its start", to_string(*period.end));
    }
    if (period.start || period.end) universe.dates = Universe::Dates::kSome;
    universe.members[std::string(symbol)].push_back(period);
  }
  if (universe.members.empty()) {
    throw Error(Code::kCorruptData,
                fmt::format("a universe must name a symbol, found none in {}", path.string()));
  }
  return universe;
}

}  // namespace tickwerk::market
