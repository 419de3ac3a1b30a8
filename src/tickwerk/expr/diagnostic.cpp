#include "tickwerk/expr/diagnostic.h"

#include <fmt/format.h>

#include <algorithm>

#include "tickwerk/base/utf8.h"

namespace tickwerk::expr {
namespace {

constexpr std::size_t kExcerptWidth = 100;  // characters of a source line that are shown
constexpr std::size_t kQuotedWidth = 60;

bool is_control(char byte) {
  return static_cast<unsigned char>(byte) < 0x20 || static_cast<unsigned char>(byte) == 0x7f;
}

std::string visible(std::string_view text) {
  std::string shown(text);
  std::replace_if(shown.begin(), shown.end(), is_control, ' ');
  return shown;
}

struct Line {
  std::size_t number = 1;
  std::string_view text;
  std::size_t begin = 0;
};

Line line_at(std::string_view text, std::size_t offset) {
  offset = std::min(offset, text.size());
  Line line;
  line.number += static_cast<std::size_t>(std::count(text.begin(), text.begin() + offset, '\n'));
  const std::size_t before = offset == 0 ? std::string_view::npos : text.rfind('\n', offset - 1);
  line.begin = before == std::string_view::npos ? 0 : before + 1;
  line.text = text.substr(line.begin, text.find('\n', offset) - line.begin);
  while (!line.text.empty() && line.text.back() == '\r') line.text.remove_suffix(1);
  return line;
}

/// The bytes of `text` from character `first` on, at most `count` characters.
std::string_view characters(std::string_view text, std::size_t first, std::size_t count) {
  std::size_t begin = 0;
  const auto skip = [&](std::size_t from, std::size_t wanted) {
    std::size_t at = from;
    for (; wanted > 0 && at < text.size(); --wanted) {
      ++at;
      while (at < text.size() && !begins_utf8_character(text[at])) ++at;
    }
    return at;
  };
  begin = skip(0, first);
  return text.substr(begin, skip(begin, count) - begin);
}

/// The line and the caret line below it, cut to the part around the caret.
std::string excerpt(std::string_view line, std::size_t column, std::size_t width) {
  const std::size_t total = num_utf8_characters(line);
  std::size_t first = 0;
  if (total > kExcerptWidth && column + std::min(width, kExcerptWidth / 2) > kExcerptWidth - 4) {
    first = std::min(column - std::min<std::size_t>(column, kExcerptWidth / 4),
                     total - std::min(total, kExcerptWidth / 2));
  }
  const std::string_view shown = characters(line, first, kExcerptWidth);
  const std::string_view left = first > 0 ? "..." : "";
  const std::string_view right = first + kExcerptWidth < total ? "..." : "";
  const std::size_t room = first + kExcerptWidth > column ? first + kExcerptWidth - column : 1;
  const std::size_t tildes = std::clamp<std::size_t>(width, 1, std::max<std::size_t>(room, 1)) - 1;
  return fmt::format("  {}{}{}\n  {}^{}", left, visible(shown), right,
                     std::string(left.size() + (column - first), ' '), std::string(tildes, '~'));
}

}  // namespace

Error error_at(const syntax::Source& source, syntax::Span span, const Diagnosis& diagnosis) {
  const Line line = line_at(source.text, span.begin);
  const std::size_t begin = std::min<std::size_t>(span.begin - line.begin, line.text.size());
  const std::size_t end = std::clamp<std::size_t>(span.end - line.begin, begin, line.text.size());
  const std::size_t column = num_utf8_characters(line.text.substr(0, begin));
  const std::size_t width = num_utf8_characters(line.text.substr(begin, end - begin));
  std::string text = fmt::format("{}:{}:{}: {}\n{}", source.name, line.number, column + 1,
                                 diagnosis.message, excerpt(line.text, column, width));
  if (!diagnosis.hint.empty()) text += fmt::format("\n  hint: {}", diagnosis.hint);
  for (const std::string& note : diagnosis.notes) text += fmt::format("\n  note: {}", note);
  return {diagnosis.code, text};
}

std::string line_place(const syntax::Source& source, std::uint32_t line) {
  return fmt::format("{}:{}", source.name, line);
}

std::string exact_place(const syntax::Source& source, std::uint32_t offset) {
  const Line line = line_at(source.text, offset);
  return fmt::format("{}:{}:{}", source.name, line.number,
                     num_utf8_characters(line.text.substr(0, offset - line.begin)) + 1);
}

std::string quoted_text(std::string_view text) {
  const std::string_view shown = characters(text, 0, kQuotedWidth);
  return visible(shown) + (shown.size() < text.size() ? "..." : "");
}

}  // namespace tickwerk::expr
