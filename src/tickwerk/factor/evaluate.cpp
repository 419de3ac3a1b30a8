#include "tickwerk/factor/evaluate.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "tickwerk/base/error.h"
#include "tickwerk/factor/catalogue.h"
#include "tickwerk/market/label_columns.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::factor {
namespace {

constexpr std::size_t kShown = 8;  // definitions with a warning of their own

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

/// A sentence about a definition.
struct Said {
  std::string name;
  std::string sentence;
};

/// A sentence each, and one for those beyond kShown: a set of the catalogue has a hundred.
std::vector<std::string> first_of(const std::vector<Said>& all, std::string_view what) {
  std::vector<std::string> sentences;
  std::vector<std::string_view> names;
  for (const Said& said : all) {
    if (sentences.size() < kShown || all.size() == kShown + 1) {
      sentences.push_back(said.sentence);
    } else {
      names.emplace_back(said.name);
    }
  }
  if (!names.empty()) {
    sentences.push_back(fmt::format("{} more {}: {}", names.size(), what, fmt::join(names, ", ")));
  }
  return sentences;
}

std::string counted(std::int64_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string reads(std::int64_t back, std::int64_t ahead) {
  if (ahead == 0) return fmt::format("{} back", counted(back, "bar"));
  if (back == 0) return fmt::format("{} ahead", counted(ahead, "bar"));
  return fmt::format("{} back and {} ahead", counted(back, "bar"), ahead);
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
  std::vector<Said> of_level;
  std::vector<Said> too_far;
  const market::Adjustment adjustment = sources.bars.adjustment;
  const std::string_view why =
      adjustment == market::Adjustment::kAdjusted
          ? "adjusted ones know later splits and dividends"
          : "if they are adjusted, which the input does not say, they know later splits and "
            "dividends";
  const auto num_rows = static_cast<std::int64_t>(sources.bars.num_rows());
  for (const expr::Definition& definition : definitions) {
    const std::string& name = definition.name;
    // A label of a horizon stands on no line that a user wrote.
    const std::string place =
        market::is_label_name(name) ? std::string() : fmt::format(" ({})", definition.place);
    if (definition.depends_on_level && adjustment != market::Adjustment::kRaw) {
      of_level.push_back(
          {name, fmt::format("{} depends on the level of prices: {}{}", name, why, place)});
    }
    const expr::Node& node = graph[definition.node];
    const std::int64_t back = std::max<std::int64_t>(node.reach.lookback, 0);
    const std::int64_t ahead = std::max<std::int64_t>(node.reach.lookahead, 0);
    if (node.shape == expr::Shape::kConstant || back + ahead < num_rows) continue;
    too_far.push_back(
        {name, fmt::format("{} reads {}, more than the {} of the data allow: NaN, but where fewer "
                           "values may do (min_count){}",
                           name, reads(back, ahead), counted(num_rows, "row"), place)});
  }
  std::vector<std::string> warnings = first_of(of_level, "depend on the level of prices");
  for (std::string& more : first_of(too_far, "read more bars than the data allow")) {
    warnings.push_back(std::move(more));
  }
  return warnings;
}

Evaluation compile(const Sources& sources,
                   const expr::Module& module,
                   const EvaluateOptions& options) {
  TW_ZONE("compile");
  Evaluation evaluation;
  const expr::LowerOptions lower{
      .fields = field_table(sources), .params = options.params, .hint = catalogue_hint};
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
  std::vector<expr::Definition> to_store;
  std::vector<expr::Request> requests;
  std::vector<std::size_t> stored_places, places;
  for (std::size_t i = 0; i < evaluation.definitions.size(); ++i) {
    const expr::Definition& definition = evaluation.definitions[i];
    if (options.store && can_be_stored(evaluation.graph, definition)) {
      to_store.push_back(definition);
      stored_places.push_back(i);
    } else {
      requests.push_back({.node = definition.node});
      places.push_back(i);
    }
  }
  std::vector<Panel> evaluated =
      expr::evaluate(evaluation.graph, requests, panels.inputs(), options.run).numbers;
  evaluation.values.resize(evaluation.definitions.size());
  for (std::size_t k = 0; k < places.size(); ++k) {
    evaluation.values[places[k]] = std::move(evaluated[k]);
  }
  if (to_store.empty()) return evaluation;
  StoredValues stored =
      read_stored(sources.bars, panels.inputs(), evaluation.graph, to_store, *options.store);
  for (std::size_t k = 0; k < stored_places.size(); ++k) {
    evaluation.values[stored_places[k]] = std::move(stored.values[k]);
  }
  evaluation.store = std::move(stored.report);
  return evaluation;
}

}  // namespace tickwerk::factor
