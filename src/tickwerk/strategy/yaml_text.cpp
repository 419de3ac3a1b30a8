#include "tickwerk/strategy/yaml_text.h"

#include <charconv>
#include <cmath>

#include "tickwerk/base/error.h"
#include "tickwerk/base/utf8.h"

namespace tickwerk::strategy {
namespace {

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

}  // namespace

YamlText::YamlText(std::string_view yaml, std::string_view source)
    : source_(source), lines_(split_lines(yaml)) {
  if (const auto at = first_not_utf8(yaml)) {
    throw Error(Code::kInvalidArgument,
                fmt::format("a strategy file must be UTF-8, found byte 0x{:02x} at offset {} ({})",
                            static_cast<unsigned char>(yaml[*at]), *at, source));
  }
  root_ = parse(yaml);
}

std::string YamlText::place(const YAML::Mark& mark) const {
  return mark.is_null() ? source_ : fmt::format("{}:{}", source_, mark.line + 1);
}

void YamlText::refuse(const std::string& sentence, const YAML::Node& at) const {
  throw Error(Code::kInvalidArgument, fmt::format("{} ({})", sentence, place(at.Mark())));
}

YAML::Node YamlText::parse(std::string_view yaml) const {
  std::vector<YAML::Node> documents;
  try {
    documents = YAML::LoadAll(std::string(yaml));
  } catch (const YAML::Exception& error) {
    throw Error(Code::kInvalidArgument,
                fmt::format("a strategy file must be YAML, found: {}; an expression that holds "
                            "': ' or begins with a sign of YAML must be quoted ({})",
                            error.msg, place(error.mark)));
  }
  if (documents.size() != 1 || !documents[0].IsMap()) {
    throw Error(
        Code::kInvalidArgument,
        fmt::format("a strategy file must hold `key: value` lines of one strategy ({})", source_));
  }
  return documents[0];
}

std::string YamlText::plain(const YAML::Node& value, std::string_view what) const {
  if (!value.IsScalar() || value.Scalar().empty()) {
    refuse(fmt::format("{} must have a plain value, found {}", what,
                       value.IsMap()        ? "a mapping"
                       : value.IsSequence() ? "a list"
                                            : "none"),
           value);
  }
  return value.Scalar();
}

double YamlText::number(const YAML::Node& value, std::string_view what) const {
  const std::string text = plain(value, what);
  double found = 0;
  const char* begin = text.data() + (text.starts_with('+') ? 1 : 0);
  const auto [end, error] = std::from_chars(begin, text.data() + text.size(), found);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(found)) {
    refuse(fmt::format("{} must be a number, found '{}'", what, text), value);
  }
  return found;
}

char YamlText::first_character(const YAML::Node& value) const {
  const YAML::Mark mark = value.Mark();
  if (mark.is_null() || mark.line < 0 || static_cast<std::size_t>(mark.line) >= lines_.size()) {
    return '\0';
  }
  const std::string& line = lines_[static_cast<std::size_t>(mark.line)];
  const auto column = static_cast<std::size_t>(mark.column);
  return column < line.size() ? line[column] : '\0';
}

bool YamlText::is_literal(const YAML::Node& value) const { return first_character(value) == '|'; }

bool YamlText::is_quoted(const YAML::Node& value) const {
  const char first = first_character(value);
  return first == '"' || first == '\'';
}

Body YamlText::literal(const YAML::Node& value) const {
  Body body{.line = static_cast<std::size_t>(value.Mark().line) + 1,
            .column = 0,
            .lines = split_lines(value.Scalar())};
  for (std::size_t i = 0; i < body.lines.size(); ++i) {
    const std::size_t inner = body.lines[i].find_first_not_of(' ');
    if (inner == std::string::npos || body.line + i >= lines_.size()) continue;
    const std::size_t outer = lines_[body.line + i].find_first_not_of(' ');
    if (outer != std::string::npos && outer > inner) body.column = outer - inner;
    break;
  }
  return body;
}

}  // namespace tickwerk::strategy
