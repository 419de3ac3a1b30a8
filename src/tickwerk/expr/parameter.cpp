#include "tickwerk/expr/parameter.h"

#include <algorithm>
#include <array>
#include <utility>

namespace tickwerk::expr {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kSymbols{{
    {"$add", "+"},
    {"$subtract", "-"},
    {"$multiply", "*"},
    {"$divide", "/"},
    {"$power", "^"},
    {"$negate", "-"},
    {"$less", "<"},
    {"$less_equal", "<="},
    {"$greater", ">"},
    {"$greater_equal", ">="},
    {"$equal", "=="},
    {"$not_equal", "!="},
    {"$and", "and"},
    {"$or", "or"},
}};

}  // namespace

std::string_view shown_name(const Operator& op) {
  for (const auto& [name, symbol] : kSymbols) {
    if (op.name == name) return symbol;
  }
  return op.name.starts_with('$') ? op.name.substr(1) : op.name;
}

bool is_number(ParameterKind kind) {
  return kind == ParameterKind::kNumber || is_whole_number(kind);
}

bool is_whole_number(ParameterKind kind) {
  return kind == ParameterKind::kWindow || kind == ParameterKind::kCount ||
         kind == ParameterKind::kBars;
}

Bounds bounds_of(const Parameter& parameter) {
  switch (parameter.kind) {
    case ParameterKind::kWindow:
      return {std::max(1.0, parameter.low), std::min(kMaxBars, parameter.high)};
    case ParameterKind::kCount:
      return {std::max(0.0, parameter.low), std::min(kMaxBars, parameter.high)};
    case ParameterKind::kBars:
      return {std::max(-kMaxBars, parameter.low), std::min(kMaxBars, parameter.high)};
    default:
      return {parameter.low, parameter.high};
  }
}

std::size_t parameter_index(const Operator& op, std::string_view name) {
  const auto found =
      std::find_if(op.parameters.begin(), op.parameters.end(),
                   [&](const Parameter& parameter) { return parameter.name == name; });
  return static_cast<std::size_t>(found - op.parameters.begin());
}

}  // namespace tickwerk::expr
