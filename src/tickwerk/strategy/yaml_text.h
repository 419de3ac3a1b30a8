// A YAML text whose errors name file and line: plain values, numbers, mappings and blocks that keep
// their lines. Internal to `strategy`: strategy_file.cpp gives the keys their meaning.
#pragma once

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "tickwerk/strategy/module_text.h"

namespace tickwerk::strategy {

class YamlText {
 public:
  /// One document that is a mapping. Throws kInvalidArgument for anything else, and for what is not
  /// UTF-8.
  YamlText(std::string_view yaml, std::string_view source);

  const YAML::Node& root() const noexcept { return root_; }

  /// Throws kInvalidArgument with the sentence, the file and the line of `at`.
  [[noreturn]] void refuse(const std::string& sentence, const YAML::Node& at) const;

  /// Calls visit(name, key, value) for the pairs of a map, none of which may stand twice.
  template <class Visit>
  void for_each_pair(const YAML::Node& map, std::string_view what, Visit visit) const;

  /// The text of a scalar that is not empty.
  std::string plain(const YAML::Node& value, std::string_view what) const;

  /// A finite number.
  double number(const YAML::Node& value, std::string_view what) const;

  /// Whether the value is a block that keeps its lines (`|`).
  bool is_literal(const YAML::Node& value) const;

  /// Whether the value begins with a quote.
  bool is_quoted(const YAML::Node& value) const;

  /// Such a block as the file has it. Requires is_literal.
  Body literal(const YAML::Node& value) const;

 private:
  YAML::Node parse(std::string_view yaml) const;
  std::string place(const YAML::Mark& mark) const;
  char first_character(const YAML::Node& value) const;

  std::string source_;
  std::vector<std::string> lines_;
  YAML::Node root_;
};

template <class Visit>
void YamlText::for_each_pair(const YAML::Node& map, std::string_view what, Visit visit) const {
  std::vector<std::string> names;
  for (const auto& pair : map) {
    const std::string name = plain(pair.first, what);
    if (std::ranges::find(names, name) != names.end()) {
      refuse(fmt::format("{} must stand once, found '{}' again", what, name), pair.first);
    }
    names.push_back(name);
    visit(name, pair.first, pair.second);
  }
}

}  // namespace tickwerk::strategy
