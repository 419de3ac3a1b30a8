#include "tickwerk/factor/sources.h"

#include <algorithm>
#include <set>

#include "tickwerk/base/error.h"

namespace tickwerk::factor {
namespace {

void append(std::vector<std::string>& notes, const std::vector<std::string>& more) {
  notes.insert(notes.end(), more.begin(), more.end());
}

void check_names(const SourceFiles& files) {
  std::set<std::string> names;
  for (const market::EventFile& file : files.events) {
    if (names.insert(file.name).second) continue;
    throw Error(Code::kInvalidArgument,
                fmt::format("a name of events must be given once, found {} again for {}", file.name,
                            file.path.string()));
  }
}

}  // namespace

Sources LoadedSources::with(const market::Bars& bars) const {
  return {.bars = bars, .groups = groups.empty() ? nullptr : &groups, .events = events};
}

LoadedSources load_sources(const SourceFiles& files, const market::Bars& bars) {
  check_names(files);
  LoadedSources loaded;
  if (!files.groups.empty()) {
    loaded.groups = market::load_groups(files.groups, bars);
    for (const std::string& name : loaded.groups.names) {
      if (!bars.has(name)) continue;
      throw Error(
          Code::kInvalidArgument,
          fmt::format("a group must not have the name of a column of the bars, found {} in {}",
                      name, files.groups.string()));
    }
    append(loaded.notes, loaded.groups.notes);
  }
  for (const market::EventFile& file : files.events) {
    loaded.events.push_back(market::load_events(file, bars, {.as_of = files.as_of}));
    append(loaded.notes, loaded.events.back().notes);
    append(loaded.warnings, loaded.events.back().warnings);
  }
  return loaded;
}

expr::FieldTable field_table(const Sources& sources) {
  expr::FieldTable table;
  for (const auto& [name, panel] : sources.bars.fields) {
    if (name != "in_universe") table.series.emplace(name, expr::Shape::kPanel);
  }
  table.labels = sources.bars.labels;
  if (sources.groups != nullptr) {
    for (const std::string& name : sources.groups->names) {
      table.groups.emplace(name, sources.groups->path.string());
    }
  }
  for (const market::Events& events : sources.events) {
    for (const std::string& field : events.fields) {
      table.events.emplace(fmt::format("{}.{}", events.name, field), events.path.string());
    }
  }
  return table;
}

}  // namespace tickwerk::factor
