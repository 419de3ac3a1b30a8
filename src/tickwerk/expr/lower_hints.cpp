#include <fmt/format.h>
#include <fmt/ranges.h>

#include <optional>
#include <utility>

#include "tickwerk/base/nearest.h"
#include "tickwerk/expr/lower.h"
#include "tickwerk/expr/names.h"
#include "tickwerk/expr/parameter.h"

namespace tickwerk::expr {
namespace {

using Use = std::pair<const Operator*, const Parameter*>;

/// The operator and the parameter that a name is the group of, as `sector` in `by=sector`.
std::optional<Use> use_as_group(const syntax::Tree& tree, const syntax::Expr& name) {
  for (const syntax::Expr& call : tree.exprs) {
    if (call.kind != syntax::ExprKind::kCall) continue;
    const Operator* op = find_operator(call.name);
    if (op == nullptr) continue;
    std::size_t position = 0;
    for (const syntax::Argument& argument : tree.arguments_of(call)) {
      const bool stays = position > 0 && op->parameters[position - 1].repeats;
      const std::size_t index = !argument.name.empty() ? parameter_index(*op, argument.name)
                                : stays                ? position - 1
                                                       : position++;
      if (position > op->parameters.size()) break;
      if (&tree.exprs[argument.value] != &name || index >= op->parameters.size()) continue;
      const Parameter& parameter = op->parameters[index];
      if (parameter.kind == ParameterKind::kGroup) return Use{op, &parameter};
    }
  }
  return {};
}

}  // namespace

std::string fields_hint(const FieldTable& fields) {
  std::vector<std::string_view> names;
  for (const auto& [name, shape] : fields.series) names.push_back(name);
  for (const auto& [name, source] : fields.groups) names.push_back(name);
  return fmt::format("fields are: {}", fmt::join(names, ", "));
}

void Lowering::unknown_group(const Scope& scope,
                             const syntax::Expr& expr,
                             const Operator& op,
                             const Parameter& parameter) const {
  std::vector<std::string> names;
  for (const auto& [name, source] : options_.fields.groups) names.push_back(name);
  fail(scope, expr.span,
       {fmt::format("{} of {} must be a group of the data: {}{}", parameter.name, op.name,
                    expr.name, nearest_hint(expr.name, names)),
        names.empty() ? std::string(kGroupsHint)
                      : fmt::format("groups are: {}", fmt::join(names, ", "))});
}

void Lowering::unknown_name(const Scope& scope, const syntax::Expr& expr) const {
  if (const auto use = use_as_group(*scope.tree, expr)) {
    unknown_group(scope, expr, *use->first, *use->second);
  }
  std::string hint(foreign_hint(expr.name));
  if (const Operator* op = find_operator(expr.name)) {
    fail(scope, expr.span,
         {fmt::format("an operator must be called: {} is one", expr.name),
          hint.empty() ? signature(*op) : hint});
  }
  if (const auto* other = file_.find(expr.name, scope.tree_index).other)
    ambiguous(scope, expr, *other);
  if (const auto label = options_.fields.labels.find(expr.name);
      label != options_.fields.labels.end()) {
    fail(scope, expr.span,
         {fmt::format("an expression must not read what knows the future: {} is a label of {}, "
                      "left out of the bars",
                      expr.name, label->second),
          "a label is computed from the bars: `label y = close[+20] / close - 1`"});
  }
  std::vector<std::string> names;
  for (const auto& [name, shape] : options_.fields.series) names.push_back(name);
  for (const auto& [name, source] : options_.fields.groups) names.push_back(name);
  for (const auto* declaration : file_.declarations) {
    if (!declaration->named_by_text) names.emplace_back(declaration->name);
  }
  if (scope.arguments != nullptr) {
    for (const auto& [name, value] : *scope.arguments) names.emplace_back(name);
  }
  for (const std::string_view name : {"in_universe", "bar_number"}) names.emplace_back(name);
  const std::string nearest = nearest_hint(expr.name, names);
  if (hint.empty() && options_.hint) hint = options_.hint(expr.name);
  if (hint.empty() && nearest.empty()) hint = fields_hint(options_.fields);
  fail(scope, expr.span,
       {fmt::format("a name must be a field or a definition: {}{}", expr.name, nearest),
        std::move(hint)});
}

void Lowering::unknown_call(const Scope& scope, const syntax::Expr& expr) const {
  if (const auto* other = file_.find(expr.name, scope.tree_index).other)
    ambiguous(scope, expr, *other);
  std::vector<std::string> names;
  for (const Operator& op : operators()) {
    if (!op.name.starts_with('$')) names.emplace_back(op.name);
  }
  names.emplace_back("asof");
  for (const auto* declaration : file_.declarations) {
    if (declaration->kind == syntax::DeclarationKind::kFunction) {
      names.emplace_back(declaration->name);
    }
  }
  std::string hint(foreign_hint(expr.name));
  const std::string nearest = hint.empty() ? nearest_hint(expr.name, names) : std::string();
  if (hint.empty() && options_.hint) hint = options_.hint(expr.name);
  if (hint.empty() && nearest.empty()) hint = "`tickwerk expr ops` lists the operators";
  const bool field = options_.fields.series.contains(expr.name);
  if (field)
    hint = fmt::format("{} is a field; {}[-5] is its value 5 bars ago", expr.name, expr.name);
  fail(scope, {expr.span.begin, expr.span.begin + static_cast<std::uint32_t>(expr.name.size())},
       {fmt::format("only an operator or a function must be called: {}{}", expr.name,
                    field ? "" : nearest),
        std::move(hint)});
}

void Lowering::ambiguous(const Scope& scope,
                         const syntax::Expr& expr,
                         const syntax::Declaration& other) const {
  const auto& same = file_.by_name.at(expr.name);
  const auto place = [&](const syntax::Declaration& declaration) {
    return line_place(file_.trees[declaration.tree]->source, declaration.line);
  };
  fail(scope, expr.span,
       {fmt::format("a name must mean one thing: {} stands at {} and {}", expr.name,
                    place(*same.front()), place(other)),
        "names that begin with '_' belong to their file; define it here"});
}

}  // namespace tickwerk::expr
