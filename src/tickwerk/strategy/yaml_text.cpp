#include "tickwerk/strategy/yaml_text.h"

#include <charconv>
#include <cmath>

#include "tickwerk/base/error.h"
#include "tickwerk/base/utf8.h"
#include "tickwerk/expr/diagnostic.h"

namespace tickwerk::strategy {
namespace {

using expr::syntax::Span;

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

std::string_view without_mark(std::string_view yaml) {
  if (yaml.starts_with(kByteOrderMark)) yaml.remove_prefix(kByteOrderMark.size());
  return yaml;
}

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::size_t end_of_spaces(std::string_view text, std::size_t at) {
  while (at < text.size() && is_space(text[at])) ++at;
  return at;
}

Span span_of(std::size_t begin, std::size_t end) {
  return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
}

/// Walks a scalar beside the file it was read from. They differ in white space (indentation, folded
/// lines) and in characters written with a sign before them; what differs otherwise has the place
/// of the whole.
class Alignment {
 public:
  Alignment(std::string_view scalar, std::string_view file, Span whole)
      : scalar_(scalar), file_(file), whole_(whole), at_(whole.begin) {}

  std::vector<expr::syntax::Origin> origins(std::size_t content) {
    at_ = content;
    while (next_ < scalar_.size()) {
      if (!step()) {
        add(scalar_.size(), whole_.begin, whole_.end);
        break;
      }
    }
    return std::move(origins_);
  }

 private:
  bool step() {
    const char wanted = scalar_[next_];
    const char found = at_ < file_.size() ? file_[at_] : '\0';
    if (is_space(wanted) || is_space(found)) {
      const std::size_t begin = at_;
      at_ = end_of_spaces(file_, at_);
      add(end_of_spaces(scalar_, next_), begin, at_);
      return true;
    }
    const bool signed_one = (found == '\\' || found == '\'') && at_ + 1 < file_.size() &&
                            file_[at_ + 1] == wanted && (found == wanted || found == '\\');
    if (signed_one && sign_counts()) {
      add(next_ + 1, at_, at_ + 2);
      at_ += 2;
      return true;
    }
    if (found != wanted) return false;
    add(next_ + 1, at_, at_ + 1);
    ++at_;
    return true;
  }

  /// `\\` stands before a character in double quotes, `'` before itself in single ones.
  bool sign_counts() const {
    const char quote = file_[whole_.begin];
    return file_[at_] == '\\' ? quote == '"' : quote == '\'';
  }

  void add(std::size_t next, std::size_t begin, std::size_t end) {
    const Span part = span_of(next_, next), written = span_of(begin, end);
    next_ = next;
    if (part.end == part.begin) return;
    const bool same = part.end - part.begin == written.end - written.begin;
    if (same && !origins_.empty()) {
      expr::syntax::Origin& last = origins_.back();
      const bool last_same =
          last.part.end - last.part.begin == last.written.end - last.written.begin;
      if (last_same && last.written.end == written.begin) {
        last.part.end = part.end;
        last.written.end = written.end;
        return;
      }
    }
    origins_.push_back({part, written});
  }

  std::string_view scalar_;
  std::string_view file_;
  Span whole_;
  std::size_t next_ = 0;  // in the scalar
  std::size_t at_;        // in the file
  std::vector<expr::syntax::Origin> origins_;
};

/// Behind the quote that closes what one at `begin` opens; empty when none does.
std::optional<std::size_t> end_of_quoted(std::string_view text, std::size_t begin) {
  const char quote = text[begin];
  for (std::size_t at = begin + 1; at < text.size(); ++at) {
    const bool before_another = at + 1 < text.size() && text[at + 1] == quote;
    if (quote == '"' && text[at] == '\\') {
      ++at;
    } else if (text[at] == quote && quote == '\'' && before_another) {
      ++at;
    } else if (text[at] == quote) {
      return at + 1;
    }
  }
  return std::nullopt;
}

}  // namespace

YamlText::YamlText(std::string_view yaml, std::string_view source)
    : file_{std::string(source), std::string(without_mark(yaml))} {
  if (const auto at = first_not_utf8(yaml)) {
    throw Error(Code::kInvalidArgument,
                fmt::format("a strategy file must be UTF-8, found byte 0x{:02x} at offset {} ({})",
                            static_cast<unsigned char>(yaml[*at]), *at, source));
  }
  line_begins_.push_back(0);
  for (std::size_t at = 0; at < text().size(); ++at) {
    if (text()[at] == '\n') line_begins_.push_back(static_cast<std::uint32_t>(at + 1));
  }
  root_ = parse();
}

std::uint32_t YamlText::offset_of(const YAML::Mark& mark) const {
  const auto size = static_cast<std::uint32_t>(text().size());
  if (mark.is_null() || mark.line < 0) return 0;
  const auto line = static_cast<std::size_t>(mark.line);
  if (line >= line_begins_.size()) return size;
  return std::min(line_begins_[line] + static_cast<std::uint32_t>(mark.column), size);
}

void YamlText::refuse_at(const std::string& sentence, Span span) const {
  throw expr::error_at(file_, span, {sentence});
}

void YamlText::refuse(const std::string& sentence, const YAML::Node& at) const {
  refuse_at(sentence, span(at));
}

void YamlText::miss(const std::string& sentence,
                    const YAML::Node& at,
                    const std::string& hint) const {
  throw expr::error_at(file_, span(at), {sentence, hint, Code::kNotFound});
}

YAML::Node YamlText::parse() const {
  std::vector<YAML::Node> documents;
  try {
    documents = YAML::LoadAll(text());
  } catch (const YAML::Exception& error) {
    std::uint32_t begin = offset_of(error.mark);
    while (begin > 0 && end_of_spaces(text(), begin) == text().size()) --begin;  // of the end
    throw expr::error_at(file_, {begin, begin},
                         {fmt::format("a strategy file must be YAML, found: {}", error.msg),
                          "an expression that holds ': ' or begins with a sign of YAML must be "
                          "quoted or stand in a block (`|`)"});
  }
  for (const YAML::Node& document : documents) require_closed_quotes(document);
  if (documents.size() != 1 || !documents[0].IsMap()) {
    throw Error(Code::kInvalidArgument,
                fmt::format("a strategy file must hold `key: value` lines of one strategy ({})",
                            file_.name));
  }
  return documents[0];
}

void YamlText::require_closed_quotes(const YAML::Node& node) const {
  if (node.IsScalar()) {
    std::size_t begin = offset_of(node.Mark());
    while (at(begin) == '&' || at(begin) == '!') {  // an anchor or a tag
      while (begin < text().size() && !is_space(at(begin))) ++begin;
      begin = end_of_spaces(text(), begin);
    }
    const char first = at(begin);
    if (first != '"' && first != '\'') return;
    if (end_of_quoted(text(), begin)) return;
    refuse_at(fmt::format("a text in quotes must end with {}, found the end of the file", first),
              span_of(begin, begin + 1));
  }
  if (node.IsMap()) {
    for (const auto& pair : node) {
      require_closed_quotes(pair.first);
      require_closed_quotes(pair.second);
    }
  }
  if (node.IsSequence()) {
    for (const YAML::Node& item : node) require_closed_quotes(item);
  }
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

bool YamlText::is_literal(const YAML::Node& value) const {
  return at(offset_of(value.Mark())) == '|';
}

Body YamlText::body(const YAML::Node& value) const {
  Body body{.text = value.Scalar(), .origins = {}, .written = span(value)};
  const char first = at(body.written.begin);
  std::size_t content = body.written.begin;
  if (first == '"' || first == '\'') ++content;
  if (first == '|' || first == '>') content = text().find('\n', content);
  body.origins = Alignment(body.text, text(), body.written).origins(content);
  return body;
}

Span YamlText::span(const YAML::Node& value) const {
  const std::uint32_t begin = offset_of(value.Mark());
  const char first = at(begin);
  if (!value.IsScalar()) return {begin, begin + 1};
  if (first == '"' || first == '\'') return span_of(begin, *end_of_quoted(text(), begin));
  const std::size_t end = std::min(text().find('\n', begin), text().size());
  const bool on_one_line = text().substr(begin, value.Scalar().size()) == value.Scalar();
  return span_of(begin, on_one_line ? begin + value.Scalar().size() : end);
}

}  // namespace tickwerk::strategy
