// One word a day that comes from outside, such as a market regime: a file
// `timestamp,<column>`. Used by factor analysis to split its days; knows no meaning of the words.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tickwerk/base/time.h"

namespace tickwerk::market {

struct DayLabels {
  std::vector<std::string> names;    // sorted
  std::vector<std::int32_t> of_row;  // position among names, -1 where the file has no word
};

/// `column` empty: `regime_label`, `regime`, `label` or `state`, else the only one beside the time.
/// Each row takes the word of its own day, never of another. CSV, CSV.gz or Parquet. Throws
/// kNotFound, kCorruptData with file and row (no such columns, no time, a day given twice with
/// different words, no day in common with `times`).
DayLabels load_day_labels(const std::filesystem::path& path,
                          std::string_view column,
                          std::span<const Timestamp> times);

}  // namespace tickwerk::market
