#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "tickwerk/expr/lower.h"
#include "tickwerk/expr/parameter.h"

namespace tickwerk::expr {
namespace {

/// The bars back of `delay`, `delta` and of the returns, which have no window.
bool counts_back(const Operator& op, const Parameter& parameter) {
  return op.kind == OperatorKind::kTimeSeries && parameter.kind == ParameterKind::kCount &&
         parameter.name == "n" && op.name != "ahead";
}

std::string ahead_hint(std::string_view series, std::string_view bars) {
  const std::string x = series.find_first_of(" +-*/^<>=") == std::string_view::npos
                            ? quoted_text(series)
                            : fmt::format("({})", quoted_text(series));
  return fmt::format(
      "n counts bars back; {}[+{}] reads ahead, in labels only: "
      "`label name = {}[+{}] / {} - 1`",
      x, bars, x, bars, x);
}

}  // namespace

void Lowering::check_argument(const Scope& scope,
                              const Operator& op,
                              const std::vector<Bound>& bound,
                              const Bound& argument) const {
  const Parameter& parameter = op.parameters[argument.parameter];
  const Value& value = argument.value;
  const bool group = value.kind == Value::Kind::kGroup;
  const bool event = value.kind == Value::Kind::kEvent;
  const bool number = parameter.kind == ParameterKind::kCondition &&
                      value.type != ResultType::kCondition && !group && !event;
  if (!event && !number && group == (parameter.kind == ParameterKind::kGroup)) {
    if (is_number(parameter.kind)) check_number(scope, op, bound, argument);
    return;
  }
  const std::string text = quoted_text(scope.tree->text_of(argument.span));
  const std::string place = op.name.starts_with('$')
                                ? fmt::format("what '{}' takes", shown_name(op))
                                : fmt::format("{} of {}", parameter.name, op.name);
  if (event) {
    fail(scope, argument.span,
         {fmt::format("an event field must stand in asof(...): {}", text),
          fmt::format("asof({}) is its last value known at the close", text)});
  }
  if (group) {
    fail(scope, argument.span,
         {fmt::format("{} must be a number or a condition: {} is a group", place, text),
          fmt::format("groups stand in calls: cs_rank(x, by={})", text)});
  }
  if (number) {
    fail(scope, argument.span,
         {fmt::format("{} must be a condition: {} is a number", place, text),
          fmt::format("compare it: {} > 0", text)});
  }
  std::vector<std::string_view> names;
  for (const auto& entry : options_.fields.groups) names.push_back(entry.first);
  fail(scope, argument.span,
       {fmt::format("{} must be a group: {} is none", place, text),
        names.empty() ? std::string(kGroupsHint)
                      : fmt::format("groups are: {}", fmt::join(names, ", "))});
}

void Lowering::check_number(const Scope& scope,
                            const Operator& op,
                            const std::vector<Bound>& bound,
                            const Bound& argument) const {
  const Parameter& parameter = op.parameters[argument.parameter];
  const Value& value = argument.value;
  const auto place = [&] {
    return op.name == "$offset" ? "an offset"
                                : fmt::format("{} of {}", parameter.name, shown_name(op));
  };
  if (value.kind != Value::Kind::kConstant || value.type != ResultType::kNumber) {
    fail(scope, argument.span,
         {fmt::format("{} must be a constant number: {}", place(),
                      quoted_text(scope.tree->text_of(argument.span))),
          op.name == "$offset"
              ? "a number, a param or a computation with both"
              : fmt::format("{}, where {} is a number or a param", signature(op), parameter.name)});
  }
  Bounds bounds = bounds_of(parameter);
  const std::size_t earlier = parameter_index(op, parameter.default_text);
  if (is_whole_number(parameter.kind) && earlier < argument.parameter) {  // min_count=n
    for (const Bound& other : bound) {
      if (other.parameter == earlier) bounds.high = std::min(bounds.high, other.value.number);
    }
  }
  const bool whole = !is_whole_number(parameter.kind) || value.number == std::floor(value.number);
  if (whole && value.number >= bounds.low && value.number <= bounds.high) return;
  const auto shown = [](double number) {
    return std::abs(number) < 1e15 && number == std::floor(number)
               ? fmt::format("{}", static_cast<std::int64_t>(number))
               : fmt::format("{}", number);
  };
  const std::string range =
      std::abs(bounds.low) >= 1e300 && std::abs(bounds.high) >= 1e300
          ? std::string("a number")
          : fmt::format("{} in [{}, {}]",
                        is_whole_number(parameter.kind) ? "a whole number" : "a number",
                        bounds.low <= -1e300 ? "-inf" : shown(bounds.low),
                        bounds.high >= 1e300 ? "inf" : shown(bounds.high));
  fail(scope, argument.span,
       {fmt::format("{} must be {}: {}", place(), range, shown(value.number)),
        counts_back(op, parameter) && value.number < 0
            ? ahead_hint(scope.tree->text_of(bound.front().span), shown(-value.number))
            : std::string()});
}

void Lowering::check_shapes(const Scope& scope,
                            const syntax::Expr& expr,
                            const Operator& op,
                            const std::vector<Bound>& bound) const {
  if (op.kind == OperatorKind::kElementWise) return;
  const Bound* widest = nullptr;
  Shape shape = Shape::kConstant;
  for (const Bound& argument : bound) {
    const ParameterKind kind = op.parameters[argument.parameter].kind;
    if (kind != ParameterKind::kSeries && kind != ParameterKind::kCondition) continue;
    const bool series = argument.value.kind == Value::Kind::kSeries;
    const Shape own = series ? graph_[argument.value.node].shape : Shape::kConstant;
    if (widest == nullptr || own > shape) {
      widest = &argument;
      shape = own;
    }
    if (op.kind != OperatorKind::kCrossSectional || scope.role == Role::kLabel) continue;
    if (lookahead(argument.value) <= 0) continue;
    fail(scope, argument.span,
         {fmt::format("a factor must not read the future: {} compares values {} {} ahead",
                      shown_name(op), lookahead(argument.value),
                      lookahead(argument.value) == 1 ? "bar" : "bars"),
          "no later offset repairs it, since symbols with gaps read further ahead by date"});
  }
  if (widest == nullptr) return;
  const bool daily = op.kind == OperatorKind::kCrossSectional && shape == Shape::kDaily;
  if (shape != Shape::kConstant && !daily) return;
  const std::string text = quoted_text(scope.tree->text_of(widest->span));
  if (shape == Shape::kConstant) {
    fail(scope, widest->span,
         {fmt::format("{} must have a series: {} is a constant",
                      op.name == "$offset" ? "an offset" : shown_name(op), text),
          op.parameters.size() > 1 && op.name != "$offset" ? signature(op) : ""});
  }
  fail(scope, expr.span,
       {fmt::format("{} must have a value for each symbol: {} has one a day", shown_name(op), text),
        {}});
}

}  // namespace tickwerk::expr
