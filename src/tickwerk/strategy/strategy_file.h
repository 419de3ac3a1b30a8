// Reads a strategy file: YAML whose expressions are text of the expression language
// (docs/strategies.md lists the keys). Strict: a key that is unknown, given twice or of the wrong
// type is an error with file, line and caret. Parses the expressions for the parameters in them;
// what their names mean is found out when they meet bars.
#pragma once

#include <filesystem>
#include <string_view>

#include "tickwerk/strategy/strategy.h"

namespace tickwerk::strategy {

/// The specification a YAML text holds; `source` is what errors call it, and the name of the
/// strategy when the text gives none; imports start from the current folder. Throws
/// kInvalidArgument, and kNotFound for an import.
StrategySpec parse_strategy(std::string_view yaml, std::string_view source);

/// The same of a file, from whose folder `import` starts. Throws kIo besides.
StrategySpec load_strategy(const std::filesystem::path& file);

}  // namespace tickwerk::strategy
