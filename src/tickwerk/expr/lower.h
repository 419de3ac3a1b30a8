// The lowering behind `lower_all` and its like: gives names their meaning, checks kinds, shapes,
// bounds and causality, expands functions and derived operators, folds constants. Used by module.h
// only; it does not evaluate series.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "tickwerk/expr/diagnostic.h"
#include "tickwerk/expr/level.h"
#include "tickwerk/expr/module.h"
#include "tickwerk/expr/syntax.h"

namespace tickwerk::expr {

/// What an expression is while it is lowered.
struct Value {
  enum class Kind { kConstant, kSeries, kGroup, kEvent };

  Kind kind = Kind::kConstant;
  ResultType type = ResultType::kNumber;
  double number = 0;  // of a constant
  NodeId node = 0;    // of a series or group

  static Value constant(double number, ResultType type = ResultType::kNumber) {
    return {Kind::kConstant, type, number, 0};
  }
};

/// Names and defaults of the params of a file, for Module::params.
std::vector<std::pair<std::string, double>> param_defaults(const syntax::File& file);

/// How a user gives groups.
inline constexpr std::string_view kGroupsHint =
    "--groups FILE gives them: lines `symbol,<name>...`, such as `symbol,sector`";

/// `fields are: close, high, ...`: what the data have.
std::string fields_hint(const FieldTable& fields);

/// One call of `lower_all` and its like. Definitions and calls with equal arguments are lowered
/// once; the texts must outlive it.
class Lowering {
 public:
  Lowering(const syntax::File& file, const LowerOptions& options, Graph& graph);

  Value declared(const syntax::Declaration& declaration);
  Definition definition(const syntax::Declaration& declaration);
  bool has_lowered(const syntax::Declaration& declaration) const {
    return lowered_.contains(&declaration);
  }
  Definition expression(const syntax::Tree& tree,
                        syntax::Body body,
                        syntax::Span text,
                        std::string_view name,
                        Role role);

 private:
  enum class Owner { kUser, kRegistry };

  using Arguments = std::vector<std::pair<std::string_view, Value>>;

  /// Where an expression stands: its text, what it may see, and who called it.
  struct Scope {
    const syntax::Tree* tree = nullptr;
    std::size_t tree_index = 0;  // in the file; beyond its trees for an expression of its own
    Owner owner = Owner::kUser;
    Role role = Role::kFactor;
    const Arguments* arguments = nullptr;
    const Scope* caller = nullptr;
    syntax::Span call;  // in the caller
    std::size_t depth = 0;
  };

  /// An argument of an operator, and the parameter it is for.
  struct Bound {
    std::size_t parameter = 0;
    Value value;
    syntax::Span span;
  };

  struct Visit;

  [[noreturn]] void fail(const Scope& scope, syntax::Span span, Diagnosis diagnosis) const;

  // lower_hints.cpp
  [[noreturn]] void ambiguous(const Scope& scope,
                              const syntax::Expr& expr,
                              const syntax::Declaration& other) const;
  [[noreturn]] void unknown_name(const Scope& scope, const syntax::Expr& expr) const;
  [[noreturn]] void unknown_group(const Scope& scope,
                                  const syntax::Expr& expr,
                                  const Operator& op,
                                  const Parameter& parameter) const;
  [[noreturn]] void unknown_call(const Scope& scope, const syntax::Expr& expr) const;

  // lower.cpp
  void lower_needed(Visit first);
  Value lower_declaration(const syntax::Declaration& declaration);
  Value lower_root(const Scope& scope, syntax::Body body);
  Value lower_body(const Scope& scope, syntax::Body body, std::vector<Value>& values);
  Value lower_name(const Scope& scope, const syntax::Expr& expr);
  Value lower_field(const Scope& scope, const syntax::Expr& expr);
  Value lower_call(const Scope& scope,
                   const syntax::Expr& expr,
                   syntax::Body body,
                   const std::vector<Value>& values);
  Definition finished(const Value& value, std::string_view name, Role role);
  NodeId node_of(const Value& value);
  std::int64_t lookahead(const Value& value) const;
  void refuse_future(const Scope& scope, syntax::Body body, const std::vector<Value>& values) const;

  // lower_function.cpp
  Value call_function(const Scope& scope,
                      const syntax::Expr& expr,
                      const syntax::Declaration& function,
                      syntax::Body body,
                      const std::vector<Value>& values);
  Value expand(const Scope& inside, const void* what, syntax::Body body);

  // lower_check.cpp
  void check_shapes(const Scope& scope,
                    const syntax::Expr& expr,
                    const Operator& op,
                    const std::vector<Bound>& bound) const;
  void check_argument(const Scope& scope,
                      const Operator& op,
                      const std::vector<Bound>& bound,
                      const Bound& argument) const;
  void check_number(const Scope& scope,
                    const Operator& op,
                    const std::vector<Bound>& bound,
                    const Bound& argument) const;

  // lower_operator.cpp
  Value call_asof(const Scope& scope,
                  const syntax::Expr& expr,
                  syntax::Body body,
                  const std::vector<Value>& values);
  Value call_operator(const Scope& scope,
                      const syntax::Expr& expr,
                      const Operator& op,
                      syntax::Body body,
                      const std::vector<Value>& values);
  std::vector<Bound> bind(const Scope& scope,
                          const syntax::Expr& expr,
                          const Operator& op,
                          syntax::Body body,
                          const std::vector<Value>& values);
  void bind_defaults(const Scope& scope,
                     const syntax::Expr& expr,
                     const Operator& op,
                     std::vector<Bound>& bound);
  Value expand_operator(const Scope& scope,
                        const syntax::Expr& expr,
                        const Operator& op,
                        const std::vector<Bound>& bound);
  Value apply(const Operator& op, const std::vector<Bound>& bound);

  const syntax::File& file_;
  const LowerOptions& options_;
  Graph& graph_;
  Levels levels_;
  std::unordered_map<const syntax::Declaration*, Value> lowered_;
  std::unordered_map<std::string, Value> expanded_;  // by what is called and its arguments
  std::size_t num_steps_ = 0;
};

}  // namespace tickwerk::expr
