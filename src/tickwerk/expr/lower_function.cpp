#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "tickwerk/expr/lower.h"

namespace tickwerk::expr {
namespace {

// Calls inside calls, derived operators counted too: what the machine's stack must hold.
constexpr std::size_t kMaxCallDepth = 200;

template <typename T>
void append_bytes(std::string& key, const T& value) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  key.append(bytes, sizeof(T));
}

std::string function_signature(const syntax::Tree& tree, const syntax::Declaration& function) {
  std::string text = fmt::format("{}(", function.name);
  for (const syntax::FunctionParameter& parameter : function.parameters) {
    if (text.back() != '(') text += ", ";
    text += parameter.name;
    if (!parameter.default_value) continue;
    text += fmt::format("={}", tree.text_of(tree.exprs[parameter.default_value->root].span));
  }
  return text + ")";
}

}  // namespace

Value Lowering::expand(const Scope& inside, const void* what, syntax::Body body) {
  if (inside.depth > kMaxCallDepth) {
    fail(*inside.caller, inside.call,
         {fmt::format("calls must nest at most {} deep", kMaxCallDepth), {}});
  }
  std::string key;
  append_bytes(key, reinterpret_cast<std::uintptr_t>(what));
  append_bytes(key, inside.role);
  for (const auto& [name, value] : *inside.arguments) {
    append_bytes(key, value.kind);
    append_bytes(key, value.type);
    append_bytes(key, value.number);
    append_bytes(key, value.node);
  }
  const auto known = expanded_.find(key);
  if (known != expanded_.end()) return known->second;
  std::vector<Value> values;
  const Value value = lower_body(inside, body, values);
  expanded_.emplace(std::move(key), value);
  return value;
}

Value Lowering::call_function(const Scope& scope,
                              const syntax::Expr& expr,
                              const syntax::Declaration& function,
                              syntax::Body body,
                              const std::vector<Value>& values) {
  const syntax::Tree& tree = *file_.trees[function.tree];
  const auto refuse = [&](syntax::Span span, const std::string& message) {
    fail(scope, span, {message, function_signature(tree, function)});
  };
  constexpr std::size_t kMissing = static_cast<std::size_t>(-1);
  std::vector<std::size_t> given(function.parameters.size(), kMissing);
  std::size_t position = 0;
  for (const syntax::Argument& argument : scope.tree->arguments_of(expr)) {
    const syntax::Span span = scope.tree->exprs[argument.value].span;
    std::size_t index = position++;
    if (!argument.name.empty()) {
      const auto found = std::find_if(function.parameters.begin(), function.parameters.end(),
                                      [&](const syntax::FunctionParameter& parameter) {
                                        return parameter.name == argument.name;
                                      });
      index = static_cast<std::size_t>(found - function.parameters.begin());
      if (index == given.size()) {
        refuse(argument.name_span,
               fmt::format("{} has no parameter {}", function.name, argument.name));
      }
    }
    if (index >= given.size()) {
      refuse(span, fmt::format("{} takes at most {} arguments: {} given", function.name,
                               given.size(), expr.num_arguments));
    }
    if (given[index] != kMissing) {
      refuse(span, fmt::format("{} of {} must be given once", function.parameters[index].name,
                               function.name));
    }
    const Value& value = values[argument.value - body.first];
    if (value.kind == Value::Kind::kEvent) {
      refuse(span, fmt::format("an event field must stand in asof(...): {}",
                               scope.tree->exprs[argument.value].name));
    }
    given[index] = argument.value - body.first;
  }

  Arguments arguments;
  Scope inside;
  inside.tree = &tree;
  inside.tree_index = function.tree;
  inside.role = scope.role;
  inside.arguments = &arguments;
  inside.caller = &scope;
  inside.call = expr.span;
  inside.depth = scope.depth + 1;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const syntax::FunctionParameter& parameter = function.parameters[i];
    if (given[i] != kMissing) {
      arguments.emplace_back(parameter.name, values[given[i]]);
    } else if (parameter.default_value) {
      std::vector<Value> unused;
      const Value value = lower_body(inside, *parameter.default_value, unused);
      arguments.emplace_back(parameter.name, value);
    } else {
      refuse(expr.span, fmt::format("{} of {} must be given", parameter.name, function.name));
    }
  }
  return expand(inside, &function, function.body);
}

}  // namespace tickwerk::expr
