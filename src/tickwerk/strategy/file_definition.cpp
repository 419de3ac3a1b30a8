#include "tickwerk/strategy/file_definition.h"

#include <fmt/format.h>

#include <algorithm>

namespace tickwerk::strategy {
namespace {

/// One line of what may have several: each byte keeps its place.
void make_one_line(std::string& text) { std::ranges::replace(text, '\n', ' '); }

void blank_comments(std::string& text) {
  for (std::size_t begin = text.find('#'); begin < text.size(); begin = text.find('#', begin)) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    std::fill(text.begin() + static_cast<std::ptrdiff_t>(begin),
              text.begin() + static_cast<std::ptrdiff_t>(end), ' ');
  }
}

}  // namespace

bool is_name(std::string_view text) {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return !text.empty() && !digit(text[0]) &&
         std::ranges::all_of(text, [&](char c) { return letter(c) || digit(c); });
}

void add_definition(const YamlText& file, const NamedValue& definition, ModuleText& module) {
  const auto& [name, key, value] = definition;
  const std::string text = file.plain(value, name);
  Body body = file.body(value);
  if (file.is_literal(value)) {
    blank_comments(body.text);
  } else if (text.find('#') != std::string::npos) {
    file.refuse("an expression must be a block (`|`) to hold comments, found '#'", key);
  }
  make_one_line(body.text);
  module.add(fmt::format("{} = ", name), file.span(key));
  module.add(body);
  module.add("\n", {body.written.end, body.written.end});
}

}  // namespace tickwerk::strategy
