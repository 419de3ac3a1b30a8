#include "tickwerk/market/day_labels.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "tickwerk/base/error.h"
#include "tickwerk/market/columns.h"
#include "tickwerk/market/records.h"
#include "tickwerk/market/timestamps.h"

namespace tickwerk::market {
namespace {

constexpr std::array<std::string_view, 4> kUsualNames = {"regime_label", "regime", "label",
                                                         "state"};

struct Columns {
  std::size_t time = 0;
  std::size_t label = 0;
};

std::size_t label_column(const std::vector<std::string>& names,
                         std::size_t time,
                         std::string_view wanted) {
  const auto place = [&](std::string_view name) {
    return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
  };
  if (!wanted.empty()) {
    if (place(wanted) < names.size()) return place(wanted);
    throw Error(Code::kNotFound, fmt::format("the labels of days must be in a column {}, found {}",
                                             wanted, fmt::join(names, ", ")));
  }
  for (const std::string_view usual : kUsualNames) {
    if (place(usual) < names.size()) return place(usual);
  }
  if (names.size() == 2) return 1 - time;
  throw Error(Code::kCorruptData,
              fmt::format("labels of days must be in a column called {} or in the only one beside "
                          "the time, found {}",
                          fmt::join(kUsualNames, ", "), fmt::join(names, ", ")));
}

Columns match(const RecordColumns& found, std::string_view wanted) {
  for (std::size_t i = 0; i < found.names.size(); ++i) {
    if (names_time(found.names[i])) return {i, label_column(found.names, i, wanted)};
  }
  throw Error(Code::kCorruptData,
              fmt::format("labels of days must have a column timestamp, found {}",
                          fmt::join(found.names, ", ")));
}

}  // namespace

DayLabels load_day_labels(const std::filesystem::path& path,
                          std::string_view column,
                          std::span<const Timestamp> times) {
  std::map<Date, std::string> words;
  Columns columns;
  read_records(
      path, [&](const RecordColumns& found) { columns = match(found, column); },
      [&](std::span<const std::string_view> cells, std::size_t) {
        const auto time = parse_time(cells[columns.time]);
        if (!time) throw Error(Code::kCorruptData, why_no_time(cells[columns.time]));
        const std::string_view word = cells[columns.label];
        if (word.empty()) return;
        const auto [at, is_new] = words.try_emplace(time->day, word);
        if (is_new || at->second == word) return;
        throw Error(Code::kCorruptData,
                    fmt::format("a day must have one label, found {} and {} on {}", at->second,
                                word, to_string(time->day)));
      });

  std::vector<const std::string*> of_row;
  DayLabels labels;
  for (const Timestamp time : times) {
    const auto at = words.find(date_of(time));
    of_row.push_back(at == words.end() ? nullptr : &at->second);
    if (of_row.back() != nullptr) labels.names.push_back(at->second);
  }
  if (labels.names.empty()) {
    throw Error(Code::kCorruptData,
                fmt::format("labels of days must share a day with the bars, found none: {}",
                            path.string()));
  }
  std::sort(labels.names.begin(), labels.names.end());
  labels.names.erase(std::unique(labels.names.begin(), labels.names.end()), labels.names.end());
  for (const std::string* word : of_row) {
    const auto place = [&] {
      return std::lower_bound(labels.names.begin(), labels.names.end(), *word) -
             labels.names.begin();
    };
    labels.of_row.push_back(word == nullptr ? -1 : static_cast<std::int32_t>(place()));
  }
  return labels;
}

}  // namespace tickwerk::market
