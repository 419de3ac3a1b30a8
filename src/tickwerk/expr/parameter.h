// What the front end asks of an operator's parameters: how they are called in messages, which are
// numbers, within which bounds. Used by the lowering; the entries stand in the registry.
#pragma once

#include <cstddef>
#include <string_view>

#include "tickwerk/expr/operator.h"

namespace tickwerk::expr {

/// Of a window or an offset: sums of reaches stay exact.
inline constexpr double kMaxBars = 100'000;

/// The name as a user writes it: `+` of `$add`, `cs_rank` of `$cs_rank`.
std::string_view shown_name(const Operator& op);

/// Constants of a call; the others are inputs.
bool is_number(ParameterKind kind);
bool is_whole_number(ParameterKind kind);

struct Bounds {
  double low;
  double high;
};

/// Those of the entry and those of the kind.
Bounds bounds_of(const Parameter& parameter);

/// The number of parameters when there is none of that name.
std::size_t parameter_index(const Operator& op, std::string_view name);

}  // namespace tickwerk::expr
