// The rules that price bars must pass, per symbol, with row numbers. A bar that cannot be true is masked (NaN in
// every field); what can only be judged later is a warning and masks nothing. Used by `load` and by
// `tickwerk data validate`; it never drops a symbol and never repairs a value.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tickwerk/market/bars.h"

namespace tickwerk::market {

enum class Rule {
  kDuplicateKey,       // found by the loader, which sees rows
  kHighBelowLow,       // masks; also open or close outside [low, high] (a warning of its own: kOutsideRange)
  kOutsideRange,
  kNonPositivePrice,   // masks
  kSpikeReverts,
  kMissingSessions,
  kZeroVolume,
  kStalePrice,
  kWeekendBar,
};

enum class Severity { kWarning, kMasked };

struct RuleInfo {
  Rule rule;
  std::string_view name;  // `high_below_low`
  Severity severity;
  std::string_view text;  // one sentence: what must hold, with its thresholds
};
std::span<const RuleInfo> rules();

struct Finding {
  Rule rule;
  std::size_t symbol = 0;         // column of the bars
  Timestamp time;                 // of the bar, or the first session missing
  std::int64_t source_row = -1;   // 1-based row of the input file (header is row 1), -1 when unknown
  std::string source_file;        // name without folder; empty when there is one input file
  std::string detail;             // the values found
};

struct ValidationReport {
  std::vector<Finding> findings;  // sorted by (symbol, time, rule)
  std::size_t num_bars = 0;
  std::size_t num_masked = 0;
};

/// Where each bar stood in the input: row numbers [time, symbol], -1 for no bar. May be empty.
struct BarSources {
  BasicPanel<std::int32_t> row;
  BasicPanel<std::int16_t> file;
  std::vector<std::string> files;
};

/// Findings for bars as they are; masks the bars that cannot be true (sets every field to NaN).
ValidationReport validate_and_mask(Bars& bars, const BarSources& sources);

}  // namespace tickwerk::market
