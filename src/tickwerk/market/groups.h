// Groups of symbols, such as sectors, from a CSV or Parquet file `symbol,<name>...[,start,end]`:
// what `by=` of the expression language means. A label becomes a code; a symbol without one belongs
// to no group. Without dates a membership is that of the day the file was made, and that is said.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tickwerk/market/bars.h"

namespace tickwerk::market {

/// What one line says of a symbol; both days are included, an empty one is open.
struct GroupPeriod {
  std::optional<Date> first;
  std::optional<Date> last;
  std::vector<double> codes;  // per name, NaN for an empty cell
  std::size_t row = 0;        // of the file
};

struct Groups {
  enum class Dates { kNone, kSome };

  std::filesystem::path path;
  Dates dates = Dates::kNone;
  std::vector<std::string> names;                 // columns: lower case, _ for other characters
  std::vector<std::vector<std::string>> labels;   // per name, sorted by bytes; a code is a position
  std::vector<std::vector<GroupPeriod>> members;  // per symbol of the bars they were read for
  std::vector<std::string> notes;                 // symbols without a line, membership as of today

  bool empty() const noexcept { return names.empty(); }
};

/// Reads the groups of the symbols of `bars`. Throws kNotFound, kIo, and kCorruptData with file and
/// row: a column missing, a date that is none, lines of one symbol that overlap and differ.
Groups load_groups(const std::filesystem::path& path, const Bars& bars);

/// [time, symbol]: the code of each symbol on the day of each time, NaN where it has none. Throws
/// kNotFound with the nearest names when no group has the name.
Panel group_codes(const Groups& groups, std::string_view name, std::span<const Timestamp> times);

}  // namespace tickwerk::market
