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
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  const std::size_t first = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  line.begin = before == std::string_view::npos ? std::min(first, offset) : before + 1;
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

/// A span in the text that the user knows.
struct Place {
  std::string_view text;
  syntax::Span span;
};

std::uint32_t written_at(const syntax::Origin& origin, std::uint32_t offset) {
  const std::uint32_t size = origin.part.end - origin.part.begin;
  const bool same_size = origin.written.end - origin.written.begin == size;
  return origin.written.begin + (same_size ? std::min(offset - origin.part.begin, size) : 0);
}

Place place_of(const syntax::Source& source, syntax::Span span) {
  if (source.written == nullptr || source.written->origins.empty()) return {source.text, span};
  const std::vector<syntax::Origin>& origins = source.written->origins;
  const auto origin_of = [&](std::uint32_t offset) -> const syntax::Origin& {
    const auto next = std::upper_bound(
        origins.begin(), origins.end(), offset,
        [](std::uint32_t at, const syntax::Origin& origin) { return at < origin.part.begin; });
    return next == origins.begin() ? *next : *(next - 1);
  };
  const syntax::Origin& first = origin_of(span.begin);
  const syntax::Origin& last = origin_of(span.end > span.begin ? span.end - 1 : span.begin);
  const bool last_same_size =
      last.written.end - last.written.begin == last.part.end - last.part.begin;
  const std::uint32_t begin = written_at(first, span.begin);
  const std::uint32_t end = last_same_size ? written_at(last, span.end) : last.written.end;
  return {source.written->text, {begin, std::max(begin, end)}};
}

}  // namespace

Error error_at(const syntax::Source& source, syntax::Span span, const Diagnosis& diagnosis) {
  const Place place = place_of(source, span);
  const Line line = line_at(place.text, place.span.begin);
  const std::size_t begin = std::min<std::size_t>(place.span.begin - line.begin, line.text.size());
  const std::size_t end =
      std::clamp<std::size_t>(place.span.end - line.begin, begin, line.text.size());
  const std::size_t column = num_utf8_characters(line.text.substr(0, begin));
  const std::size_t width = num_utf8_characters(line.text.substr(begin, end - begin));
  std::string text = fmt::format("{}:{}:{}: {}\n{}", source.name, line.number, column + 1,
                                 diagnosis.message, excerpt(line.text, column, width));
  if (!diagnosis.hint.empty()) text += fmt::format("\n  hint: {}", diagnosis.hint);
  for (const std::string& note : diagnosis.notes) text += fmt::format("\n  note: {}", note);
  return {diagnosis.code, text};
}

std::string line_place(const syntax::Source& source, std::uint32_t line) {
  if (source.written == nullptr) return fmt::format("{}:{}", source.name, line);
  std::size_t begin = 0;
  for (std::uint32_t before = 1; before < line; ++before) begin = source.text.find('\n', begin) + 1;
  const auto offset = static_cast<std::uint32_t>(begin);
  const Place place = place_of(source, {offset, offset});
  return fmt::format("{}:{}", source.name, line_at(place.text, place.span.begin).number);
}

std::string exact_place(const syntax::Source& source, std::uint32_t offset) {
  const Place place = place_of(source, {offset, offset});
  const std::uint32_t at = place.span.begin;
  const Line line = line_at(place.text, at);
  return fmt::format("{}:{}:{}", source.name, line.number,
                     num_utf8_characters(line.text.substr(0, at - line.begin)) + 1);
}

std::string quoted_text(std::string_view text) {
  const std::string_view shown = characters(text, 0, kQuotedWidth);
  return visible(shown) + (shown.size() < text.size() ? "..." : "");
}

}  // namespace tickwerk::expr
