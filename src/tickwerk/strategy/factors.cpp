#include "tickwerk/strategy/factors.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

#include "tickwerk/base/parallel.h"
#include "tickwerk/factor/catalogue.h"
#include "tickwerk/factor/evaluate.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::strategy {
namespace {

using expr::Format;
using expr::NodeId;

constexpr std::size_t kRowsPerTask = 256;
constexpr std::array<std::string_view, 4> kKeys = {"long", "short", "score", "overlay"};

/// The nodes one strategy asks for.
struct Wanted {
  std::optional<NodeId> long_condition;
  std::optional<NodeId> short_condition;
  std::optional<NodeId> score;
  std::optional<NodeId> volatility;
  std::optional<NodeId> volume_ratio;
  std::vector<std::string> warnings;
};

bool needs_score(const StrategySpec& spec) {
  return spec.top_n > 0 || spec.weights == Weighting::kScore || spec.weights == Weighting::kRank;
}

std::string name_hint(std::string_view name) {
  const std::string set = factor::catalogue_set_of(name);
  return set.empty() ? factor::catalogue_hint(name)
                     : fmt::format("{} is in the set {}: add `import: [{}]`", name, set, set);
}

/// Lowers strategies into one graph and remembers each wanted node once.
class Lowering {
 public:
  explicit Lowering(const factor::Sources& sources) : sources_(sources) {
    options_.fields = factor::field_table(sources);
    options_.hint = name_hint;
  }

  Wanted lower(const Strategy& strategy) {
    options_.params = strategy.spec.params;
    const StrategySpec& spec = strategy.spec;
    std::optional<NodeId> nodes[kKeys.size()];
    std::vector<expr::Definition> definitions;
    for (const expr::Definition& found : expr::lower_all(strategy.module, options_, graph_)) {
      const auto key = std::ranges::find(kKeys, found.name);
      if (key == kKeys.end()) continue;
      if (*key != "score") require_condition(found);
      nodes[key - kKeys.begin()] = found.node;
      definitions.push_back(found);
    }
    auto& [long_condition, short_condition, score, overlay] = nodes;
    Wanted wanted;
    wanted.warnings = factor::warnings_about(sources_, graph_, definitions);
    for (auto [from, to] : {std::pair(&long_condition, &wanted.long_condition),
                            std::pair(&short_condition, &wanted.short_condition)}) {
      if (!*from) continue;
      *to = panel_of(overlay ? apply("$and", {**from, *overlay}) : **from);
    }
    if (needs_score(spec)) wanted.score = panel_of(score.value());
    if (spec.weights == Weighting::kInverseVol) {
      wanted.volatility = lower_text(
          strategy, fmt::format("ts_std(log_ret(close), {})", spec.inverse_vol_window), "weights");
    }
    if (spec.min_volume_ratio > 0) {
      wanted.volume_ratio =
          lower_text(strategy, "volume / ts_mean(volume, 20)", "min_volume_ratio");
    }
    return wanted;
  }

  /// Definitions of imported texts that the strategy reads and the store keeps, each node once.
  std::vector<expr::Definition> imported(const Strategy& strategy) {
    options_.params = strategy.spec.params;
    std::vector<expr::Definition> definitions =
        expr::lower_imported(strategy.module, options_, graph_);
    std::set<NodeId> seen;
    std::erase_if(definitions, [&](const expr::Definition& definition) {
      return graph_[definition.node].kind != expr::NodeKind::kOperator ||
             graph_[definition.node].type != expr::ResultType::kNumber ||
             !factor::can_be_stored(graph_, definition) || !seen.insert(definition.node).second;
    });
    return definitions;
  }

  const expr::Graph& graph() const { return graph_; }

 private:
  void require_condition(const expr::Definition& found) const {
    if (graph_[found.node].type == expr::ResultType::kCondition) return;
    throw Error(Code::kInvalidArgument,
                fmt::format("{}: {} must be a condition, found the number '{}': compare it",
                            found.place, found.name, found.text));
  }

  NodeId apply(std::string_view name, std::vector<NodeId> inputs) {
    const expr::Operator* op = expr::find_operator(name);
    TW_CHECK((op != nullptr), ==, true);
    return graph_.apply(*op, std::move(inputs), {});
  }

  /// A value per symbol: what is the same for all is it where there is a bar.
  NodeId panel_of(NodeId node) {
    if (graph_[node].shape == expr::Shape::kPanel) return node;
    const NodeId close = graph_.field("close", expr::Shape::kPanel);
    const NodeId has_bar = apply("$equal", {close, close});
    if (graph_[node].type == expr::ResultType::kCondition) return apply("$and", {node, has_bar});
    return apply("where", {has_bar, node, graph_.constant(kNaN)});
  }

  NodeId lower_text(const Strategy& strategy, std::string_view text, std::string_view name) {
    return expr::lower_expression(strategy.module, text, name, expr::Role::kFactor, options_,
                                  graph_)
        .node;
  }

  const factor::Sources& sources_;
  expr::LowerOptions options_;
  expr::Graph graph_;
};

/// Values that are there before anything is evaluated.
struct Known {
  std::map<NodeId, std::string> fields;  // under which a node's values are read
  std::map<std::string, Panel> values;
  std::map<std::string, std::vector<double>> daily;  // of those with one value a day
  factor::StoreReport report;
};

Known read_known(const Strategy& strategy,
                 Lowering& lowering,
                 const factor::Sources& sources,
                 const factor::StoreConfig& store) {
  Known known;
  const std::vector<expr::Definition> definitions = lowering.imported(strategy);
  if (definitions.empty()) return known;
  const factor::InputPanels panels(sources, lowering.graph());
  factor::StoredValues stored =
      factor::read_stored(sources.bars, panels.inputs(), lowering.graph(), definitions, store);
  for (std::size_t i = 0; i < definitions.size(); ++i) {
    const std::string name = fmt::format("store({})", definitions[i].name);
    known.fields.emplace(definitions[i].node, name);
    Panel& values = stored.values[i];
    if (lowering.graph()[definitions[i].node].shape == expr::Shape::kDaily) {
      std::vector<double>& days = known.daily[name];
      for (std::size_t t = 0; t < values.num_rows(); ++t) days.push_back(values(t, 0));
    }
    known.values.emplace(name, std::move(values));
  }
  known.report = std::move(stored.report);
  return known;
}

/// The wanted nodes evaluated in one call, each once however many strategies want it.
class Evaluated {
 public:
  Evaluated(const Lowering& lowering,
            std::span<const Wanted> all,
            const factor::Sources& sources,
            const Known& known) {
    for (const Wanted& wanted : all) {
      for (const auto& node : {wanted.long_condition, wanted.short_condition}) {
        if (node) ++num_uses_[*node];
        ask(node, Format::kConditions);
      }
      for (const auto& node : {wanted.score, wanted.volatility, wanted.volume_ratio}) {
        ask(node, Format::kNumbers);
      }
    }
    expr::Values values = evaluate(lowering.graph(), sources, known);
    conditions_ = std::move(values.conditions);
    for (Panel& panel : values.numbers) {
      numbers_.push_back(panel.empty() ? nullptr : std::make_shared<Panel>(std::move(panel)));
    }
  }

  std::shared_ptr<const Panel> numbers(const std::optional<NodeId>& node) const {
    return node ? numbers_[place_.at({*node, Format::kNumbers})] : nullptr;
  }

  /// The panel itself for the last that uses it, a copy for those before.
  expr::ConditionPanel condition(NodeId node) {
    expr::ConditionPanel& found = conditions_[place_.at({node, Format::kConditions})];
    if (--num_uses_[node] == 0) return std::move(found);
    expr::ConditionPanel copy(found.num_rows(), found.num_symbols());
    std::copy_n(found.row(0), found.num_rows() * found.stride(), copy.row(0));
    return copy;
  }

 private:
  expr::Values evaluate(const expr::Graph& graph,
                        const factor::Sources& sources,
                        const Known& known) const {
    if (known.values.empty()) {
      const factor::InputPanels panels(sources, graph);
      return expr::evaluate(graph, requests_, panels.inputs());
    }
    const expr::Substituted substituted = expr::substitute(graph, known.fields);
    const factor::InputPanels panels(sources, substituted.graph);
    expr::Inputs inputs = panels.inputs();
    for (const auto& [name, panel] : known.values) {
      if (panel.num_symbols() == inputs.num_symbols) {
        inputs.fields.emplace(name, panel.view());
      }
    }
    for (const auto& [name, days] : known.daily) inputs.daily.emplace(name, days);
    std::vector<expr::Request> requests = requests_;
    for (expr::Request& request : requests) request.node = substituted.node_of[request.node];
    return expr::evaluate(substituted.graph, requests, inputs);
  }

  void ask(const std::optional<NodeId>& node, Format format) {
    if (!node || !place_.emplace(std::pair(*node, format), requests_.size()).second) return;
    requests_.push_back({*node, format});
  }

  std::vector<expr::Request> requests_;
  std::map<std::pair<NodeId, Format>, std::size_t> place_;
  std::map<NodeId, int> num_uses_;
  std::vector<expr::ConditionPanel> conditions_;
  std::vector<std::shared_ptr<const Panel>> numbers_;
};

/// [condition of long][condition of short], each false, true, NaN.
constexpr std::int8_t kDirections[3][3] = {
    {kFlat, kShort, kKeep}, {kLong, kFlat, kKeep}, {kKeep, kKeep, kKeep}};

DirectionPanel joined(DirectionPanel longs, const expr::ConditionPanel& shorts) {
  parallel_for(longs.num_rows(), kRowsPerTask, [&](std::size_t first, std::size_t last) {
    for (std::size_t t = first; t < last; ++t) {
      std::int8_t* row = longs.row(t);
      const std::int8_t* other = shorts.row(t);
      for (std::size_t i = 0; i < longs.num_symbols(); ++i) row[i] = kDirections[row[i]][other[i]];
    }
  });
  return longs;
}

DirectionPanel direction(const Wanted& wanted, Evaluated& values) {
  static_assert(kFlat == 0 && kLong == 1 && kKeep == 2);  // what a condition panel holds
  if (!wanted.short_condition) return values.condition(*wanted.long_condition);
  DirectionPanel shorts = values.condition(*wanted.short_condition);
  DirectionPanel longs = wanted.long_condition
                             ? values.condition(*wanted.long_condition)
                             : DirectionPanel(shorts.num_rows(), shorts.num_symbols());
  return joined(std::move(longs), shorts);
}

Factors factors_of(const Wanted& wanted, Evaluated& values) {
  return {.direction = direction(wanted, values),
          .score = values.numbers(wanted.score),
          .volatility = values.numbers(wanted.volatility),
          .volume_ratio = values.numbers(wanted.volume_ratio),
          .warnings = wanted.warnings,
          .store = {}};
}

}  // namespace

Factors build_factors(const Strategy& strategy,
                      const factor::Sources& sources,
                      const std::optional<factor::StoreConfig>& store) {
  TW_ZONE("strategy::build_factors");
  Lowering lowering(sources);
  const std::vector<Wanted> wanted = {lowering.lower(strategy)};
  Known known;
  if (store) known = read_known(strategy, lowering, sources, *store);
  Evaluated values(lowering, wanted, sources, known);
  Factors factors = factors_of(wanted.front(), values);
  factors.store = std::move(known.report);
  return factors;
}

std::vector<Factors> build_factors(std::span<const Strategy> variants,
                                   const factor::Sources& sources) {
  TW_ZONE("strategy::build_factors");
  Lowering lowering(sources);
  std::vector<Wanted> all;
  all.reserve(variants.size());
  for (const Strategy& strategy : variants) all.push_back(lowering.lower(strategy));
  Evaluated values(lowering, all, sources, {});
  std::vector<Factors> result;
  result.reserve(variants.size());
  for (const Wanted& wanted : all) result.push_back(factors_of(wanted, values));
  return result;
}

Expressions expressions(const Strategy& strategy) {
  Expressions result{.module = strategy.module, .names = {}, .params = strategy.spec.params};
  for (const std::string_view key : kKeys) {
    if (strategy.defines(key)) result.names.emplace_back(key);
  }
  return result;
}

}  // namespace tickwerk::strategy
