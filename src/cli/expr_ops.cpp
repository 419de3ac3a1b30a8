#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/expressions.h"
#include "tickwerk/base/error.h"
#include "tickwerk/base/nearest.h"
#include "tickwerk/expr/operator.h"
#include "tickwerk/expr/parameter.h"
#include "tickwerk/expr/reference.h"
#include "tickwerk/report/table.h"

namespace tickwerk::cli {
namespace {

using expr::Operator;

std::vector<const Operator*> shown_operators() {
  std::vector<const Operator*> shown;
  for (const Operator& op : expr::operators()) {
    if (!op.name.starts_with('$')) shown.push_back(&op);
  }
  return shown;
}

std::string_view kind(const Operator& op) {
  switch (op.kind) {
    case expr::OperatorKind::kElementWise:
      return "element-wise";
    case expr::OperatorKind::kTimeSeries:
      return "time series";
    case expr::OperatorKind::kCrossSectional:
      return "cross-sectional";
  }
  return "";
}

std::string_view word(expr::ParameterKind kind) {
  switch (kind) {
    case expr::ParameterKind::kSeries:
      return "series";
    case expr::ParameterKind::kCondition:
      return "condition";
    case expr::ParameterKind::kGroup:
      return "group";
    case expr::ParameterKind::kNumber:
      return "number";
    case expr::ParameterKind::kWindow:
      return "bars";
    case expr::ParameterKind::kCount:
      return "whole number";
    case expr::ParameterKind::kBars:
      return "bars, + is ahead";
  }
  return "";
}

/// `, at least 1`, ` in [0, 1]`, or nothing.
std::string bounds(const expr::Parameter& parameter) {
  if (!expr::is_number(parameter.kind) || parameter.kind == expr::ParameterKind::kBars) return "";
  const expr::Bounds bounds = expr::bounds_of(parameter);
  if (bounds.low <= -1e300) return "";
  if (parameter.high >= 1e300) return fmt::format(", at least {}", bounds.low);
  return fmt::format(" in [{}, {}]", bounds.low, bounds.high);
}

const Operator& find(const std::string& name) {
  const Operator* op = expr::find_operator(name);
  if (op != nullptr && !name.starts_with('$')) return *op;
  std::vector<std::string> names;
  for (const Operator* shown : shown_operators()) names.emplace_back(shown->name);
  throw Error(Code::kInvalidArgument,
              fmt::format("an operator must be one of `tickwerk expr ops`, found '{}'{}", name,
                          nearest_hint(name, names)));
}

std::string list() {
  report::Table table({{"operator"}, {"kind"}, {"what"}});
  for (const Operator* op : shown_operators()) {
    table.add({expr::signature(*op), std::string(kind(*op)), std::string(op->text.summary)});
  }
  return table.plain();
}

void add_line(std::string& text, std::string_view heading, std::string_view what) {
  if (!what.empty()) text += fmt::format("{:<12} {}\n", heading, what);
}

std::string details(const Operator& op) {
  std::string text = fmt::format("{}\n{}\n\n", expr::signature(op), op.text.summary);
  for (const expr::Parameter& parameter : op.parameters) {
    std::string line =
        fmt::format("{}: {}{}", parameter.name, word(parameter.kind), bounds(parameter));
    if (!parameter.default_text.empty()) {
      line += fmt::format(", {} when left out", parameter.default_text);
    }
    if (parameter.optional) line += ", may be left out";
    if (parameter.repeats) line += ", any number of them";
    add_line(text, "parameter", line);
  }
  add_line(text, "kind", kind(op));
  add_line(text, "gives", op.type == expr::ResultType::kCondition ? "a condition" : "a number");
  if (op.shape == expr::ResultShape::kDaily) add_line(text, "shape", "one value a day");
  add_line(text, "formula", op.text.formula);
  add_line(text, "in terms of", op.definition);
  add_line(text, "NaN", op.text.nan);
  add_line(text, "details", op.text.details);
  add_line(text, "reach, cost", expr::reach_and_cost(op));
  add_line(text, "source", op.text.source);
  return text;
}

nlohmann::json document(const Operator& op) {
  nlohmann::json parameters = nlohmann::json::array();
  for (const expr::Parameter& parameter : op.parameters) {
    parameters.push_back({{"name", parameter.name},
                          {"kind", word(parameter.kind)},
                          {"default", parameter.default_text},
                          {"optional", parameter.optional || !parameter.default_text.empty()},
                          {"repeats", parameter.repeats}});
  }
  return {{"name", op.name},
          {"signature", expr::signature(op)},
          {"kind", kind(op)},
          {"type", op.type == expr::ResultType::kCondition ? "condition" : "number"},
          {"daily", op.shape == expr::ResultShape::kDaily},
          {"parameters", std::move(parameters)},
          {"summary", op.text.summary},
          {"formula", op.text.formula},
          {"definition", op.definition},
          {"nan", op.text.nan},
          {"details", op.text.details},
          {"reach_and_cost", expr::reach_and_cost(op)},
          {"source", op.text.source}};
}

int run(const Invocation& invocation) {
  const bool json = invocation.output.format() == Format::kJson;
  if (invocation.settings.on("markdown")) {
    if (json || !invocation.operands.empty()) {
      throw Error(Code::kInvalidArgument,
                  fmt::format("--markdown must stand alone, found {} beside it",
                              json ? "--format json" : invocation.operands[0]));
    }
    invocation.output.result(expr::operator_reference());
    return 0;
  }
  if (!invocation.operands.empty()) {
    const Operator& op = find(invocation.operands[0]);
    invocation.output.result(json ? document(op).dump(2) : details(op));
    return 0;
  }
  if (!json) {
    invocation.output.result(list());
    return 0;
  }
  nlohmann::json all = nlohmann::json::array();
  for (const Operator* op : shown_operators()) all.push_back(document(*op));
  invocation.output.result(nlohmann::json({{"operators", std::move(all)}}).dump(2));
  return 0;
}

std::vector<std::string> operator_names() {
  std::vector<std::string> names;
  for (const Operator* op : shown_operators()) names.emplace_back(op->name);
  return names;
}

}  // namespace

Command expr_ops_command() {
  FlagGroup group{.title = "Form", .flags = {}};
  group.flags.push_back({.key = "markdown",
                         .kind = Kind::kSwitch,
                         .text = "all operators in full as Markdown: the reference in "
                                 "docs/language.md"});
  return {.name = "expr ops",
          .summary = "the operators of the expression language, or one of them in full",
          .operands = "[NAME]",
          .max_operands = 1,
          .operand_words = operator_names,
          .groups = {std::move(group)},
          .run = run};
}

}  // namespace tickwerk::cli
