// What a specification must keep to: the ranges of its numbers, each by its key, and the language
// of its expressions. Used where a specification is made (make_strategy) and where a file is read,
// which knows the line. Internal to `strategy`.
#pragma once

#include <optional>
#include <string>

#include "tickwerk/strategy/strategy.h"

namespace tickwerk::strategy {

struct BrokenRule {
  std::string key;
  std::string sentence;  // `top_n must be >= 0, found -1`
};

/// The first number out of its own range.
std::optional<BrokenRule> broken_rule(const StrategySpec& spec);

/// The expressions as parsed, with the catalogue and the folder of the file in reach. Throws as
/// expr::Module::parse.
expr::Module module_of(const StrategySpec& spec);

}  // namespace tickwerk::strategy
