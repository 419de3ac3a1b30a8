#include "cli/run_flag_rows.h"
#include "tickwerk/base/error.h"

namespace tickwerk::cli {
namespace {

using job::RunConfig;

/// `earnings=earnings.csv`.
market::EventFile event_file(const std::string& value) {
  const std::size_t equals = value.find('=');
  if (equals == 0 || equals == std::string::npos || equals + 1 == value.size()) {
    throw Error(Code::kInvalidArgument,
                fmt::format("--events must be NAME=FILE, found '{}'", value));
  }
  return {.name = value.substr(0, equals), .path = value.substr(equals + 1)};
}

std::string shown_events(const RunConfig& config) {
  std::string text;
  for (const market::EventFile& file : config.sources.events) {
    text += fmt::format("{}{}={}", text.empty() ? "" : ", ", file.name, file.path.string());
  }
  return text;
}

std::vector<RunFlagRow> make_rows() {
  std::vector<RunFlagRow> rows;
  rows.push_back(
      {{.key = "groups",
        .placeholder = "FILE",
        .text = "groups for `by=`: lines `symbol,<name>...[,start,end]`, such as sectors"},
       [](const Settings& s, RunConfig& c) { c.sources.groups = s.text("groups"); },
       [](const RunConfig& c) { return c.sources.groups.string(); }});
  rows.push_back(
      {{.key = "events",
        .kind = Kind::kTexts,
        .placeholder = "NAME=FILE",
        .text = "events for `asof(NAME.field)`: columns symbol, known_at, event_date and "
                "numbers; may be given again"},
       [](const Settings& s, RunConfig& c) {
         c.sources.events.clear();
         for (const std::string& value : s.texts("events")) {
           c.sources.events.push_back(event_file(value));
         }
       },
       shown_events});
  rows.push_back({{.key = "as_of",
                   .kind = Kind::kDate,
                   .placeholder = "DATE",
                   .text = "nothing later is read: no bar and no event that became known after it"},
                  [](const Settings& s, RunConfig& c) { c.sources.as_of = s.date("as_of"); },
                  [](const RunConfig& c) {
                    return c.sources.as_of ? to_string(*c.sources.as_of) : std::string();
                  }});
  return rows;
}

}  // namespace

const std::vector<RunFlagRow>& source_rows() {
  static const std::vector<RunFlagRow> rows = make_rows();
  return rows;
}

}  // namespace tickwerk::cli
