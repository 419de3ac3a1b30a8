#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <memory>
#include <mutex>

#include "tickwerk/base/nearest.h"
#include "tickwerk/expr/lower.h"
#include "tickwerk/expr/names.h"
#include "tickwerk/expr/parameter.h"
#include "tickwerk/expr/parser.h"

namespace tickwerk::expr {
namespace {

constexpr std::size_t kMaxRepeated = 32;

/// Definitions of derived operators, each parsed once in a process.
const ParsedExpression& parsed_definition(const Operator& op) {
  static std::mutex guard;
  static std::unordered_map<const Operator*, ParsedExpression> parsed;
  const std::lock_guard lock(guard);
  const auto known = parsed.find(&op);
  if (known != parsed.end()) return known->second;
  return parsed
      .emplace(&op, parse_expression(
                        {fmt::format("definition of {}", op.name), std::string(op.definition)},
                        Dialect::kRegistry))
      .first->second;
}

/// What the kernel itself makes of constants: the same bits as where they are not folded.
double folded(const Operator& op,
              std::span<const double> inputs,
              std::span<const double> constants) {
  constexpr std::size_t kValues = kernel::kTileBlock * kernel::kTileLanes;
  struct alignas(64) Tile {
    std::array<double, kValues> values;
  };
  std::vector<Tile> tiles(inputs.size() + 1);
  std::vector<const double*> pointers;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    tiles[i].values.fill(inputs[i]);
    pointers.push_back(tiles[i].values.data());
  }
  op.tile({.inputs = pointers.data(),
           .out = tiles.back().values.data(),
           .num_bars = kernel::kTileBlock,
           .constants = constants.data(),
           .state = nullptr,
           .num_inputs = inputs.size()});
  const double result = tiles.back().values[0];
  return std::isnan(result) ? std::numeric_limits<double>::quiet_NaN() : result;  // one NaN only
}

}  // namespace

Value Lowering::call_asof(const Scope& scope,
                          const syntax::Expr& expr,
                          syntax::Body body,
                          const std::vector<Value>& values) {
  constexpr std::string_view kSignature = "asof(earnings.eps, max_age=0)";
  const auto arguments = scope.tree->arguments_of(expr);
  const auto refuse = [&](syntax::Span span, std::string message) {
    fail(scope, span, {std::move(message), std::string(kSignature)});
  };
  if (arguments.empty() || arguments.size() > 2) {
    refuse(expr.span, fmt::format("asof takes an event field and a max_age: {} arguments given",
                                  arguments.size()));
  }
  const syntax::Expr& event = scope.tree->exprs[arguments[0].value];
  if (event.kind != syntax::ExprKind::kEvent || !arguments[0].name.empty()) {
    refuse(event.span, fmt::format("the first argument of asof must be an event field: {}",
                                   quoted_text(scope.tree->text_of(event.span))));
  }
  if (!options_.fields.events.contains(event.name)) {
    std::vector<std::string> names;
    for (const auto& entry : options_.fields.events) names.push_back(entry.first);
    fail(scope, event.span,
         {fmt::format("the events must have the field {}{}", event.name,
                      nearest_hint(event.name, names)),
          names.empty() ? fmt::format("--events {}=FILE gives them",
                                      event.name.substr(0, event.name.find('.')))
                        : fmt::format("event fields are: {}", fmt::join(names, ", ")),
          Code::kNotFound});
  }
  double max_age = 0;
  if (arguments.size() == 2) {
    const syntax::Span span = scope.tree->exprs[arguments[1].value].span;
    if (!arguments[1].name.empty() && arguments[1].name != "max_age") {
      refuse(arguments[1].name_span, fmt::format("asof has no parameter {}", arguments[1].name));
    }
    const Value& value = values[arguments[1].value - body.first];
    max_age = value.number;
    const bool whole = value.kind == Value::Kind::kConstant && max_age >= 0 &&
                       max_age <= kMaxBars && max_age == std::floor(max_age);
    if (!whole) {
      refuse(span, fmt::format("max_age of asof must be a constant whole number of days, 0 for "
                               "any age: {}",
                               quoted_text(scope.tree->text_of(span))));
    }
  }
  return {Value::Kind::kSeries, ResultType::kNumber, 0,
          graph_.field(fmt::format("asof({},{})", event.name, static_cast<std::int64_t>(max_age)),
                       Shape::kPanel)};
}

Value Lowering::call_operator(const Scope& scope,
                              const syntax::Expr& expr,
                              const Operator& op,
                              syntax::Body body,
                              const std::vector<Value>& values) {
  std::vector<Bound> bound = bind(scope, expr, op, body, values);
  bind_defaults(scope, expr, op, bound);
  for (const Bound& argument : bound) check_argument(scope, op, bound, argument);
  check_shapes(scope, expr, op, bound);

  const bool grouped = std::any_of(bound.begin(), bound.end(), [&](const Bound& argument) {
    return op.parameters[argument.parameter].kind == ParameterKind::kGroup &&
           op.parameters[argument.parameter].optional;
  });
  if (grouped) {
    if (const Operator* twin = find_operator(fmt::format("${}_by", op.name))) {
      std::vector<Bound> moved;
      for (std::size_t i = 0; i < twin->parameters.size(); ++i) {
        for (const Bound& argument : bound) {
          if (op.parameters[argument.parameter].name != twin->parameters[i].name) continue;
          moved.push_back({i, argument.value, argument.span});
        }
      }
      return twin->definition.empty() ? apply(*twin, moved)
                                      : expand_operator(scope, expr, *twin, moved);
    }
  }
  const bool unmoved = op.name == "$offset" && bound[1].value.number == 0;
  if (unmoved) return bound[0].value;
  return op.definition.empty() ? apply(op, bound) : expand_operator(scope, expr, op, bound);
}

std::vector<Lowering::Bound> Lowering::bind(const Scope& scope,
                                            const syntax::Expr& expr,
                                            const Operator& op,
                                            syntax::Body body,
                                            const std::vector<Value>& values) {
  const auto refuse = [&](syntax::Span span, const std::string& message) {
    const std::string_view other = foreign_hint(op.name);
    fail(scope, span, {message, other.empty() ? signature(op) : std::string(other)});
  };
  std::vector<Bound> bound;
  std::size_t position = 0;
  for (const syntax::Argument& argument : scope.tree->arguments_of(expr)) {
    const syntax::Span span = scope.tree->exprs[argument.value].span;
    std::size_t index = op.parameters.size();
    if (argument.name.empty()) {
      const bool stays = position > 0 && op.parameters[position - 1].repeats;
      index = stays ? position - 1 : position++;
    } else {
      index = parameter_index(op, argument.name);
      if (index == op.parameters.size()) {
        std::vector<std::string> names;
        for (const Parameter& parameter : op.parameters) names.emplace_back(parameter.name);
        refuse(argument.name_span, fmt::format("{} has no parameter {}{}", op.name, argument.name,
                                               nearest_hint(argument.name, names)));
      }
    }
    if (index >= op.parameters.size()) {
      refuse(span, fmt::format("{} takes at most {} arguments: {} given", shown_name(op),
                               op.parameters.size(), expr.num_arguments));
    }
    const Parameter& parameter = op.parameters[index];
    if (argument.name.empty() && parameter.kind == ParameterKind::kGroup && parameter.optional) {
      refuse(span, fmt::format("a group must be given by name: {}={}", parameter.name,
                               quoted_text(scope.tree->text_of(span))));
    }
    const auto same = std::count_if(bound.begin(), bound.end(),
                                    [&](const Bound& other) { return other.parameter == index; });
    if (same > 0 && !parameter.repeats) {
      refuse(span, fmt::format("{} of {} must be given once", parameter.name, shown_name(op)));
    }
    if (static_cast<std::size_t>(same) >= kMaxRepeated) {
      refuse(span, fmt::format("{} takes at most {} arguments of one kind", op.name, kMaxRepeated));
    }
    bound.push_back({index, values[argument.value - body.first], span});
  }
  std::stable_sort(bound.begin(), bound.end(),
                   [](const Bound& a, const Bound& b) { return a.parameter < b.parameter; });
  return bound;
}

void Lowering::bind_defaults(const Scope& scope,
                             const syntax::Expr& expr,
                             const Operator& op,
                             std::vector<Bound>& bound) {
  for (std::size_t i = 0; i < op.parameters.size(); ++i) {
    const Parameter& parameter = op.parameters[i];
    const auto at = std::lower_bound(
        bound.begin(), bound.end(), i,
        [](const Bound& argument, std::size_t index) { return argument.parameter < index; });
    if ((at != bound.end() && at->parameter == i) || parameter.optional) continue;
    const std::string_view text = parameter.default_text;
    if (text.empty()) {
      const std::string_view other = foreign_hint(op.name);
      fail(scope, expr.span,
           {fmt::format("{} of {} must be given", parameter.name, shown_name(op)),
            other.empty() ? signature(op) : std::string(other)});
    }
    Bound missing{i, {}, expr.span};
    const auto [end, problem] =
        std::from_chars(text.data(), text.data() + text.size(), missing.value.number);
    if (problem != std::errc() || end != text.data() + text.size()) {
      const std::size_t earlier = parameter_index(op, text);
      if (earlier < i) {
        missing.value = std::find_if(bound.begin(), bound.end(), [&](const Bound& argument) {
                          return argument.parameter == earlier;
                        })->value;
      } else {
        syntax::Expr field = expr;
        field.kind = syntax::ExprKind::kName;
        field.name = text;
        missing.value = lower_field(scope, field);
      }
    }
    bound.insert(at, missing);
  }
}

Value Lowering::expand_operator(const Scope& scope,
                                const syntax::Expr& expr,
                                const Operator& op,
                                const std::vector<Bound>& bound) {
  const ParsedExpression& definition = parsed_definition(op);
  Arguments arguments;
  for (const Bound& argument : bound) {
    arguments.emplace_back(op.parameters[argument.parameter].name, argument.value);
  }
  Scope inside;
  inside.tree = definition.tree.get();
  inside.tree_index = file_.trees.size();
  inside.owner = Owner::kRegistry;
  inside.role = scope.role;
  inside.arguments = &arguments;
  inside.caller = &scope;
  inside.call = expr.span;
  inside.depth = scope.depth + 1;
  return expand(inside, &op, definition.body);
}

Value Lowering::apply(const Operator& op, const std::vector<Bound>& bound) {
  std::vector<double> constants;
  std::vector<const Value*> inputs;
  bool fold = op.kind == OperatorKind::kElementWise && op.tile != nullptr;
  for (const Bound& argument : bound) {
    if (is_number(op.parameters[argument.parameter].kind)) {
      constants.push_back(argument.value.number);
      continue;
    }
    fold = fold && argument.value.kind == Value::Kind::kConstant;
    inputs.push_back(&argument.value);
  }
  if (fold) {
    std::vector<double> numbers;
    bool conditions = op.keeps_conditions;
    for (const Value* input : inputs) {
      numbers.push_back(input->number);
      conditions = conditions && input->type == ResultType::kCondition;
    }
    return Value::constant(folded(op, numbers, constants),
                           conditions ? ResultType::kCondition : op.type);
  }
  std::vector<NodeId> nodes;
  for (const Value* input : inputs) nodes.push_back(node_of(*input));
  const NodeId node = graph_.apply(op, std::move(nodes), std::move(constants));
  return {Value::Kind::kSeries, graph_[node].type, 0, node};
}

}  // namespace tickwerk::expr
