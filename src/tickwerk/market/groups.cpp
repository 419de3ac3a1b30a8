#include "tickwerk/market/groups.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <map>

#include "tickwerk/base/error.h"
#include "tickwerk/base/nearest.h"
#include "tickwerk/market/columns.h"
#include "tickwerk/market/records.h"
#include "tickwerk/market/timestamps.h"

namespace tickwerk::market {
namespace {

constexpr std::size_t kShownSymbols = 8;

/// Where the cells of a line stand.
struct Columns {
  std::optional<std::size_t> symbol;
  std::optional<std::size_t> first;
  std::optional<std::size_t> last;
  std::vector<std::size_t> groups;
};

/// A name of the expression language.
std::string field_name(std::string name) {
  for (char& c : name) {
    const bool kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (!kept) c = '_';
  }
  return name;
}

Columns match(const RecordColumns& found, Groups& groups) {
  Columns columns;
  for (std::size_t i = 0; i < found.names.size(); ++i) {
    const std::string& name = found.names[i];
    if (name.empty()) continue;  // the index that pandas writes
    if (names_symbol(name)) {
      columns.symbol = i;
    } else if (name == "start" || name == "start_date") {
      columns.first = i;
    } else if (name == "end" || name == "end_date") {
      columns.last = i;
    } else {
      columns.groups.push_back(i);
      groups.names.push_back(field_name(name));
      const auto again = std::find(groups.names.begin(), groups.names.end(), groups.names.back());
      if (again + 1 == groups.names.end()) continue;
      throw Error(Code::kCorruptData,
                  fmt::format("two groups must not have one name, found {} in {}", *again,
                              fmt::join(found.names, ", ")));
    }
  }
  if (!columns.symbol || columns.groups.empty()) {
    throw Error(Code::kCorruptData,
                fmt::format("groups must have a column symbol and one for each group, found {}",
                            fmt::join(found.names, ", ")));
  }
  return columns;
}

std::optional<Date> read_day(std::span<const std::string_view> cells,
                             const std::optional<std::size_t>& column) {
  if (!column || cells[*column].empty()) return {};
  const auto time = parse_time(cells[*column]);
  if (!time) throw Error(Code::kCorruptData, why_no_time(cells[*column]));
  return time->day;
}

bool overlap(const GroupPeriod& a, const GroupPeriod& b) {
  const bool a_ends_before = a.last && b.first && *a.last < *b.first;
  const bool b_ends_before = b.last && a.first && *b.last < *a.first;
  return !a_ends_before && !b_ends_before;
}

bool same_codes(const GroupPeriod& a, const GroupPeriod& b) {
  return std::equal(a.codes.begin(), a.codes.end(), b.codes.begin(), [](double x, double y) {
    return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y);
  });
}

bool starts_before(const GroupPeriod& a, const GroupPeriod& b) {
  if (!a.first || !b.first) return !a.first && b.first;
  return *a.first < *b.first;
}

/// Where two lines speak of one day they must say the same.
void check_periods(std::vector<GroupPeriod>& periods,
                   const std::string& symbol,
                   const std::filesystem::path& path) {
  std::stable_sort(periods.begin(), periods.end(), starts_before);
  for (std::size_t i = 1; i < periods.size(); ++i) {
    // A line that stays open reaches over all that follow it.
    const GroupPeriod& before =
        *std::max_element(periods.begin(), periods.begin() + static_cast<std::ptrdiff_t>(i),
                          [](const GroupPeriod& a, const GroupPeriod& b) {
                            return a.last && (!b.last || *a.last < *b.last);
                          });
    if (!overlap(before, periods[i]) || same_codes(before, periods[i])) continue;
    throw Error(
        Code::kCorruptData,
        fmt::format("a symbol must belong to one group at a time, found {} in rows {} and {}"
                    ", reading {}",
                    symbol, std::min(before.row, periods[i].row),
                    std::max(before.row, periods[i].row), path.string()));
  }
}

/// Codes by first sight become positions among the sorted labels.
void sort_labels(Groups& groups) {
  for (std::size_t g = 0; g < groups.names.size(); ++g) {
    std::vector<std::string> sorted = groups.labels[g];
    std::sort(sorted.begin(), sorted.end());
    std::vector<double> position;
    for (const std::string& label : groups.labels[g]) {
      const auto at = std::lower_bound(sorted.begin(), sorted.end(), label);
      position.push_back(static_cast<double>(at - sorted.begin()));
    }
    for (auto& periods : groups.members) {
      for (GroupPeriod& period : periods) {
        double& code = period.codes[g];
        if (code == code) code = position[static_cast<std::size_t>(code)];
      }
    }
    groups.labels[g] = std::move(sorted);
  }
}

void note_what_is_missing(Groups& groups, const Bars& bars) {
  std::vector<std::string> without;
  for (std::size_t s = 0; s < bars.num_symbols(); ++s) {
    if (groups.members[s].empty()) without.push_back(bars.symbols[s]);
  }
  const std::string file = groups.path.filename().string();
  if (!without.empty()) {
    const std::size_t num_shown = std::min(without.size(), kShownSymbols);
    groups.notes.push_back(fmt::format(
        "{} of {} symbols have no line in {} and belong to no group: {}{}", without.size(),
        bars.num_symbols(), file,
        fmt::join(without.begin(), without.begin() + static_cast<std::ptrdiff_t>(num_shown), ", "),
        without.size() > num_shown ? ", ..." : ""));
  }
  if (groups.dates == Groups::Dates::kNone) {
    groups.notes.push_back(fmt::format(
        "{} has no dates: membership is as of today, also on the days long before", file));
  }
}

}  // namespace

Groups load_groups(const std::filesystem::path& path, const Bars& bars) {
  Groups groups;
  groups.path = path;
  groups.members.resize(bars.num_symbols());
  Columns columns;
  std::vector<std::map<std::string, double, std::less<>>> codes;
  const auto header = [&](const RecordColumns& found) {
    columns = match(found, groups);
    groups.labels.resize(groups.names.size());
    codes.resize(groups.names.size());
  };
  read_records(path, header, [&](std::span<const std::string_view> cells, std::size_t row) {
    GroupPeriod period{.first = read_day(cells, columns.first),
                       .last = read_day(cells, columns.last),
                       .codes = {},
                       .row = row};
    if (period.first && period.last && *period.last < *period.first) {
      throw Error(Code::kCorruptData,
                  fmt::format("a period must end at or after its start, found {} to {}",
                              to_string(*period.first), to_string(*period.last)));
    }
    if (period.first || period.last) groups.dates = Groups::Dates::kSome;
    const std::string_view symbol = cells[*columns.symbol];
    if (symbol.empty()) throw Error(Code::kCorruptData, "a symbol must not be empty");
    for (std::size_t g = 0; g < columns.groups.size(); ++g) {
      const std::string_view label = cells[columns.groups[g]];
      if (label.empty()) {
        period.codes.push_back(kNaN);
        continue;
      }
      const auto [at, is_new] =
          codes[g].try_emplace(std::string(label), static_cast<double>(codes[g].size()));
      if (is_new) groups.labels[g].emplace_back(label);
      period.codes.push_back(at->second);
    }
    const std::size_t column = bars.column(symbol);
    if (column < bars.num_symbols()) groups.members[column].push_back(std::move(period));
  });
  for (std::size_t s = 0; s < bars.num_symbols(); ++s) {
    check_periods(groups.members[s], bars.symbols[s], path);
  }
  sort_labels(groups);
  note_what_is_missing(groups, bars);
  return groups;
}

Panel group_codes(const Groups& groups, std::string_view name, std::span<const Timestamp> times) {
  const auto found = std::find(groups.names.begin(), groups.names.end(), name);
  if (found == groups.names.end()) {
    throw Error(Code::kNotFound,
                fmt::format("a group must be a column of {}, found no '{}' among {}{}",
                            groups.path.empty() ? "the file of groups" : groups.path.string(), name,
                            fmt::join(groups.names, ", "), nearest_hint(name, groups.names)));
  }
  const auto group = static_cast<std::size_t>(found - groups.names.begin());
  Panel codes(times.size(), groups.members.size(), kNaN);
  for (std::size_t s = 0; s < groups.members.size(); ++s) {
    for (const GroupPeriod& period : groups.members[s]) {
      const auto begin = period.first
                             ? std::lower_bound(times.begin(), times.end(), midnight(*period.first))
                             : times.begin();
      const auto end =
          period.last ? std::lower_bound(begin, times.end(), midnight(Date{period.last->days + 1}))
                      : times.end();
      for (auto time = begin; time < end; ++time) {
        codes(static_cast<std::size_t>(time - times.begin()), s) = period.codes[group];
      }
    }
  }
  return codes;
}

}  // namespace tickwerk::market
