// An expression of a strategy file as a definition of the language, with its place in the file.
// Internal to `strategy`: for the keys that hold expressions, and the factors of a bundle.
#pragma once

#include <string>
#include <string_view>

#include "tickwerk/strategy/module_text.h"
#include "tickwerk/strategy/yaml_text.h"

namespace tickwerk::strategy {

/// An expression of the file under the name it gets.
struct NamedValue {
  std::string name;
  const YAML::Node& key;
  const YAML::Node& value;
};

/// Letters, digits and _, no digit first: what a parameter and a factor may be called.
bool is_name(std::string_view text);

/// Adds `name = value` to the module. Throws kInvalidArgument for a comment where YAML has none.
void add_definition(const YamlText& file, const NamedValue& definition, ModuleText& module);

}  // namespace tickwerk::strategy
