// The rules that price bars must pass, per symbol, with row numbers. A bar that cannot be true is
// masked (NaN in every field) before the other rules look; what can only be judged later is a
// warning and masks nothing. Used by `load` and by `tickwerk data validate`; it never drops a
// symbol and never repairs a value.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tickwerk/market/bars.h"

namespace tickwerk::market {

/// Thresholds stand in `rules()`; docs/formats/validation.md says how they were chosen.
enum class Rule {
  kDuplicateKey,  // found by the loader, which sees rows
  kHighBelowLow,  // masks
  kOutsideRange,
  kNonPositivePrice,  // masks
  kSpikeReverts,
  kMissingSessions,
  kZeroVolume,
  kStalePrice,
  kWeekendBar,
  kHolidayBar,
};

enum class Severity { kWarning, kMasked };

struct RuleInfo {
  Rule rule;
  std::string_view name;  // `high_below_low`
  Severity severity;
  std::string_view text;  // one sentence: what must hold, with its thresholds
};
/// In the order of `Rule`.
std::span<const RuleInfo> rules() noexcept;
const RuleInfo& info(Rule rule) noexcept;

struct Finding {
  Rule rule;
  std::size_t symbol = 0;  // column of the bars
  Timestamp time;          // of the bar (the first of a run), or the first session missing
  /// 1-based row of the input file (a heading is row 1; Parquet has none), -1 when unknown; where
  /// sessions are missing, of the bar after the gap.
  std::int64_t source_row = -1;
  std::string source_file;  // name without folder; empty when there is one input file
  std::string detail;       // the values found
};

struct ValidationReport {
  std::vector<Finding> findings;  // sorted by (symbol, time, rule)
  std::size_t num_bars = 0;       // cells with at least one price, masked ones included
  std::size_t num_masked = 0;
};

/// Where each bar stood in the input: row numbers [time, symbol], -1 for no bar. May be empty.
struct BarSources {
  BasicPanel<std::int32_t> row;
  BasicPanel<std::int16_t> file;
  std::vector<std::string> files;
};

/// Findings for bars as they are; masks the bars that cannot be true (sets every field to NaN).
/// Fields the bars lack (open, high, low or volume) switch off the rules that read them. A bar with
/// prices but no close is judged by itself and is no bar to the rules on sequences: its session
/// counts as missing. Missing sessions and holidays follow `calendar_for(bars)`, between a symbol's
/// first and last bar; where that is the weekday calendar, holidays are unknown and only long gaps
/// are found. A spike in a symbol's last bar cannot be told from a move. Result and masks do not
/// depend on the number of threads. Cost: one pass over the panels, rows in order, blocks of
/// symbols in parallel; allocates for findings only.
ValidationReport validate_and_mask(Bars& bars, const BarSources& sources);

/// Adds what another stage found (duplicate keys) and keeps the order.
void add_findings(ValidationReport& report, std::vector<Finding> findings);

}  // namespace tickwerk::market
