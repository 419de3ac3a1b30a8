// What expressions read their data from: bars, and the groups and events that stand in files beside
// them. Read once per command, then given to `evaluate`, `check`, strategies. Does not load bars.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tickwerk/expr/module.h"
#include "tickwerk/market/bars.h"
#include "tickwerk/market/events.h"
#include "tickwerk/market/groups.h"

namespace tickwerk::factor {

/// Owned by who loaded it; groups and events were read for the symbols of these bars.
struct Sources {
  const market::Bars& bars;
  const market::Groups* groups = nullptr;
  std::span<const market::Events> events = {};
};

/// `--groups`, `--events`, `--as-of`.
struct SourceFiles {
  std::filesystem::path groups;           // empty: none
  std::vector<market::EventFile> events;  // each name once
  std::optional<Date> as_of;              // nothing known later is read; bars: see LoadConfig::to
};

struct LoadedSources {
  market::Groups groups;
  std::vector<market::Events> events;
  std::vector<std::string> notes;     // one sentence each, for stderr and the report
  std::vector<std::string> warnings;  // the same, of what is surely not meant

  Sources with(const market::Bars& bars) const;
};

/// Throws as `load_groups` and `load_events`; kInvalidArgument when two files of events have one
/// name, or a group that of a field of the bars.
LoadedSources load_sources(const SourceFiles& files, const market::Bars& bars);

/// The names that expressions over these sources may use.
expr::FieldTable field_table(const Sources& sources);

}  // namespace tickwerk::factor
