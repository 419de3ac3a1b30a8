#include "tickwerk/factor/check.h"

#include <algorithm>
#include <set>

#include "tickwerk/factor/evaluate.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::factor {
namespace {

constexpr double kUsualCostNs = 0.3;
constexpr std::size_t kBytesAtOnce = 256 << 20;  // of values of one evaluation

/// Every node that one reads, itself included.
std::vector<expr::NodeId> reads_of(const expr::Graph& graph, expr::NodeId root) {
  std::vector<char> seen(root + 1, 0);
  std::vector<expr::NodeId> found;
  seen[root] = 1;
  for (expr::NodeId id = root + 1; id-- > 0;) {  // inputs have smaller ids
    if (seen[id] == 0) continue;
    found.push_back(id);
    for (const expr::NodeId input : graph[id].inputs) seen[input] = 1;
  }
  return found;
}

std::optional<TrustedInput> trusted(const Sources& sources, const std::string& field) {
  static const std::set<std::string, std::less<>> kTested = {"open", "high", "low", "close",
                                                             "volume"};
  if (const auto join = parse_as_of(field)) {
    return TrustedInput{fmt::format("{}.{}", join->events, join->field), "events"};
  }
  if (field == "in_universe") {
    if (!sources.bars.has(field)) return {};
    return TrustedInput{field, "universe"};
  }
  if (kTested.contains(field)) return {};
  if (sources.bars.has(field)) return TrustedInput{field, "column"};
  const bool is_group =
      sources.groups != nullptr &&
      std::ranges::find(sources.groups->names, field) != sources.groups->names.end();
  if (is_group) return TrustedInput{field, "group"};
  return {};
}

/// Cross-sectional operators look at the members of the day.
bool looks_at_members(const expr::Node& node) {
  return node.op != nullptr && node.op->kind == expr::OperatorKind::kCrossSectional;
}

using LaterBars = std::map<std::string, LaterBar, std::less<>>;

/// Of the columns that the graph reads.
LaterBars find_later_bars(const Sources& sources, const expr::Graph& graph) {
  LaterBars found;
  for (const expr::Node& node : graph.nodes()) {
    if (node.kind != expr::NodeKind::kField) continue;
    const auto input = trusted(sources, node.field);
    if (!input || input->kind != "column") continue;
    if (auto later = later_bar_in(sources.bars, node.field)) found.emplace(node.field, *later);
  }
  return found;
}

std::vector<TrustedInput> trusted_inputs(const Sources& sources,
                                         const expr::Graph& graph,
                                         const LaterBars& later_bars,
                                         expr::NodeId root) {
  std::map<std::string, TrustedInput> found;
  for (const expr::NodeId id : reads_of(graph, root)) {
    const expr::Node& node = graph[id];
    std::optional<TrustedInput> input;
    if (node.kind == expr::NodeKind::kField) input = trusted(sources, node.field);
    if (looks_at_members(node)) input = trusted(sources, "in_universe");
    if (!input) continue;
    const auto later = later_bars.find(input->name);
    if (input->kind == "column" && later != later_bars.end()) input->later_bar = later->second;
    found.emplace(input->name, *input);
  }
  std::vector<TrustedInput> inputs;
  for (auto& [name, input] : found) inputs.push_back(std::move(input));
  return inputs;
}

std::vector<TrustedInput> each_once(const std::vector<CheckedDefinition>& definitions) {
  std::map<std::string, TrustedInput> found;
  for (const CheckedDefinition& checked : definitions) {
    for (const TrustedInput& input : checked.trusted) found.emplace(input.name, input);
  }
  std::vector<TrustedInput> inputs;
  for (auto& [name, input] : found) inputs.push_back(std::move(input));
  return inputs;
}

/// So many that their values on the whole data and on altered ones stay within memory.
std::size_t definitions_at_once(const market::Bars& bars) {
  const std::size_t bytes = bars.num_rows() * Panel::padded(bars.num_symbols()) * sizeof(double);
  return std::max<std::size_t>(1, kBytesAtOnce / std::max<std::size_t>(bytes, 1));
}

LeakTest test_part(const Sources& sources,
                   const expr::Graph& graph,
                   std::span<const expr::Definition> definitions,
                   const LeakOptions& options) {
  std::vector<std::int64_t> lookahead;
  std::vector<expr::Request> requests;
  for (const expr::Definition& definition : definitions) {
    const bool is_label = definition.role == expr::Role::kLabel;
    lookahead.push_back(is_label ? graph[definition.node].reach.lookahead : 0);
    requests.push_back({.node = definition.node});
  }
  // The expressions are lowered once: what is tested are values, not the compiler's repetition.
  const auto values = [&](const Sources& altered) {
    const InputPanels panels(altered, graph);
    return expr::evaluate(graph, requests, panels.inputs()).numbers;
  };
  return find_leaks(sources, lookahead, values, options);
}

}  // namespace

Verdict CheckedDefinition::verdict() const noexcept {
  if (leaks.furthest) return Verdict::kLeak;
  if (leaks.num_numbers == 0) return Verdict::kNotTested;
  return trusted.empty() ? Verdict::kNoLeak : Verdict::kNoLeakFromBars;
}

bool CheckResult::has_leak() const noexcept {
  return std::any_of(definitions.begin(), definitions.end(), [](const CheckedDefinition& checked) {
    return checked.leaks.furthest.has_value();
  });
}

double cost_ns(const expr::Graph& graph, expr::NodeId node) {
  double total = 0;
  for (const expr::NodeId id : reads_of(graph, node)) {
    const expr::Operator* op = graph[id].op;
    const bool per_symbol = std::ranges::any_of(graph[id].inputs, [&graph](expr::NodeId input) {
      return graph[input].shape == expr::Shape::kPanel;
    });
    if (op == nullptr || !per_symbol) continue;
    total += op->cost != nullptr ? op->cost(graph[id].constants.data()) : kUsualCostNs;
  }
  return total;
}

CheckResult check(const Sources& sources, const expr::Module& module, const CheckOptions& options) {
  TW_ZONE("check");
  Evaluation compiled =
      compile(sources, module, {.params = options.params, .names = options.names, .run = {}});
  const std::span<const expr::Definition> all = compiled.definitions;
  const LaterBars later_bars = find_later_bars(sources, compiled.graph);
  LeakOptions leaks = options.leaks;
  for (const auto& [name, later] : later_bars) leaks.fields_ahead[name] = later.bars_ahead;
  std::vector<LeakReport> reports;
  std::vector<std::size_t> cuts;
  const std::size_t step = definitions_at_once(sources.bars);
  for (std::size_t first = 0; first < all.size(); first += step) {
    const auto part = all.subspan(first, std::min(step, all.size() - first));
    LeakTest test = test_part(sources, compiled.graph, part, leaks);
    reports.insert(reports.end(), test.subjects.begin(), test.subjects.end());
    cuts = std::move(test.cuts);
  }
  CheckResult result{.definitions = {},
                     .trusted = {},
                     .cuts = std::move(cuts),
                     .seed = options.leaks.seed,
                     .warnings = std::move(compiled.warnings)};
  for (std::size_t i = 0; i < compiled.definitions.size(); ++i) {
    const expr::NodeId node = compiled.definitions[i].node;
    result.definitions.push_back(
        {.definition = std::move(compiled.definitions[i]),
         .reach = compiled.graph[node].reach,
         .leaks = reports[i],
         .cost_ns = cost_ns(compiled.graph, node),
         .trusted = trusted_inputs(sources, compiled.graph, later_bars, node)});
  }
  result.trusted = each_once(result.definitions);
  return result;
}

}  // namespace tickwerk::factor
