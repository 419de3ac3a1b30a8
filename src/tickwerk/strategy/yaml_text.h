// A YAML text whose errors name file, line and column, with a caret: plain values, numbers,
// mappings and texts that know where each of their characters stands. Internal to `strategy`:
// strategy_file.cpp gives the keys their meaning.
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
  /// One document that is a mapping. Throws kInvalidArgument for anything else, for a quote that is
  /// not closed (which yaml-cpp takes for closed at the end), and for what is not UTF-8.
  YamlText(std::string_view yaml, std::string_view source);

  const YAML::Node& root() const noexcept { return root_; }

  /// The file without a byte order mark: what spans are of.
  const std::string& text() const noexcept { return file_.text; }

  /// Throws kInvalidArgument with file, line and column of `at`, the sentence, and a caret.
  [[noreturn]] void refuse(const std::string& sentence, const YAML::Node& at) const;

  /// The same of something that is not there, with what to do: kNotFound.
  [[noreturn]] void miss(const std::string& sentence,
                         const YAML::Node& at,
                         const std::string& hint) const;

  /// Calls visit(name, key, value) for the pairs of a map, none of which may stand twice.
  template <class Visit>
  void for_each_pair(const YAML::Node& map, std::string_view what, Visit visit) const;

  /// The text of a scalar that is not empty.
  std::string plain(const YAML::Node& value, std::string_view what) const;

  /// A finite number.
  double number(const YAML::Node& value, std::string_view what) const;

  /// Whether the value is a block that keeps its lines (`|`).
  bool is_literal(const YAML::Node& value) const;

  /// The text of a scalar, each part with its place in the file.
  Body body(const YAML::Node& value) const;

  /// A scalar with its quotes; of a mapping or list its first character.
  expr::syntax::Span span(const YAML::Node& value) const;

 private:
  YAML::Node parse() const;
  std::uint32_t offset_of(const YAML::Mark& mark) const;
  char at(std::size_t offset) const { return offset < text().size() ? text()[offset] : '\0'; }
  void require_closed_quotes(const YAML::Node& node) const;
  [[noreturn]] void refuse_at(const std::string& sentence, expr::syntax::Span span) const;

  expr::syntax::Source file_;
  std::vector<std::uint32_t> line_begins_;
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
