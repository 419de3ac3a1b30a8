#include "tickwerk/market/validate_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

namespace tickwerk::market {
namespace {

constexpr std::size_t kDatesShown = 3;
constexpr std::size_t kSymbolsToShare = 4;  // with the very same findings

std::string_view effect(Severity severity) {
  return severity == Severity::kMasked ? "masked" : "warning";
}

std::string place(const Finding& finding) {
  if (finding.source_row < 0) return finding.source_file;
  const std::string row = fmt::format("row {}", finding.source_row);
  return finding.source_file.empty() ? row : fmt::format("{} of {}", row, finding.source_file);
}

std::string count_of(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

/// Symbols and file names come from outside: a bar or a line break would end the cell.
std::string cell(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '|') escaped += '\\';
    escaped += c == '\n' || c == '\r' ? ' ' : c;
  }
  return escaped;
}

using Rows = std::vector<std::vector<std::string>>;

/// The first of `rows` is the heading; columns are as wide as their widest cell.
std::string markdown(const Rows& rows) {
  std::vector<std::size_t> widths(rows.front().size(), 3);
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    for (std::size_t i = 0; i < widths.size(); ++i) {
      text += fmt::format("| {:<{}} ", rows[r][i], widths[i]);
    }
    text += "|\n";
    if (r != 0) continue;
    for (const std::size_t width : widths) text += fmt::format("| {:-<{}} ", "", width);
    text += "|\n";
  }
  return text;
}

struct RuleCount {
  std::size_t findings = 0;
  std::size_t symbols = 0;
};

using Group = std::pair<std::size_t, Rule>;  // symbol and rule
using Groups = std::map<Group, std::vector<const Finding*>>;

Groups grouped(const ValidationReport& report) {
  Groups groups;
  for (const Finding& finding : report.findings) {
    groups[{finding.symbol, finding.rule}].push_back(&finding);
  }
  return groups;
}

std::map<Rule, RuleCount> counted(const Groups& groups) {
  std::map<Rule, RuleCount> counts;
  for (const auto& [group, findings] : groups) {
    counts[group.second].findings += findings.size();
    ++counts[group.second].symbols;
  }
  return counts;
}

std::string first_places(const std::vector<const Finding*>& findings, const Bars& bars) {
  std::string text;
  for (std::size_t i = 0; i < std::min(findings.size(), kDatesShown); ++i) {
    const std::string where = place(*findings[i]);
    text += fmt::format("{}{}{}", text.empty() ? "" : ", ",
                        to_string(findings[i]->time, bars.frequency),
                        where.empty() ? "" : fmt::format(" ({})", where));
  }
  if (findings.size() > kDatesShown) text += ", ...";
  return text;
}

/// Symbols whose findings of a rule have the same times and values (a session nobody has) share a
/// line.
std::string likeness(Rule rule, const std::vector<const Finding*>& findings) {
  std::string text(info(rule).name);
  for (const Finding* finding : findings) {
    text += fmt::format("\n{} {}", finding->time.ns, finding->detail);
  }
  return text;
}

Rows detail_lines(const Groups& groups, const Bars& bars) {
  std::map<std::string, std::vector<Group>> alike;
  for (const auto& [group, findings] : groups) {
    alike[likeness(group.second, findings)].push_back(group);
  }
  Rows lines{{"symbol", "rule", "effect", "findings", "first", "found first"}};
  for (const auto& [group, findings] : groups) {
    const auto& [symbol, rule] = group;
    const std::vector<Group>& same = alike[likeness(rule, findings)];
    const bool is_shared = same.size() >= kSymbolsToShare;
    if (is_shared && same.front() != group) continue;
    std::string who = bars.symbols.at(symbol);
    if (is_shared) who += fmt::format(" and {} more", same.size() - 1);
    lines.push_back({cell(who), std::string(info(rule).name),
                     std::string(effect(info(rule).severity)),
                     std::to_string(findings.size() * (is_shared ? same.size() : 1)),
                     cell(first_places(findings, bars)), cell(findings.front()->detail)});
  }
  return lines;
}

}  // namespace

std::string sentence(const Finding& finding, const Bars& bars) {
  std::string text = fmt::format("{} {}: {}", bars.symbols.at(finding.symbol),
                                 to_string(finding.time, bars.frequency), info(finding.rule).name);
  if (!finding.detail.empty()) text += fmt::format(", {}", finding.detail);
  if (const std::string where = place(finding); !where.empty()) text += fmt::format(" ({})", where);
  return text;
}

std::string validation_table(const ValidationReport& report, const Bars& bars) {
  const Groups groups = grouped(report);
  auto counts = counted(groups);
  std::string text = fmt::format("{} in {}: {}, {} masked\n", count_of(report.num_bars, "bar"),
                                 count_of(bars.num_symbols(), "symbol"),
                                 count_of(report.findings.size(), "finding"), report.num_masked);
  Rows summary{{"rule", "effect", "findings", "symbols"}};
  std::string broken;
  for (const RuleInfo& rule : rules()) {
    const RuleCount count = counts[rule.rule];
    summary.push_back({std::string(rule.name), std::string(effect(rule.severity)),
                       std::to_string(count.findings), std::to_string(count.symbols)});
    if (count.findings > 0) broken += fmt::format("- {}: {}\n", rule.name, rule.text);
  }
  text += fmt::format("\n{}", markdown(summary));
  if (report.findings.empty()) return text;
  return fmt::format("{}\n{}\n{}", text, broken, markdown(detail_lines(groups, bars)));
}

std::string validation_json(const ValidationReport& report, const Bars& bars) {
  using nlohmann::json;
  auto counts = counted(grouped(report));
  json rule_list = json::array();
  for (const RuleInfo& rule : rules()) {
    const RuleCount count = counts[rule.rule];
    rule_list.push_back({{"name", rule.name},
                         {"effect", effect(rule.severity)},
                         {"text", rule.text},
                         {"findings", count.findings},
                         {"symbols", count.symbols}});
  }
  json finding_list = json::array();
  for (const Finding& finding : report.findings) {
    finding_list.push_back(
        {{"symbol", bars.symbols.at(finding.symbol)},
         {"time", to_string(finding.time, bars.frequency)},
         {"rule", info(finding.rule).name},
         {"effect", effect(info(finding.rule).severity)},
         {"row", finding.source_row < 0 ? json() : json(finding.source_row)},
         {"file", finding.source_file.empty() ? json() : json(finding.source_file)},
         {"detail", finding.detail}});
  }
  const json document{
      {"schema", "tickwerk.validation.v1"}, {"num_symbols", bars.num_symbols()},
      {"num_times", bars.num_rows()},       {"num_bars", report.num_bars},
      {"num_masked", report.num_masked},    {"num_findings", report.findings.size()},
      {"rules", std::move(rule_list)},      {"findings", std::move(finding_list)}};
  return document.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace tickwerk::market
