// Names that mean something without being declared, and names that mean something elsewhere: what
// a definition may not be called, and what to write instead of words of pandas and its like. Used
// by parser and lowering; the operators themselves stand in the registry.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tickwerk/expr/graph.h"

namespace tickwerk::expr {

/// open, high, low, close, volume.
bool is_bar_field(std::string_view name);

/// Fields that the engine supplies: in_universe, bar_number; `$bars_left` for the registry.
struct EngineField {
  std::string_view name;
  ResultType type;
};
std::optional<EngineField> engine_field(std::string_view name);

/// Why a definition may not be called so (`an operator`, `a field of bars`, ...), or nothing.
std::optional<std::string_view> reserved_as(std::string_view name);

/// What to write instead of a name that other libraries have, whatever its case, or nothing.
std::string_view foreign_hint(std::string_view name);

/// What to write instead of `x.name(...)`.
std::string method_hint(std::string_view name);

}  // namespace tickwerk::expr
