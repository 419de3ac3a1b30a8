#include "tickwerk/factor/evaluate.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "tickwerk/base/error.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::factor {
namespace {

constexpr std::size_t kShownNames = 8;

const market::Events& events_named(const Sources& sources, std::string_view name) {
  const auto found = std::find_if(sources.events.begin(), sources.events.end(),
                                  [name](const market::Events& one) { return one.name == name; });
  if (found != sources.events.end()) return *found;
  throw Error(Code::kNotFound,
              fmt::format("events must be given (--events NAME=FILE), found no '{}'", name));
}

bool has_group(const Sources& sources, std::string_view name) {
  if (sources.groups == nullptr) return false;
  const auto& names = sources.groups->names;
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string listed(const std::vector<std::string>& names) {
  const std::size_t num_shown = std::min(names.size(), kShownNames);
  const auto end = names.begin() + static_cast<std::ptrdiff_t>(num_shown);
  const std::string more =
      names.size() > num_shown ? fmt::format(" and {} more", names.size() - num_shown) : "";
  return fmt::format("{}{}", fmt::join(names.begin(), end, ", "), more);
}

}  // namespace

std::optional<AsOfField> parse_as_of(std::string_view name) {
  if (!name.starts_with("asof(") || !name.ends_with(')')) return {};
  const std::string_view inside = name.substr(5, name.size() - 6);
  const std::size_t dot = inside.find('.');
  const std::size_t comma = inside.find(',');
  if (dot == std::string_view::npos || comma == std::string_view::npos || comma < dot) return {};
  AsOfField field{.events = std::string(inside.substr(0, dot)),
                  .field = std::string(inside.substr(dot + 1, comma - dot - 1))};
  const std::string_view age = inside.substr(comma + 1);
  const auto [end, error] =
      std::from_chars(age.data(), age.data() + age.size(), field.max_age_days);
  if (error != std::errc() || end != age.data() + age.size()) return {};
  return field;
}

InputPanels::InputPanels(const Sources& sources, const expr::Graph& graph) {
  const market::Bars& bars = sources.bars;
  inputs_.num_rows = bars.num_rows();
  inputs_.num_symbols = bars.num_symbols();
  inputs_.bar = bars.close().view();
  for (const auto& [name, panel] : bars.fields) {
    if (name == "in_universe") {
      inputs_.in_universe = panel.view();
    } else {
      inputs_.fields.emplace(name, panel.view());
    }
  }
  for (const expr::Node& node : graph.nodes()) {
    if (node.kind != expr::NodeKind::kField || inputs_.fields.contains(node.field)) continue;
    if (const auto join = parse_as_of(node.field)) {
      made_.push_back(market::as_of(events_named(sources, join->events), join->field,
                                    join->max_age_days, bars.times));
    } else if (has_group(sources, node.field)) {
      made_.push_back(market::group_codes(*sources.groups, node.field, bars.times));
    } else {
      continue;
    }
    inputs_.fields.emplace(node.field, made_.back().view());
  }
}

std::vector<std::string> warnings_about(const Sources& sources,
                                        const expr::Graph& graph,
                                        std::span<const expr::Definition> definitions) {
  std::vector<std::string> warnings;
  std::vector<std::string> of_level;
  std::vector<std::string> too_long;
  const auto num_rows = static_cast<std::int64_t>(sources.bars.num_rows());
  for (const expr::Definition& definition : definitions) {
    if (definition.depends_on_level) of_level.push_back(definition.name);
    const expr::Node& node = graph[definition.node];
    if (node.shape == expr::Shape::kConstant || node.reach.lookback < num_rows) continue;
    too_long.push_back(fmt::format("{} ({} bars)", definition.name, node.reach.lookback));
  }
  if (!of_level.empty() && sources.bars.adjustment != market::Adjustment::kRaw) {
    const bool adjusted = sources.bars.adjustment == market::Adjustment::kAdjusted;
    warnings.push_back(
        fmt::format("{} {} on the level of prices: {} later splits and dividends", listed(of_level),
                    of_level.size() == 1 ? "depends" : "depend",
                    adjusted ? "adjusted ones know"
                             : "if they are adjusted, which the input does not say, they know"));
  }
  if (!too_long.empty()) {
    warnings.push_back(
        fmt::format("windows longer than the {} rows of the data give NaN, but where fewer values "
                    "may do (min_count): {}",
                    num_rows, listed(too_long)));
  }
  return warnings;
}

Evaluation compile(const Sources& sources,
                   const expr::Module& module,
                   const EvaluateOptions& options) {
  TW_ZONE("compile");
  Evaluation evaluation;
  const expr::LowerOptions lower{.fields = field_table(sources), .params = options.params};
  evaluation.definitions = options.names.empty()
                               ? expr::lower_all(module, lower, evaluation.graph)
                               : expr::lower_named(module, options.names, lower, evaluation.graph);
  evaluation.warnings = warnings_about(sources, evaluation.graph, evaluation.definitions);
  return evaluation;
}

Evaluation evaluate(const Sources& sources,
                    const expr::Module& module,
                    const EvaluateOptions& options) {
  TW_ZONE("evaluate");
  Evaluation evaluation = compile(sources, module, options);
  const InputPanels panels(sources, evaluation.graph);
  std::vector<expr::Request> requests;
  for (const expr::Definition& definition : evaluation.definitions) {
    requests.push_back({.node = definition.node});
  }
  evaluation.values =
      expr::evaluate(evaluation.graph, requests, panels.inputs(), options.run).numbers;
  return evaluation;
}

}  // namespace tickwerk::factor
