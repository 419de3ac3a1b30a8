#include "tickwerk/factor/stored.h"

#include <fmt/format.h>

#include <algorithm>

#include "tickwerk/base/build_id.h"
#include "tickwerk/base/hash.h"
#include "tickwerk/base/version.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::factor {
namespace {

constexpr std::string_view kOfLines = "lines";

/// `core:12` and `/home/me/mine.expr:3` belong to `core` and `mine`.
constexpr std::size_t kMostReasons = 3;  // that are told

std::string group_of(const expr::Definition& definition) {
  const std::string& place = definition.place;
  const std::filesystem::path file = place.substr(0, place.rfind(':'));
  std::string group = file.stem().string();
  const auto is_kept = [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || letter == '_' || letter == '-' || letter == '.';
  };
  const bool can_be_folder = !group.empty() && group.size() <= 80 && group.front() != '.' &&
                             group.front() != '_' && group.front() != '-' &&
                             std::all_of(group.begin(), group.end(), is_kept);
  if (can_be_folder) return group;
  if (group.empty() || group.front() == '-') return std::string(kOfLines);
  Hasher hasher;
  hasher.update(group);
  return fmt::format("file-{}", hasher.hex().substr(0, 12));
}

}  // namespace

void StoreReport::add(const store::Result& result) {
  for (const store::Finding& finding : result.findings) {
    switch (finding.outcome) {
      case store::Outcome::kHit:
      case store::Outcome::kVersion:
        ++num_read;
        break;
      case store::Outcome::kExtended:
        ++num_extended;
        break;
      case store::Outcome::kMiss:
        ++num_evaluated;
        break;
      case store::Outcome::kNotStored:
        break;
    }
    if (!finding.reason.empty()) ++reasons[finding.reason];
  }
  warnings.insert(warnings.end(), result.warnings.begin(), result.warnings.end());
  notes.insert(notes.end(), result.notes.begin(), result.notes.end());
}

std::vector<std::string> StoreReport::sentences() const {
  std::vector<std::string> all = notes;
  const std::size_t num_all = num_read + num_extended + num_evaluated;
  if (num_all == 0) return all;
  std::string text = fmt::format("store: {} of {} columns of a year read", num_read, num_all);
  if (num_extended > 0) text += fmt::format(", {} continued", num_extended);
  if (num_evaluated > 0) text += fmt::format(", {} evaluated", num_evaluated);
  std::vector<std::pair<std::string, std::size_t>> why(reasons.begin(), reasons.end());
  std::stable_sort(why.begin(), why.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  for (std::size_t i = 0; i < std::min(why.size(), kMostReasons); ++i) {
    text += fmt::format("{}{}", i == 0 ? ": " : "; ", why[i].first);
  }
  if (why.size() > kMostReasons) {
    const std::size_t others = why.size() - kMostReasons;
    text += fmt::format("; and {} more reason{}", others, others == 1 ? "" : "s");
  }
  all.push_back(std::move(text));
  return all;
}

std::string_view StoreReport::state() const noexcept {
  if (num_read + num_extended + num_evaluated == 0) return {};
  if (num_read + num_extended == 0) return "cold";
  return num_extended + num_evaluated == 0 ? "warm" : "partly warm";
}

bool can_be_stored(const expr::Graph& graph, const expr::Definition& definition) {
  return definition.role == expr::Role::kFactor &&
         graph[definition.node].kind != expr::NodeKind::kConstant &&
         graph[definition.node].shape != expr::Shape::kConstant;
}

StoredValues read_stored(const market::Bars& bars,
                         const expr::Inputs& inputs,
                         const expr::Graph& graph,
                         std::span<const expr::Definition> definitions,
                         const StoreConfig& config) {
  TW_ZONE("read_stored");
  std::map<std::string, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < definitions.size(); ++i) {
    groups[group_of(definitions[i])].push_back(i);
  }
  StoredValues stored;
  stored.values.resize(definitions.size());
  store::Config at;
  at.address = {
      .root = config.root, .group = {}, .frequency = bars.frequency, .universe = config.universe};
  at.now = config.now;
  at.rebuild = config.rebuild;
  at.as_of = config.as_of;
  at.code_version = fmt::format("{} {}", kVersion, build_id().substr(0, 12));
  for (const auto& [group, members] : groups) {
    std::vector<store::Column> columns;
    for (const std::size_t i : members)
      columns.push_back({definitions[i].name, definitions[i].node});
    at.address.group = group;
    store::Result result = store::read_or_evaluate({bars, inputs, graph, columns}, at);
    for (std::size_t k = 0; k < members.size(); ++k) {
      stored.values[members[k]] = std::move(result.values[k]);
    }
    for (std::string& note : result.notes) note = fmt::format("store {}: {}", group, note);
    stored.report.add(result);
  }
  trace::count(trace::Counter::kCacheHits, stored.report.num_read + stored.report.num_extended);
  trace::count(trace::Counter::kCacheMisses, stored.report.num_evaluated);
  return stored;
}

}  // namespace tickwerk::factor
