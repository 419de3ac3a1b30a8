#include "tickwerk/model/audit.h"

#include <algorithm>

#include "tickwerk/model/dataset_builder.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::model {
namespace {

AuditLine count_line(std::string check, std::size_t count, std::string ok, std::string leak) {
  return {.check = std::move(check),
          .verdict = count == 0 ? AuditVerdict::kOk : AuditVerdict::kLeak,
          .value = static_cast<double>(count),
          .limit = 0,
          .text = count == 0 ? std::move(ok) : std::move(leak)};
}

std::string date(const Dataset& dataset, std::size_t row) {
  return to_string(dataset.times[dataset.bar[row]], dataset.frequency);
}

/// The first row of which it holds, in words; empty for none.
template <class Holds>
std::pair<std::size_t, std::string> count_rows(const Dataset& dataset, Holds holds) {
  std::size_t count = 0;
  std::string first;
  for (std::size_t r = 0; r < dataset.num_rows(); ++r) {
    if (!holds(r)) continue;
    if (count++ == 0) {
      const bool is_known = dataset.bar[r] < dataset.times.size();
      first = fmt::format("row {}{}{}", r + 1, is_known ? ", " + date(dataset, r) : "",
                          dataset.symbol[r] < dataset.symbols.size()
                              ? " " + dataset.symbols[dataset.symbol[r]]
                              : "");
    }
  }
  return {count, first};
}

AuditLine keys_line(const Dataset& d) {
  const auto [count, first] = count_rows(d, [&](std::size_t r) {
    return r > 0 && std::pair(d.bar[r - 1], d.symbol[r - 1]) >= std::pair(d.bar[r], d.symbol[r]);
  });
  return count_line("keys", count,
                    fmt::format("{} rows, by date and symbol, each key once", d.num_rows()),
                    fmt::format("keys given twice or out of order, first {}", first));
}

AuditLine data_end_line(const Dataset& d) {
  const std::size_t num_bars = d.times.size();
  const auto [count, first] = count_rows(d, [&](std::size_t r) {
    return d.bar[r] >= num_bars || d.label_end[r] >= num_bars || d.symbol[r] >= d.symbols.size();
  });
  return count_line("data end", count, "every row and every label's end is a bar of the data",
                    fmt::format("rows or labels after the end of the data, first {}", first));
}

AuditLine windows_line(const Dataset& d) {
  const auto last = static_cast<std::uint32_t>(d.times.size() - 1);
  const auto [count, first] = count_rows(d, [&](std::size_t r) {
    const std::size_t by_reach = std::min<std::size_t>(d.bar[r] + d.label_reach, last);
    const bool exits_later =
        !d.exit_bar.empty() && (d.exit_bar[r] > d.label_end[r] || d.exit_bar[r] < d.bar[r]);
    return d.label_end[r] < by_reach || exits_later;
  });
  return count_line(
      "label windows", count,
      fmt::format("every label ends on its bar + {} or later, and after its exit", d.label_reach),
      fmt::format("labels that end before their bar + {} or their exit, first {}", d.label_reach,
                  first));
}

}  // namespace

std::string_view to_string(AuditVerdict verdict) noexcept {
  switch (verdict) {
    case AuditVerdict::kOk:
      return "ok";
    case AuditVerdict::kWarning:
      return "warning";
    case AuditVerdict::kLeak:
      return "leak";
    case AuditVerdict::kNotTested:
      break;
  }
  return "not tested";
}

bool has_leak(std::span<const AuditLine> lines) noexcept {
  return std::any_of(lines.begin(), lines.end(),
                     [](const AuditLine& line) { return line.verdict == AuditVerdict::kLeak; });
}

std::vector<AuditLine> audit_rows(const Dataset& dataset) {
  if (dataset.num_rows() == 0 || dataset.times.empty()) {
    return {{.check = "keys", .verdict = AuditVerdict::kNotTested, .text = "there are no rows"}};
  }
  return {keys_line(dataset), data_end_line(dataset), windows_line(dataset)};
}

std::vector<AuditLine> audit_description(const Dataset& dataset,
                                         const DatasetDescription& description) {
  std::vector<AuditLine> lines;
  for (const std::string& name : dataset.feature_names) {
    const auto& reserved = reserved_names();
    if (std::find(reserved.begin(), reserved.end(), name) == reserved.end() &&
        name != dataset.label_name) {
      continue;
    }
    lines.push_back({.check = "feature " + name,
                     .verdict = AuditVerdict::kLeak,
                     .text = "stands among the features under the name of a label"});
  }
  for (const FeatureText& feature : description.features) {
    if (!feature.reach.reads_future()) continue;
    lines.push_back({.check = "feature " + feature.name,
                     .verdict = AuditVerdict::kLeak,
                     .value = static_cast<double>(feature.reach.lookahead),
                     .limit = 0,
                     .text = fmt::format("reads {} bars ahead by its own description: {}",
                                         feature.reach.lookahead, feature.expression)});
  }
  if (lines.empty()) {
    lines.push_back({.check = "description",
                     .verdict = AuditVerdict::kOk,
                     .value = 0,
                     .limit = 0,
                     .text = fmt::format("{} features, none a label, none reads a later bar",
                                         dataset.num_features())});
  }
  return lines;
}

std::vector<AuditLine> audit(const Dataset& dataset,
                             const DatasetDescription& description,
                             const AuditConfig& config) {
  TW_ZONE("audit");
  std::vector<AuditLine> lines = audit_rows(dataset);
  const bool is_sound = std::all_of(lines.begin(), lines.end(), [](const AuditLine& line) {
    return line.verdict == AuditVerdict::kOk;
  });
  const auto append = [&lines](std::vector<AuditLine> more) {
    lines.insert(lines.end(), std::make_move_iterator(more.begin()),
                 std::make_move_iterator(more.end()));
  };
  append(audit_description(dataset, description));
  if (!is_sound) {
    lines.push_back({.check = "features and splits",
                     .verdict = AuditVerdict::kNotTested,
                     .text = "the rows themselves are not what rows must be"});
    return lines;
  }
  append(audit_copies(dataset, config));
  append(audit_splits(dataset, config));
  append(audit_shifts(dataset, config));
  return lines;
}

}  // namespace tickwerk::model
