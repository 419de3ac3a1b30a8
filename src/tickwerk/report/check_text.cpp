#include "tickwerk/report/check_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "tickwerk/io/number.h"
#include "tickwerk/report/table.h"

namespace tickwerk::report {
namespace {

using factor::CheckedDefinition;
using factor::CheckResult;

std::string number(double value) {
  if (std::isnan(value)) return "NaN";
  std::string text;
  io::append_number(text, value);
  return text;
}

std::string_view role(const expr::Definition& definition) {
  return definition.role == expr::Role::kLabel ? "label" : "factor";
}

std::string_view verdict(const CheckedDefinition& checked) {
  switch (checked.verdict()) {
    case factor::Verdict::kLeak:
      return "LEAK";
    case factor::Verdict::kNoLeak:
      return "no leak";
    case factor::Verdict::kNoLeakFromBars:
      return "no leak from bars";
    case factor::Verdict::kNotTested:
      break;
  }
  return "not tested";
}

std::string names_of(const std::vector<factor::TrustedInput>& inputs) {
  std::vector<std::string_view> names;
  for (const factor::TrustedInput& input : inputs) names.emplace_back(input.name);
  return fmt::format("{}", fmt::join(names, ", "));
}

std::string date(const market::Bars& bars, std::size_t row) {
  return to_string(bars.times[row], bars.frequency);
}

std::string half_life(const expr::Reach& reach) {
  if (!reach.all_history || reach.half_life == 0) return "";
  return std::isinf(reach.half_life) ? "forgets nothing" : fmt::format("{:.1f}", reach.half_life);
}

std::string table(const CheckResult& result, const market::Bars& bars) {
  std::vector<Column> columns = {{"name"},
                                 {"role"},
                                 {"future"},
                                 {"bars back", Align::kRight},
                                 {"bars ahead", Align::kRight},
                                 {"memory halves after", Align::kRight},
                                 {"first value"},
                                 {"ns a value", Align::kRight}};
  if (!result.trusted.empty()) columns.insert(columns.begin() + 3, Column{"trusts"});
  Table table(std::move(columns));
  for (const CheckedDefinition& checked : result.definitions) {
    const expr::Reach& reach = checked.reach;
    std::vector<std::string> cells = {
        checked.definition.name,
        std::string(role(checked.definition)),
        std::string(verdict(checked)),
        reach.all_history ? "all" : std::to_string(reach.lookback),
        std::to_string(reach.lookahead),
        half_life(reach),
        checked.leaks.first_row ? date(bars, *checked.leaks.first_row) : "none",
        fmt::format("{:.1f}", checked.cost_ns)};
    if (!result.trusted.empty()) cells.insert(cells.begin() + 3, names_of(checked.trusted));
    table.add(std::move(cells));
  }
  return table.plain();
}

nlohmann::json leak_json(const factor::Leak& leak, const market::Bars& bars) {
  nlohmann::json document = {{"trial", leak.trial == factor::Trial::kCut ? "cut" : "other_future"},
                             {"date", date(bars, leak.row)},
                             {"cut_after", date(bars, leak.last_row)},
                             {"bars_ahead", leak.bars_ahead},
                             {"value", number(leak.before)},
                             {"value_again", number(leak.after)}};
  document["symbol"] =
      leak.symbol ? nlohmann::json(bars.symbols[*leak.symbol]) : nlohmann::json(nullptr);
  return document;
}

nlohmann::json later_bar_json(const factor::TrustedInput& input) {
  if (!input.later_bar) return nullptr;
  return {{"says", input.later_bar->says},
          {"bars_ahead", input.later_bar->bars_ahead},
          {"num_equal", input.later_bar->num_equal},
          {"num_compared", input.later_bar->num_compared}};
}

/// What is trusted, and of which columns something was found out.
std::string trusted_text(const std::vector<factor::TrustedInput>& inputs) {
  std::vector<std::string> trusted;
  std::string text;
  for (const factor::TrustedInput& input : inputs) {
    if (!input.later_bar) {
      trusted.push_back(fmt::format("{} ({})", input.name, input.kind));
      continue;
    }
    const factor::LaterBar& later = *input.later_bar;
    text += fmt::format(
        "column {} repeats the {} of {} {} ahead (on {} of {} bars) and was tested as such\n",
        input.name, later.says, later.bars_ahead, later.bars_ahead == 1 ? "bar" : "bars",
        later.num_equal, later.num_compared);
  }
  if (!trusted.empty()) {
    text += fmt::format("trusted, not tested: {}\n", fmt::join(trusted, ", "));
  }
  return text;
}

nlohmann::json definition_json(const CheckedDefinition& checked, const market::Bars& bars) {
  const expr::Definition& definition = checked.definition;
  const expr::Reach& reach = checked.reach;
  nlohmann::json document = {{"name", definition.name},
                             {"role", role(definition)},
                             {"text", definition.text},
                             {"place", definition.place},
                             {"result", verdict(checked)},
                             {"lookback", reach.lookback},
                             {"lookahead", reach.lookahead},
                             {"all_history", reach.all_history},
                             {"depends_on_level", definition.depends_on_level},
                             {"cost_ns", checked.cost_ns},
                             {"trusted", nlohmann::json::array()},
                             {"values_compared", checked.leaks.num_compared},
                             {"numbers_compared", checked.leaks.num_numbers},
                             {"values_changed", checked.leaks.num_changed}};
  for (const factor::TrustedInput& input : checked.trusted) {
    document["trusted"].push_back(input.name);
  }
  const bool forgets = reach.half_life > 0 && std::isfinite(reach.half_life);
  document["half_life"] = forgets ? nlohmann::json(reach.half_life) : nlohmann::json(nullptr);
  document["first_value"] = checked.leaks.first_row
                                ? nlohmann::json(date(bars, *checked.leaks.first_row))
                                : nlohmann::json(nullptr);
  document["leak"] =
      checked.leaks.furthest ? leak_json(*checked.leaks.furthest, bars) : nlohmann::json(nullptr);
  return document;
}

}  // namespace

std::string leak_text(const factor::Leak& leak, const market::Bars& bars) {
  return fmt::format(
      "its value of {}{} was {} and became {} when the bars after {} {}: it reads at "
      "least {} {} ahead",
      date(bars, leak.row), leak.symbol ? fmt::format(" for {}", bars.symbols[*leak.symbol]) : "",
      number(leak.before), number(leak.after), date(bars, leak.last_row),
      leak.trial == factor::Trial::kCut ? "were cut off" : "were others", leak.bars_ahead,
      leak.bars_ahead == 1 ? "bar" : "bars");
}

std::string check_text(const CheckResult& result, const market::Bars& bars) {
  std::string text = table(result, bars);
  std::size_t num_compared = 0;
  for (const CheckedDefinition& checked : result.definitions) {
    num_compared += checked.leaks.num_compared;
    if (!checked.leaks.furthest) continue;
    text += fmt::format("LEAK {} ({}): {}; {} of {} values changed\n", checked.definition.name,
                        checked.definition.place, leak_text(*checked.leaks.furthest, bars),
                        checked.leaks.num_changed, checked.leaks.num_compared);
  }
  text += trusted_text(result.trusted);
  return text + fmt::format(
                    "{} values compared bit for bit after {} cuts, each once with nothing "
                    "and once with another future behind it (seed {})\n",
                    num_compared, result.cuts.size(), result.seed);
}

std::string check_json(const CheckResult& result, const market::Bars& bars) {
  nlohmann::json document = {{"definitions", nlohmann::json::array()},
                             {"trusted", nlohmann::json::array()},
                             {"cuts_after", nlohmann::json::array()},
                             {"seed", result.seed},
                             {"leak", result.has_leak()},
                             {"warnings", result.warnings}};
  for (const CheckedDefinition& checked : result.definitions) {
    document["definitions"].push_back(definition_json(checked, bars));
  }
  for (const factor::TrustedInput& input : result.trusted) {
    document["trusted"].push_back(
        {{"name", input.name}, {"kind", input.kind}, {"later_bar", later_bar_json(input)}});
  }
  for (const std::size_t row : result.cuts) document["cuts_after"].push_back(date(bars, row));
  return document.dump(2);
}

}  // namespace tickwerk::report
