#include "tickwerk/expr/reference.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "tickwerk/expr/module.h"
#include "tickwerk/expr/parameter.h"

namespace tickwerk::expr {
namespace {

constexpr double kDefaultCostNs = 0.3;

/// `$add` is written `+`, `$offset` is `x[k]`; other hidden operators stand in definitions only.
bool is_written_as_symbol(const Operator& op) {
  return op.name.starts_with('$') &&
         (op.kind == OperatorKind::kElementWise || op.name == "$offset");
}

constexpr int kShortWindow = 20;
constexpr int kLongWindow = 250;

std::string sample_argument(const Parameter& parameter, std::size_t index, int window) {
  switch (parameter.kind) {
    case ParameterKind::kSeries:
      return index == 0 ? "close" : "volume";
    case ParameterKind::kCondition:
      return index == 0 ? "close > open" : "close < open";
    case ParameterKind::kWindow:
      return std::to_string(window);
    case ParameterKind::kCount:
    case ParameterKind::kBars:
      return "5";
    default:
      return fmt::format("{}",
                         std::clamp(index % 2 == 1 ? 0.5 : 2.0, parameter.low, parameter.high));
  }
}

std::string sample_of_symbol(const Operator& op) {
  if (op.name == "$offset") return "close[-5]";
  if (op.name == "$negate") return "-close";
  if (op.name == "$not") return "not close > open";
  const bool logic = op.parameters[0].kind == ParameterKind::kCondition;
  return logic ? fmt::format("close > open {} volume > 0", shown_name(op))
               : fmt::format("close {} volume", shown_name(op));
}

std::string call_with(const Operator& op, int window) {
  if (is_written_as_symbol(op)) return sample_of_symbol(op);
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < op.parameters.size(); ++i) {
    const Parameter& parameter = op.parameters[i];
    if (parameter.optional || !parameter.default_text.empty()) continue;
    texts.push_back(sample_argument(parameter, i, window));
  }
  return fmt::format("{}({})", op.name, fmt::join(texts, ", "));
}

struct Sample {
  Graph graph;
  NodeId node = 0;
};

Sample lowered(const std::string& text) {
  Sample sample;
  const LowerOptions options{.fields = FieldTable::of_bars(), .params = {}};
  sample.node = lower_expression(Module::parse("", "sample", {}), text, "sample", Role::kLabel,
                                 options, sample.graph)
                    .node;
  return sample;
}

std::string bars(std::int64_t count) {
  return fmt::format("{} bar{}", count, count == 1 ? "" : "s");
}

std::string shown(const Reach& reach) {
  if (reach.all_history) {
    if (std::isinf(reach.half_life)) return "reads all history and forgets nothing";
    return fmt::format("reads all history, of which half is forgotten every {:.3g} bars",
                       reach.half_life);
  }
  if (reach.lookahead > 0) return fmt::format("reads {} ahead: labels only", bars(reach.lookahead));
  if (reach.lookback == 0) return "reads this bar";
  if (reach.lookahead < 0) return fmt::format("reads the bar {} back", bars(reach.lookback));
  return fmt::format("reads this bar and {} back", bars(reach.lookback));
}

double cost_ns(const Graph& graph) {
  double ns = 0;
  for (const Node& node : graph.nodes()) {
    if (node.kind != NodeKind::kOperator) continue;
    ns += node.op->cost != nullptr ? node.op->cost(node.constants.data()) : kDefaultCostNs;
  }
  return ns;
}

std::string sentence(std::string_view text) {
  return text.empty() || text.back() == '.' ? std::string(text) : fmt::format("{}.", text);
}

void add_line(std::string& out, std::string_view heading, std::string_view text) {
  if (!text.empty()) out += fmt::format("* {}: {}\n", heading, text);
}

/// What the arguments are, where the name and the default do not say it.
std::string arguments(const Operator& op) {
  std::vector<std::string> said;
  for (const Parameter& parameter : op.parameters) {
    const std::string name = fmt::format("`{}`", parameter.name);
    if (parameter.kind == ParameterKind::kCondition) said.push_back(name + " is a condition");
    if (parameter.kind == ParameterKind::kGroup) {
      said.push_back(name + " is a group, by name only");
    }
    if (parameter.repeats) said.push_back(name + " may be given more than once");
    const bool bounded = parameter.low > -1e300 && parameter.high < 1e300;
    if (is_number(parameter.kind) && parameter.kind != ParameterKind::kWindow && bounded) {
      const Bounds bounds = bounds_of(parameter);
      said.push_back(fmt::format("{} is a {}number in [{}, {}]", name,
                                 is_whole_number(parameter.kind) ? "whole " : "", bounds.low,
                                 bounds.high));
    }
  }
  return fmt::format("{}", fmt::join(said, "; "));
}

std::string entry(const Operator& op) {
  const std::string heading =
      is_written_as_symbol(op) ? std::string(op.text.formula) : signature(op);
  std::string gives = op.type == ResultType::kCondition ? " Gives a condition." : "";
  if (op.shape == ResultShape::kDaily) gives += " Gives one value a day.";
  std::string out = fmt::format("#### `{}`\n\n{}{}\n\n", heading, sentence(op.text.summary), gives);
  if (!is_written_as_symbol(op)) {
    const std::string formula = fmt::format("`{}`", op.text.formula);
    add_line(out, "formula", formula);
  }
  add_line(out, "arguments", arguments(op));
  if (!op.definition.empty() && op.definition != op.text.formula &&
      op.definition.find('$') == std::string_view::npos) {
    add_line(out, "written as", fmt::format("`{}`", op.definition));
  }
  add_line(out, "NaN", op.text.nan);
  add_line(out, "details", op.text.details);
  add_line(out, "reach and cost", reach_and_cost(op));
  add_line(out, "source", op.text.source);
  return out + "\n";
}

std::string_view section(OperatorKind kind) {
  switch (kind) {
    case OperatorKind::kElementWise:
      return "Element-wise operators";
    case OperatorKind::kTimeSeries:
      return "Time-series operators";
    case OperatorKind::kCrossSectional:
      return "Cross-sectional operators";
  }
  return "";
}

}  // namespace

std::string sample_call(const Operator& op) { return call_with(op, kShortWindow); }

std::string reach_and_cost(const Operator& op) {
  const std::string call = sample_call(op);
  const Sample sample = lowered(call);
  std::string text = fmt::format("`{}` {}, {:.2g} ns a value", call,
                                 shown(sample.graph[sample.node].reach), cost_ns(sample.graph));
  const std::string longer = call_with(op, kLongWindow);
  if (longer == call) return text;
  const std::string long_cost = fmt::format("{:.2g}", cost_ns(lowered(longer).graph));
  const bool same = long_cost == fmt::format("{:.2g}", cost_ns(sample.graph));
  text += same ? fmt::format(", also with {} bars", kLongWindow)
               : fmt::format(", {} ns with {} bars", long_cost, kLongWindow);
  return text;
}

std::string operator_reference() {
  std::string out;
  for (const OperatorKind kind :
       {OperatorKind::kElementWise, OperatorKind::kTimeSeries, OperatorKind::kCrossSectional}) {
    out += fmt::format("### {}\n\n", section(kind));
    for (const Operator& op : operators()) {
      if (op.kind != kind || (op.name.starts_with('$') && !is_written_as_symbol(op))) continue;
      out += entry(op);
    }
  }
  out.pop_back();
  return out;
}

}  // namespace tickwerk::expr
