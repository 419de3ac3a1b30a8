#include <fmt/format.h>

#include <fstream>
#include <set>

#include "cli/run_flag_rows.h"
#include "tickwerk/base/error.h"

namespace tickwerk::cli {
namespace {

using job::RunConfig;
using market::OnDuplicate;

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

/// The first column of each line; `#` begins a comment.
std::vector<std::string> symbols_of_file(const std::string& path) {
  std::ifstream file(path);
  if (!file)
    throw Error(Code::kNotFound, fmt::format("a file of symbols must be readable: {}", path));
  std::vector<std::string> symbols;
  for (std::string line; std::getline(file, line);) {
    const std::string_view text = line;
    const std::string_view symbol = trimmed(text.substr(0, text.find_first_of("#,")));
    if (!symbol.empty()) symbols.emplace_back(symbol);
  }
  return symbols;
}

std::vector<std::string> symbols_of(const std::string& value) {
  std::vector<std::string> symbols;
  if (value.starts_with('@')) {
    symbols = symbols_of_file(value.substr(1));
  } else {
    std::string_view rest = value;
    while (!rest.empty()) {
      const std::size_t size = std::min(rest.find(','), rest.size());
      const std::string_view symbol = trimmed(rest.substr(0, size));
      if (!symbol.empty()) symbols.emplace_back(symbol);
      rest.remove_prefix(std::min(size + 1, rest.size()));
    }
  }
  if (symbols.empty()) {
    throw Error(Code::kInvalidArgument,
                fmt::format("--symbols must name at least one symbol, found none in '{}'", value));
  }
  const std::set<std::string> once(symbols.begin(), symbols.end());
  return {once.begin(), once.end()};
}

std::string shown_date(const std::optional<Date>& date) { return date ? to_string(*date) : ""; }

std::vector<RunFlagRow> make_rows() {
  std::vector<RunFlagRow> rows;
  rows.push_back(
      {{.key = "prices",
        .placeholder = "FILE|DIR",
        .text = "bars as CSV, CSV.gz or Parquet, one file or a folder of files (without it: the "
                "synthetic market)"},
       [](const Settings& s, RunConfig& c) { c.load.prices = s.text("prices"); },
       [](const RunConfig& c) { return c.load.prices.string(); }});
  rows.push_back(
      {{.key = "symbols",
        .placeholder = "A,B|@FILE",
        .text = "only these symbols, or those of a file with one a line"},
       [](const Settings& s, RunConfig& c) { c.load.symbols = symbols_of(s.text("symbols")); },
       [](const RunConfig& c) { return fmt::format("{}", fmt::join(c.load.symbols, ",")); }});
  rows.push_back({{.key = "universe",
                   .placeholder = "FILE",
                   .text = "members as lines `symbol[,start,end]`; dates make it point-in-time"},
                  [](const Settings& s, RunConfig& c) { c.load.universe = s.text("universe"); },
                  [](const RunConfig& c) { return c.load.universe.string(); }});
  rows.push_back(
      {{.key = "fields",
        .kind = Kind::kTexts,
        .placeholder = "FILE",
        .text = "further fields as `timestamp,symbol,<numbers>`, such as predictions of `ml "
                "alpha`; may be given again"},
       [](const Settings& s, RunConfig& c) {
         const std::vector<std::string> files = s.texts("fields");
         c.load.fields.assign(files.begin(), files.end());
       },
       [](const RunConfig& c) {
         std::vector<std::string> files;
         for (const auto& file : c.load.fields) files.push_back(file.string());
         return fmt::format("{}", fmt::join(files, ", "));
       }});
  rows.push_back({{.key = "max_symbols",
                   .kind = Kind::kWhole,
                   .placeholder = "N",
                   .text = "only the first N symbols, by bytes, of what the other flags left",
                   .range = {.low = 1, .high = 1'000'000}},
                  [](const Settings& s, RunConfig& c) {
                    c.load.max_symbols = static_cast<std::size_t>(s.whole("max_symbols"));
                  },
                  [](const RunConfig& c) {
                    return c.load.max_symbols ? std::to_string(*c.load.max_symbols) : "";
                  }});
  rows.push_back({{.key = "from",
                   .kind = Kind::kDate,
                   .placeholder = "DATE",
                   .text = "first bar traded or written; earlier bars are still read as history"},
                  [](const Settings& s, RunConfig& c) { c.load.from = s.date("from"); },
                  [](const RunConfig& c) { return shown_date(c.load.from); }});
  rows.push_back(
      {{.key = "to", .kind = Kind::kDate, .placeholder = "DATE", .text = "last bar read"},
       [](const Settings& s, RunConfig& c) { c.load.to = s.date("to"); },
       [](const RunConfig& c) { return shown_date(c.load.to); }});
  rows.push_back({{.key = "freq",
                   .kind = Kind::kChoice,
                   .text = "spacing of the bars; sets the periods a year and the file suffix",
                   .choices = {"1d", "5min"}},
                  [](const Settings& s, RunConfig& c) {
                    c.load.frequency =
                        s.text("freq") == "1d" ? Frequency::kDaily : Frequency::kFiveMinutes;
                  },
                  [](const RunConfig& c) { return std::string(suffix(c.load.frequency)); }});
  rows.push_back({{.key = "strict",
                   .kind = Kind::kSwitch,
                   .text = "any finding of the validation ends the run"},
                  [](const Settings& s, RunConfig& c) {
                    c.load.strictness =
                        s.on("strict") ? market::Strictness::kStrict : market::Strictness::kReport;
                  },
                  [](const RunConfig& c) {
                    return fmt::format("{}", c.load.strictness == market::Strictness::kStrict);
                  }});
  rows.push_back(
      {{.key = "on_duplicate",
        .kind = Kind::kChoice,
        .text = "what a bar given twice with other values is: an error, or its first or last row",
        .choices = {"error", "first", "last"}},
       [](const Settings& s, RunConfig& c) {
         const std::string value = s.text("on_duplicate");
         c.load.on_duplicate = value == "first"  ? OnDuplicate::kFirst
                               : value == "last" ? OnDuplicate::kLast
                                                 : OnDuplicate::kError;
       },
       [](const RunConfig& c) -> std::string {
         return c.load.on_duplicate == OnDuplicate::kFirst  ? "first"
                : c.load.on_duplicate == OnDuplicate::kLast ? "last"
                                                            : "error";
       }});
  return rows;
}

}  // namespace

const std::vector<RunFlagRow>& bars_rows() {
  static const std::vector<RunFlagRow> rows = make_rows();
  return rows;
}

}  // namespace tickwerk::cli
