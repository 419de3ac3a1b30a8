#include <algorithm>

#include "tickwerk/base/error.h"
#include "tickwerk/model/audit.h"
#include "tickwerk/model/names.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::model {
namespace {

struct Recount {
  std::size_t num_train = 0;
  std::size_t num_meeting = 0;    // training labels that read a bar of a test label
  std::size_t num_embargoed = 0;  // training rows that stand in the embargo
  std::size_t num_both = 0;       // rows that train and are tested

  std::size_t num_wrong() const { return num_meeting + num_embargoed + num_both; }
};

/// Number of marked bars before each bar, of marks that stand at the ends of stretches.
std::vector<std::size_t> num_before(const std::vector<int>& changes) {
  std::vector<std::size_t> before(changes.size(), 0);
  int open = 0;
  for (std::size_t t = 0; t + 1 < changes.size(); ++t) {
    open += changes[t];
    before[t + 1] = before[t] + (open > 0 ? 1 : 0);
  }
  return before;
}

void recount(const Dataset& d, const Split& split, std::size_t embargo, Recount& total) {
  const std::size_t num_bars = d.times.size();
  std::vector<int> changes(num_bars + 1, 0);
  std::vector<char> is_embargoed(num_bars, 0), is_tested(d.num_rows(), 0);
  for (const RowRange& range : split.test) {
    std::size_t last_end = 0;
    for (std::size_t r = range.first; r < range.last; ++r) {
      is_tested[r] = 1;
      last_end = std::max<std::size_t>(last_end, d.label_end[r]);
      ++changes[d.bar[r]];
      --changes[d.label_end[r] + 1];
    }
    for (std::size_t t = last_end + 1; t <= last_end + embargo && t < num_bars; ++t) {
      is_embargoed[t] = 1;
    }
  }
  const std::vector<std::size_t> num_read = num_before(changes);
  for (const RowRange& range : split.train) {
    for (std::size_t r = range.first; r < range.last; ++r) {
      ++total.num_train;
      total.num_both += is_tested[r] != 0 ? 1 : 0;
      total.num_embargoed += is_embargoed[d.bar[r]] != 0 ? 1 : 0;
      total.num_meeting += num_read[d.label_end[r] + 1] > num_read[d.bar[r]] ? 1 : 0;
    }
  }
}

Recount recount(const Dataset& dataset, const std::vector<Split>& splits, std::size_t embargo) {
  Recount total;
  for (const Split& split : splits) recount(dataset, split, embargo, total);
  return total;
}

AuditLine line_of(const Dataset& dataset, SplitConfig config) {
  AuditLine line{.check = fmt::format("split {}", to_string(config.scheme)), .text = {}};
  try {
    const std::size_t embargo = config.embargo.value_or(dataset.label_reach);
    config.purge = Purge::kByReach;
    const std::vector<Split> splits = make_splits(config, windows_of(dataset));
    const Recount with = recount(dataset, splits, embargo);
    config.purge = Purge::kNone;
    config.embargo = {};
    const Recount without = recount(dataset, make_splits(config, windows_of(dataset)), 0);
    line.verdict = with.num_wrong() == 0 ? AuditVerdict::kOk : AuditVerdict::kLeak;
    line.value = static_cast<double>(with.num_wrong());
    line.limit = 0;
    line.text = fmt::format(
        "{} splits: of {} training rows {} meet a test label, {} stand in the embargo of {} bars, "
        "{} are tested too; without the purge {} of {} would meet one",
        splits.size(), with.num_train, with.num_meeting, with.num_embargoed, embargo, with.num_both,
        without.num_meeting, without.num_train);
  } catch (const Error& error) {
    if (error.code() != Code::kInvalidArgument) throw;
    line.verdict = AuditVerdict::kNotTested;
    line.text = error.what();
  }
  return line;
}

}  // namespace

std::vector<AuditLine> audit_splits(const Dataset& dataset, const AuditConfig& config) {
  TW_ZONE("audit_splits");
  std::vector<AuditLine> lines;
  for (const SplitScheme scheme : config.schemes) {
    SplitConfig splits = config.splits;
    splits.scheme = scheme;
    lines.push_back(line_of(dataset, splits));
  }
  return lines;
}

}  // namespace tickwerk::model
