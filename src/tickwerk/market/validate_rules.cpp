#include <algorithm>
#include <array>
#include <iterator>
#include <tuple>

#include "tickwerk/market/validate.h"

namespace tickwerk::market {
namespace {

using enum Rule;
using enum Severity;

constexpr std::array kRules = {
    RuleInfo{kDuplicateKey, "duplicate_key", kWarning,
             "a symbol must have one bar per time; the same values twice count once"},
    RuleInfo{kHighBelowLow, "high_below_low", kMasked, "high must not be below low"},
    RuleInfo{kOutsideRange, "outside_range", kWarning,
             "open and close must lie between low and high"},
    RuleInfo{kNonPositivePrice, "non_positive_price", kMasked,
             "open, high, low and close must be positive and finite"},
    RuleInfo{kSpikeReverts, "spike_reverts", kWarning,
             "a close must not move by a factor of 1.5 and be back within a factor of 1.15 one or "
             "two bars later, nor may high or low be a factor of 2 beyond both open and close"},
    RuleInfo{kMissingSessions, "missing_sessions", kWarning,
             "a symbol must have a bar on every session between its first and last: any NYSE "
             "session, or more than 5 weekdays in a row where the market is not known"},
    RuleInfo{kZeroVolume, "zero_volume", kWarning,
             "volume must be positive; said once for a symbol that never has any"},
    RuleInfo{kStalePrice, "stale_price", kWarning,
             "open, high, low and close must not stay the same for 5 bars in a row (78 intraday)"},
    RuleInfo{kWeekendBar, "weekend_bar", kWarning,
             "a bar must not stand on a Saturday or Sunday, unless a tenth of at least 60 rows do"},
    RuleInfo{kHolidayBar, "holiday_bar", kWarning,
             "a bar of the NYSE must not stand on a weekday on which it was closed"},
};

auto position(const Finding& finding) {
  return std::tuple(finding.symbol, finding.time, finding.rule);
}

}  // namespace

std::span<const RuleInfo> rules() noexcept { return kRules; }

const RuleInfo& info(Rule rule) noexcept { return kRules[static_cast<std::size_t>(rule)]; }

void add_findings(ValidationReport& report, std::vector<Finding> findings) {
  report.findings.insert(report.findings.end(), std::make_move_iterator(findings.begin()),
                         std::make_move_iterator(findings.end()));
  std::stable_sort(report.findings.begin(), report.findings.end(),
                   [](const Finding& a, const Finding& b) { return position(a) < position(b); });
}

}  // namespace tickwerk::market
