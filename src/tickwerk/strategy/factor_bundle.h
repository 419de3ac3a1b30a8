// The key `factors` of a strategy file: named factors with weights, and the score they make.
// Internal to `strategy`: strategy_file.cpp reads the other keys.
#pragma once

#include <string>
#include <vector>

#include "tickwerk/strategy/module_text.h"
#include "tickwerk/strategy/yaml_text.h"

namespace tickwerk::strategy {

struct FactorBundle {
  struct Factor {
    std::string name;
    double weight = 0;
    expr::syntax::Span place;
  };
  std::vector<Factor> factors;
  std::string text;  // for reports: `0.6 x momentum + 0.4 x (-rv_60)`
};

/// Reads the mapping and adds a definition `_factor_<name>` for each of its factors. Throws
/// kInvalidArgument for one that has no weight above 0, and for weights that do not add up to 1.
FactorBundle read_factor_bundle(const YamlText& file,
                                const YAML::Node& key,
                                const YAML::Node& value,
                                ModuleText& module);

/// Adds `score`: each factor winsorised and z-scored among the symbols of the day; the weighted sum
/// of those a symbol has, over the sum of their weights. `place` is that of the key.
void add_score(const FactorBundle& bundle, expr::syntax::Span place, ModuleText& module);

}  // namespace tickwerk::strategy
