// Further fields beside the bars, from a file `timestamp, symbol, <numbers...>` in long form (CSV,
// CSV.gz, Parquet): what others have computed, predictions of a model above all. Joined by load()
// to the bars as if their file had had the columns. Nobody can test when such a value was known:
// `check` says so.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tickwerk/market/bars.h"

namespace tickwerk::market {

/// Adds a panel for each column that is not timestamp or symbol; NaN where the file has no row, no
/// number, or the symbol no bar. Returns what was found, one sentence each. Throws kNotFound, kIo;
/// kInvalidArgument for a name that the bars have already; kCorruptData with file and row for a
/// column missing, a name that the language cannot write, a time that is none, a cell that is no
/// finite number, and a row for a bar that has one.
std::vector<std::string> add_fields(const std::filesystem::path& path, Bars& bars);

}  // namespace tickwerk::market
