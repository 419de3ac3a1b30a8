// Price bars from files: CSV, CSV.gz or Parquet in long form, one file, a folder of files, or one
// file per symbol. What was found and done to the input is said once in `notes`; what cannot be
// read throws Error with file, row and value. Used by every command that reads bars; does not
// compute, adjust or fill.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tickwerk/market/bars.h"
#include "tickwerk/market/validate.h"

namespace tickwerk::market {

enum class OnDuplicate { kError, kFirst, kLast };
enum class Strictness {
  kReport,     // findings are reported; a bar must be left
  kStrict,     // any finding is an error
  kJudgeOnly,  // the findings are the result, also when every bar is masked
};

struct LoadConfig {
  std::filesystem::path prices;               // file or folder
  Frequency frequency = Frequency::kDaily;    // an error if the bars disagree
  std::vector<std::string> symbols;           // empty = all; each must exist in the data
  std::filesystem::path universe;             // lines `symbol[,start,end]`; empty = all
  std::vector<std::filesystem::path> fields;  // joined to the bars: extra_fields.h
  std::optional<std::size_t> max_symbols;     // the first by bytes of what the other fields left
  std::optional<Date> from;  // first bar traded or written; earlier bars are still loaded
  std::optional<Date> to;    // last bar loaded
  OnDuplicate on_duplicate = OnDuplicate::kError;
  Strictness strictness = Strictness::kReport;
};

struct LoadedBars {
  Bars bars;                  // masked bars are NaN
  std::size_t first_row = 0;  // first row at or after `from`
  ValidationReport validation;
  std::vector<std::string> notes;           // one sentence each, for stderr and the report
  std::vector<std::string> absent_symbols;  // of the universe file, without a bar in the data
  std::string fingerprint;
};

/// Throws kNotFound (no such file, symbol), kCorruptData (not bars), kInvalidArgument (config),
/// kIo.
LoadedBars load(const LoadConfig& config);

}  // namespace tickwerk::market
