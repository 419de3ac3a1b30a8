#include "tickwerk/expr/level.h"

#include <algorithm>
#include <cmath>

namespace tickwerk::expr {
namespace {

/// A constant added to the input is added to the result.
bool follows_shift(std::string_view op) {
  constexpr std::string_view kNames[] = {"$offset",      "ts_mean",     "ts_min",    "ts_max",
                                         "ts_median",    "ts_quantile", "ema",       "wilder",
                                         "decay_linear", "ahead",       "last_value"};
  return std::find(std::begin(kNames), std::end(kNames), op) != std::end(kNames);
}

/// A constant added to the input does not change the result.
bool ignores_shift(std::string_view op) {
  constexpr std::string_view kNames[] = {
      "ts_std",  "ts_var", "ts_argmin", "ts_argmax", "ts_rank",     "ts_skew", "ts_kurt",
      "ts_corr", "ts_cov", "ts_beta",   "ts_slope",  "ts_residual", "ts_r2",   "isnan"};
  return std::find(std::begin(kNames), std::end(kNames), op) != std::end(kNames);
}

}  // namespace

bool Levels::same(const Scale& a, const Scale& b) {
  return a.kind == Scale::Kind::kAny || b.kind == Scale::Kind::kAny ||
         (a.kind == b.kind && a.amount == b.amount);
}

bool Levels::fixed(const Scale& scale) {
  return scale.kind == Scale::Kind::kAny ||
         (scale.kind == Scale::Kind::kPower && scale.amount == 0);
}

Levels::Scale Levels::shift(double amount) {
  return amount == 0 ? Scale{} : Scale{Scale::Kind::kShift, amount};
}

bool Levels::depends(NodeId id) {
  std::vector<NodeId> open = {id};
  while (!open.empty()) {
    const NodeId at = open.back();
    if (known_.contains(at)) {
      open.pop_back();
      continue;
    }
    const std::size_t before = open.size();
    for (const NodeId input : graph_[at].inputs) {
      if (!known_.contains(input)) open.push_back(input);
    }
    if (open.size() > before) continue;
    known_[at] = scale_of(graph_[at]);
    open.pop_back();
  }
  return !fixed(known_.at(id));
}

Levels::Scale Levels::scale_of(const Node& node) const {
  switch (node.kind) {
    case NodeKind::kConstant:
      if (node.value == 0 || !std::isfinite(node.value)) return {Scale::Kind::kAny, 0};
      return {};
    case NodeKind::kField: {
      const std::string_view name = node.field;
      const bool price = name == "open" || name == "high" || name == "low" || name == "close";
      return {Scale::Kind::kPower, price ? 1.0 : name == "volume" ? -1.0 : 0.0};
    }
    case NodeKind::kOperator:
      return operator_scale(node);
  }
  return kDepends;
}

Levels::Scale Levels::operator_scale(const Node& node) const {
  bool all_fixed = true;
  for (const NodeId input : node.inputs) {
    const Scale& scale = known_.at(input);
    if (scale.kind == Scale::Kind::kDepends) return scale;
    all_fixed = all_fixed && fixed(scale);
  }
  const Scaling rule = node.op->scaling;
  if (node.inputs.empty()) return {};
  if (rule == Scaling::kSymbols || rule == Scaling::kNonlinear) {
    if (all_fixed) return {};
    return power(node, known_.at(node.inputs[0]));
  }
  // Conditions and groups beside the series must not move at all.
  std::size_t first = 0;
  for (std::size_t p = 0; p < node.op->parameters.size() && p < node.inputs.size(); ++p) {
    if (node.op->parameters[p].kind != ParameterKind::kCondition) break;
    if (!fixed(known_.at(node.inputs[p]))) return kDepends;
    ++first;
  }
  if (first == node.inputs.size()) return {};
  return by_rule(node, first);
}

/// Scale of an input, as far as the operator sees it.
Levels::Scale Levels::input_scale(const Node& node, std::size_t index) const {
  const Scale& scale = known_.at(node.inputs[index]);
  return scale.kind == Scale::Kind::kShift && ignores_shift(node.op->name) ? Scale{} : scale;
}

Levels::Scale Levels::by_rule(const Node& node, std::size_t first) const {
  const Scale input = input_scale(node, first);
  const bool shifted = input.kind == Scale::Kind::kShift;
  switch (node.op->scaling) {
    case Scaling::kLinear:
      if (!shifted || follows_shift(node.op->name)) return input;
      return node.op->name == "$negate" ? shift(-input.amount) : kDepends;
    case Scaling::kSquare:
      return shifted ? kDepends : Scale{input.kind, 2 * input.amount};
    case Scaling::kInvariant:
      for (std::size_t i = first; i < node.inputs.size(); ++i) {
        if (input_scale(node, i).kind == Scale::Kind::kShift) return kDepends;
      }
      return {};
    case Scaling::kProduct:
      return product(node, first);
    case Scaling::kQuotient:
      return quotient(node, first);
    case Scaling::kSum:
      return node.op->name == "$add" || node.op->name == "$subtract" ? sum(node)
                                                                     : alike(node, first);
    case Scaling::kCompare:
      return alike(node, first).kind == Scale::Kind::kDepends ? kDepends : Scale{};
    case Scaling::kLogarithm:
      if (input.kind == Scale::Kind::kAny) return input;
      return shifted ? kDepends : shift(input.amount);
    case Scaling::kSymbols:
    case Scaling::kNonlinear:
      break;
  }
  return kDepends;
}

Levels::Scale Levels::alike(const Node& node, std::size_t first) const {
  Scale all{Scale::Kind::kAny, 0};
  for (std::size_t i = first; i < node.inputs.size(); ++i) {
    const Scale input = input_scale(node, i);
    if (!same(all, input)) return kDepends;
    if (all.kind == Scale::Kind::kAny) all = input;
  }
  return all;
}

/// Shifts add up, beside each other and beside what does not move.
Levels::Scale Levels::sum(const Node& node) const {
  const Scale a = input_scale(node, 0), b = input_scale(node, 1);
  const bool shifts = a.kind == Scale::Kind::kShift || b.kind == Scale::Kind::kShift;
  if (!shifts) return alike(node, 0);
  if ((a.kind != Scale::Kind::kShift && !fixed(a)) ||
      (b.kind != Scale::Kind::kShift && !fixed(b))) {
    return kDepends;
  }
  const double sign = node.op->name == "$subtract" ? -1 : 1;
  return shift((a.kind == Scale::Kind::kShift ? a.amount : 0) +
               sign * (b.kind == Scale::Kind::kShift ? b.amount : 0));
}

Levels::Scale Levels::product(const Node& node, std::size_t first) const {
  Scale all;
  for (std::size_t i = first; i < node.inputs.size(); ++i) {
    const Scale input = input_scale(node, i);
    if (input.kind == Scale::Kind::kAny) return input;
    if (input.kind == Scale::Kind::kShift) return multiplied_shift(node, i);
    all.amount += input.amount;
  }
  return all;
}

/// A logarithm times a constant: the shift is multiplied.
Levels::Scale Levels::multiplied_shift(const Node& node, std::size_t index) const {
  if (node.inputs.size() != 2) return kDepends;
  const Node& other = graph_[node.inputs[1 - index]];
  if (other.kind != NodeKind::kConstant) return kDepends;
  return shift(known_.at(node.inputs[index]).amount * other.value);
}

Levels::Scale Levels::quotient(const Node& node, std::size_t first) const {
  const Scale above = input_scale(node, first), below = input_scale(node, first + 1);
  if (above.kind == Scale::Kind::kAny) return above;
  if (below.kind == Scale::Kind::kShift) return kDepends;
  if (above.kind == Scale::Kind::kPower) {
    return {Scale::Kind::kPower, above.amount - below.amount};
  }
  const Node& divisor = graph_[node.inputs[first + 1]];
  const bool constant = divisor.kind == NodeKind::kConstant && below.kind == Scale::Kind::kPower;
  return constant ? shift(above.amount / divisor.value) : kDepends;
}

/// Roots and constant powers of what scales by a power do so too.
Levels::Scale Levels::power(const Node& node, const Scale& base) const {
  if (base.kind != Scale::Kind::kPower) return kDepends;
  const std::string_view name = node.op->name;
  if (name == "sqrt") return {Scale::Kind::kPower, base.amount / 2};
  if (name == "signed_power" && !node.constants.empty()) {
    return {Scale::Kind::kPower, base.amount * node.constants[0]};
  }
  if (name == "$power" && node.inputs.size() == 2) {
    const Node& exponent = graph_[node.inputs[1]];
    if (exponent.kind == NodeKind::kConstant && std::isfinite(exponent.value)) {
      return {Scale::Kind::kPower, base.amount * exponent.value};
    }
  }
  return kDepends;
}

}  // namespace tickwerk::expr
