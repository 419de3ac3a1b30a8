#include "tickwerk/expr/lower.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <unordered_set>

#include "tickwerk/base/nearest.h"
#include "tickwerk/expr/names.h"

namespace tickwerk::expr {
namespace {

using syntax::Body;
using syntax::Declaration;
using syntax::DeclarationKind;
using syntax::Expr;
using syntax::ExprKind;
using syntax::Span;

// Expressions lowered inside functions and derived operators in one go: what functions that call
// functions can blow up to.
constexpr std::size_t kMaxSteps = 200'000;

constexpr std::string_view kState =
    "ema, wilder, cum_sum, last_value and latch carry a value from bar to bar";

bool is_function(const Declaration& declaration) {
  return declaration.kind == DeclarationKind::kFunction;
}

bool is_parameter(const Declaration* function, std::string_view name) {
  if (function == nullptr) return false;
  return std::any_of(
      function->parameters.begin(), function->parameters.end(),
      [&](const syntax::FunctionParameter& parameter) { return parameter.name == name; });
}

/// What a body must have lowered before it.
struct Need {
  const Declaration* declaration;
  Span span;
};

void add_needs(const syntax::File& file,
               const syntax::Tree& tree,
               std::size_t tree_index,
               const Declaration* function,
               Body body,
               std::vector<Need>& needs) {
  for (syntax::ExprId id = body.first; id <= body.root; ++id) {
    const Expr& expr = tree.exprs[id];
    if (expr.kind != ExprKind::kName && expr.kind != ExprKind::kCall) continue;
    if (expr.name.starts_with('$') || is_parameter(function, expr.name)) continue;
    const syntax::Found found = file.find(expr.name, tree_index);
    if (found.declaration != nullptr) needs.push_back({found.declaration, expr.span});
  }
}

std::vector<Need> needs_of(const syntax::File& file, const Declaration& declaration) {
  std::vector<Need> needs;
  const syntax::Tree& tree = *file.trees[declaration.tree];
  const Declaration* function = is_function(declaration) ? &declaration : nullptr;
  for (const syntax::FunctionParameter& parameter : declaration.parameters) {
    if (!parameter.default_value) continue;
    add_needs(file, tree, declaration.tree, function, *parameter.default_value, needs);
  }
  add_needs(file, tree, declaration.tree, function, declaration.body, needs);
  return needs;
}

}  // namespace

Lowering::Lowering(const syntax::File& file, const LowerOptions& options, Graph& graph)
    : file_(file), options_(options), graph_(graph), levels_(graph) {
  std::vector<std::string> known;
  for (const Declaration* declaration : file.declarations) {
    if (declaration->kind == DeclarationKind::kParam) known.emplace_back(declaration->name);
  }
  for (const auto& [name, value] : options.params) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    throw Error(Code::kInvalidArgument,
                fmt::format("a parameter must be declared by a line `param`, found '{}'{} ({})",
                            name, known.empty() ? "; there is none" : nearest_hint(name, known),
                            file.trees.front()->source.name));
  }
  for (const Declaration* declaration : file.declarations) {  // unused ones must be right, too
    if (declaration->kind == DeclarationKind::kParam) declared(*declaration);
  }
}

void Lowering::fail(const Scope& scope, Span span, Diagnosis diagnosis) const {
  const Scope* at = &scope;
  while (at->owner == Owner::kRegistry) {  // a user sees the call, not our definition
    span = at->call;
    at = at->caller;
  }
  constexpr std::size_t kMaxNotes = 3;
  for (const Scope* inner = at; inner->caller != nullptr && diagnosis.notes.size() < kMaxNotes;
       inner = inner->caller) {
    const syntax::Tree& tree = *inner->caller->tree;
    diagnosis.notes.push_back(fmt::format("called by {} at {}",
                                          quoted_text(tree.text_of(inner->call)),
                                          exact_place(tree.source, inner->call.begin)));
  }
  throw error_at(at->tree->source, span, diagnosis);
}

/// A declaration on whose needs the lowering works, or, without one, an expression of its own.
struct Lowering::Visit {
  const Declaration* declaration;
  const syntax::Tree* tree;
  std::vector<Need> needs;
  std::size_t next = 0;
};

/// Needs come before what needs them, by a stack of our own: chains of definitions may be long.
void Lowering::lower_needed(Visit first) {
  std::unordered_set<const Declaration*> entered = {first.declaration};
  std::vector<Visit> open;
  open.push_back(std::move(first));
  while (!open.empty()) {
    Visit& visit = open.back();
    if (visit.next == visit.needs.size()) {
      if (visit.declaration != nullptr) {
        lowered_[visit.declaration] = lower_declaration(*visit.declaration);
        entered.erase(visit.declaration);
      }
      open.pop_back();
      continue;
    }
    const Need need = visit.needs[visit.next++];
    if (lowered_.contains(need.declaration)) continue;
    if (!entered.insert(need.declaration).second) {
      const auto again = std::find_if(open.begin(), open.end(), [&](const Visit& other) {
        return other.declaration == need.declaration;
      });
      std::vector<std::string_view> chain;
      constexpr std::ptrdiff_t kShown = 10;
      for (auto it = again; it != open.end() && it - again < kShown; ++it) {
        chain.push_back(it->declaration->name);
      }
      if (open.end() - again > kShown) chain.emplace_back("...");
      chain.push_back(need.declaration->name);
      throw error_at(
          visit.tree->source, need.span,
          {fmt::format("recursion: a definition must not use itself: {}", fmt::join(chain, " -> ")),
           std::string(kState)});
    }
    open.push_back({need.declaration, file_.trees[need.declaration->tree].get(),
                    needs_of(file_, *need.declaration), 0});
  }
}

Value Lowering::declared(const Declaration& declaration) {
  const auto known = lowered_.find(&declaration);
  if (known != lowered_.end()) return known->second;
  lower_needed({&declaration, file_.trees[declaration.tree].get(), needs_of(file_, declaration)});
  return lowered_.at(&declaration);
}

Value Lowering::lower_declaration(const Declaration& declaration) {
  if (is_function(declaration)) return {};
  const syntax::Tree& tree = *file_.trees[declaration.tree];
  Scope scope;
  scope.tree = &tree;
  scope.tree_index = declaration.tree;
  scope.role = declaration.kind == DeclarationKind::kLabel ? Role::kLabel : Role::kFactor;
  if (declaration.kind != DeclarationKind::kParam) return lower_root(scope, declaration.body);
  std::vector<Value> values;
  const Value value = lower_body(scope, declaration.body, values);
  if (value.kind != Value::Kind::kConstant || value.type != ResultType::kNumber) {
    fail(scope, declaration.text,
         {fmt::format("a param must be a constant number: {}",
                      quoted_text(tree.text_of(declaration.text))),
          fmt::format("write `{} = ...` without `param` for an expression", declaration.name)});
  }
  const auto replaced = options_.params.find(declaration.name);
  if (replaced != options_.params.end()) return Value::constant(replaced->second);
  return value;
}

Value Lowering::lower_root(const Scope& scope, Body body) {
  std::vector<Value> values;
  const Value value = lower_body(scope, body, values);
  const Expr& root = scope.tree->exprs[body.root];
  if (value.kind == Value::Kind::kGroup || value.kind == Value::Kind::kEvent) {
    const std::string text = quoted_text(scope.tree->text_of(root.span));
    const bool group = value.kind == Value::Kind::kGroup;
    fail(scope, root.span,
         {fmt::format("an expression must be a number or a condition: {} is {}", text,
                      group ? "a group" : "an event field"),
          group ? fmt::format("groups stand in calls: cs_rank(x, by={})", text)
                : fmt::format("asof({}) is its last value known at the close", text)});
  }
  if (scope.role == Role::kFactor) refuse_future(scope, body, values);
  return value;
}

Value Lowering::lower_body(const Scope& scope, Body body, std::vector<Value>& values) {
  values.resize(body.root - body.first + 1);
  if (scope.caller != nullptr) {
    num_steps_ += values.size();
    if (num_steps_ > kMaxSteps) {
      fail(scope, scope.tree->exprs[body.root].span,
           {fmt::format("functions must expand to at most {} expressions", kMaxSteps),
            "functions that call functions several times grow exponentially"});
    }
  }
  for (syntax::ExprId id = body.first; id <= body.root; ++id) {
    const Expr& expr = scope.tree->exprs[id];
    Value& value = values[id - body.first];
    switch (expr.kind) {
      case ExprKind::kNumber:
        value = Value::constant(expr.number);
        break;
      case ExprKind::kBoolean:
        value = Value::constant(expr.number, ResultType::kCondition);
        break;
      case ExprKind::kName:
        value = lower_name(scope, expr);
        break;
      case ExprKind::kEvent:
        value.kind = Value::Kind::kEvent;
        break;
      case ExprKind::kCall:
        value = lower_call(scope, expr, body, values);
        break;
    }
  }
  return values.back();
}

Value Lowering::lower_name(const Scope& scope, const Expr& expr) {
  if (scope.arguments != nullptr) {
    for (const auto& [name, value] : *scope.arguments) {
      if (name == expr.name) return value;
    }
  }
  const auto engine = engine_field(expr.name);
  if (engine) {
    return {Value::Kind::kSeries, engine->type, 0,
            graph_.field(expr.name, Shape::kPanel, engine->type)};
  }
  if (scope.owner == Owner::kRegistry || is_bar_field(expr.name)) return lower_field(scope, expr);
  const syntax::Found found = file_.find(expr.name, scope.tree_index);
  if (found.declaration == nullptr) return lower_field(scope, expr);
  if (is_function(*found.declaration)) {
    fail(scope, expr.span,
         {fmt::format("a function must be called: {} is one", expr.name),
          fmt::format("write {}(...)", expr.name)});
  }
  if (found.declaration->kind == DeclarationKind::kLabel && scope.role == Role::kFactor) {
    fail(scope, expr.span,
         {fmt::format("a factor must not use a label: {} is one", expr.name),
          "labels may read the future; only labels may use them"});
  }
  return lowered_.at(found.declaration);
}

Value Lowering::lower_field(const Scope& scope, const Expr& expr) {
  const auto series = options_.fields.series.find(expr.name);
  if (series != options_.fields.series.end()) {
    return {Value::Kind::kSeries, ResultType::kNumber, 0, graph_.field(expr.name, series->second)};
  }
  if (options_.fields.groups.contains(expr.name)) {
    return {Value::Kind::kGroup, ResultType::kNumber, 0, graph_.field(expr.name, Shape::kPanel)};
  }
  if (is_bar_field(expr.name)) {
    fail(scope, expr.span,
         {fmt::format("the data must have the field {}", expr.name), fields_hint(options_.fields),
          Code::kNotFound});
  }
  unknown_name(scope, expr);
}

Value Lowering::lower_call(const Scope& scope,
                           const Expr& expr,
                           Body body,
                           const std::vector<Value>& values) {
  if (expr.name == "asof") return call_asof(scope, expr, body, values);
  if (const Operator* op = find_operator(expr.name)) {
    return call_operator(scope, expr, *op, body, values);
  }
  const syntax::Found found = file_.find(expr.name, scope.tree_index);
  if (scope.owner == Owner::kRegistry || found.declaration == nullptr) unknown_call(scope, expr);
  if (!is_function(*found.declaration)) {
    fail(scope, expr.span,
         {fmt::format("only an operator or a function must be called: {} is neither", expr.name),
          fmt::format("its value is {}; {}[-5] is that 5 bars ago", expr.name, expr.name)});
  }
  return call_function(scope, expr, *found.declaration, body, values);
}

std::int64_t Lowering::lookahead(const Value& value) const {
  return value.kind == Value::Kind::kSeries ? graph_[value.node].reach.lookahead : 0;
}

void Lowering::refuse_future(const Scope& scope,
                             Body body,
                             const std::vector<Value>& values) const {
  if (lookahead(values.back()) <= 0) return;
  syntax::ExprId id = body.root;
  for (bool deeper = true; deeper;) {
    deeper = false;
    for (const syntax::Argument& argument : scope.tree->arguments_of(scope.tree->exprs[id])) {
      if (lookahead(values[argument.value - body.first]) <= 0) continue;
      id = argument.value;
      deeper = true;
      break;
    }
  }
  const Expr& expr = scope.tree->exprs[id];
  const std::int64_t bars = lookahead(values[id - body.first]);
  fail(scope, expr.span,
       {fmt::format("a factor must not read the future: {} reads {} {} ahead",
                    quoted_text(scope.tree->text_of(expr.span)), bars, bars == 1 ? "bar" : "bars"),
        "x[-n] is n bars ago; what is to be predicted is written `label name = ...`"});
}

NodeId Lowering::node_of(const Value& value) {
  return value.kind == Value::Kind::kConstant ? graph_.constant(value.number, value.type)
                                              : value.node;
}

Definition Lowering::finished(const Value& value, std::string_view name, Role role) {
  Definition definition;
  definition.name = name;
  definition.role = role;
  definition.node = node_of(value);
  definition.depends_on_level = levels_.depends(definition.node);
  return definition;
}

Definition Lowering::definition(const Declaration& declaration) {
  const Role role = declaration.kind == DeclarationKind::kLabel ? Role::kLabel : Role::kFactor;
  const syntax::Tree& tree = *file_.trees[declaration.tree];
  Definition definition = finished(declared(declaration), declaration.name, role);
  definition.text = tree.text_of(declaration.text);
  definition.description = declaration.description;
  definition.place = line_place(tree.source, declaration.line);
  return definition;
}

Definition Lowering::expression(
    const syntax::Tree& tree, Body body, Span text, std::string_view name, Role role) {
  const std::size_t own = file_.trees.size();
  std::vector<Need> needs;
  add_needs(file_, tree, own, nullptr, body, needs);
  lower_needed({nullptr, &tree, std::move(needs)});
  Scope scope;
  scope.tree = &tree;
  scope.tree_index = own;
  scope.role = role;
  Definition definition = finished(lower_root(scope, body), name, role);
  definition.text = tree.text_of(text);
  definition.place = line_place(tree.source, 1);
  return definition;
}

std::vector<std::pair<std::string, double>> param_defaults(const syntax::File& file) {
  Graph graph;
  const LowerOptions options;
  Lowering lowering(file, options, graph);
  std::vector<std::pair<std::string, double>> params;
  for (const Declaration* declaration : file.declarations) {
    if (declaration->kind != DeclarationKind::kParam) continue;
    params.emplace_back(declaration->name, lowering.declared(*declaration).number);
  }
  return params;
}

}  // namespace tickwerk::expr
