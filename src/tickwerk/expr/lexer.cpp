#include "tickwerk/expr/lexer.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include "tickwerk/base/utf8.h"
#include "tickwerk/expr/diagnostic.h"
#include "tickwerk/expr/names.h"

namespace tickwerk::expr {
namespace {

constexpr std::size_t kMaxTextBytes = std::size_t{16} << 20;
constexpr std::size_t kMaxNameBytes = 100;

constexpr std::array<std::pair<std::string_view, TokenKind>, 9> kKeywords{{
    {"and", TokenKind::kAnd},
    {"or", TokenKind::kOr},
    {"not", TokenKind::kNot},
    {"true", TokenKind::kTrue},
    {"false", TokenKind::kFalse},
    {"nan", TokenKind::kNumber},
    {"import", TokenKind::kImport},
    {"param", TokenKind::kParam},
    {"label", TokenKind::kLabel},
}};

struct Symbol {
  std::string_view text;
  TokenKind kind;
};

constexpr std::array<Symbol, 17> kSymbols{{
    {"<=", TokenKind::kLessEqual},
    {">=", TokenKind::kGreaterEqual},
    {"==", TokenKind::kEqual},
    {"!=", TokenKind::kNotEqual},
    {"<", TokenKind::kLess},
    {">", TokenKind::kGreater},
    {"=", TokenKind::kAssign},
    {"+", TokenKind::kPlus},
    {"-", TokenKind::kMinus},
    {"*", TokenKind::kTimes},
    {"/", TokenKind::kDivide},
    {"^", TokenKind::kPower},
    {",", TokenKind::kComma},
    {"(", TokenKind::kLeftParenthesis},
    {")", TokenKind::kRightParenthesis},
    {"[", TokenKind::kLeftBracket},
    {"]", TokenKind::kRightBracket},
}};

/// Spellings of other languages and of word processors, and how this one says it; of two that begin
/// alike the longer first.
constexpr auto kForeign = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"**", "a power is written x ^ 2"},
    {"+=", "write name = expression; cum_sum(x) adds up all bars so far"},
    {"-=", "write name = expression"},
    {"*=", "write name = expression"},
    {"/=", "write name = expression"},
    {":=", "write name = expression"},
    {"=>", "write >="},
    {"=<", "write <="},
    {"<>", "write !="},
    {"->", "a function is written f(x) = expression"},
    {"&&", "write `and`"},
    {"||", "write `or`"},
    {"&", "write `and`"},
    {"|", "write `or`"},
    {"!", "write `not`"},
    {"~", "write `not`"},
    {"?", "write where(condition, a, b)"},
    {";", "one definition stands on one line"},
    {"//", "a comment begins with #, a quotient is written a / b"},
    {"%", "the remainder is a - b * floor(a / b)"},
    {"{", "use ( and )"},
    {"}", "use ( and )"},
    {"'", "names of fields are written without quotes, files of imports in \""},
    {"`", "names are written without quotes"},
    {"\\", "a line goes on inside ( ) or after an operator"},
    {"@", "a definition is written name = expression"},
    {"\u2212", "a minus is written -"},
    {"\u2013", "a minus is written -"},
    {"\u2014", "a minus is written -"},
    {"\u00d7", "a product is written a * b"},
    {"\u00f7", "a quotient is written a / b"},
    {"\u2264", "write <="},
    {"\u2265", "write >="},
    {"\u2260", "write !="},
    {"\u201c", "names of fields are written without quotes, files of imports in \""},
    {"\u201d", "names of fields are written without quotes, files of imports in \""},
    {"\u00a0", "this space is not the usual one (no-break space)"},
});

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

void check_bytes(const syntax::Source& source) {
  const std::string_view text = source.text;
  if (text.size() > kMaxTextBytes) {
    throw Error(Code::kInvalidArgument, fmt::format("a text must have at most {} bytes: {} in {}",
                                                    kMaxTextBytes, text.size(), source.name));
  }
  if (const auto at = first_not_utf8(text)) {
    const bool is_utf16 = text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff");
    throw Error(Code::kInvalidArgument,
                fmt::format("text must be UTF-8{}: byte 0x{:02x} at offset {} of {}",
                            is_utf16 ? ", found UTF-16" : "", static_cast<unsigned char>(text[*at]),
                            *at, exact_place(source, static_cast<std::uint32_t>(*at))));
  }
}

bool continues_line(TokenKind kind) {
  switch (kind) {
    case TokenKind::kAnd:
    case TokenKind::kOr:
    case TokenKind::kNot:
    case TokenKind::kPlus:
    case TokenKind::kMinus:
    case TokenKind::kTimes:
    case TokenKind::kDivide:
    case TokenKind::kPower:
    case TokenKind::kLess:
    case TokenKind::kLessEqual:
    case TokenKind::kGreater:
    case TokenKind::kGreaterEqual:
    case TokenKind::kEqual:
    case TokenKind::kNotEqual:
    case TokenKind::kNewline:
      return true;
    default:
      return false;
  }
}

class Lexer {
 public:
  Lexer(const syntax::Source& source, Dialect dialect)
      : source_(source), text_(source.text), dialect_(dialect) {}

  Tokens run() {
    check_bytes(source_);
    if (text_.starts_with(kByteOrderMark)) at_ = kByteOrderMark.size();  // says nothing in UTF-8
    out_.tokens.reserve(text_.size() / 3 + 2);
    while (at_ < text_.size()) next();
    end_line();
    add(TokenKind::kEnd, at_);
    return std::move(out_);
  }

 private:
  char look(std::size_t ahead) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  void add(TokenKind kind, std::size_t begin, double number = 0) {
    const syntax::Span span{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at_)};
    out_.tokens.push_back({kind, span, line_, number});
  }

  [[noreturn]] void fail(std::size_t begin, std::string message, std::string hint = {}) const {
    const std::size_t end = std::max(at_, begin + 1);
    throw error_at(source_, {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)},
                   {std::move(message), std::move(hint)});
  }

  void end_line() {
    if (depth_ == 0 && !out_.tokens.empty() && !continues_line(out_.tokens.back().kind)) {
      add(TokenKind::kNewline, at_);
    }
  }

  void next() {
    const char c = text_[at_];
    if (c == '\n') {
      end_line();
      ++at_;
      ++line_;
    } else if (c == ' ' || c == '\t' || (c == '\r' && ends_line(1))) {
      ++at_;
    } else if (c == '\r') {
      fail(at_, "a line must end with a line feed, found a carriage return alone");
    } else if (c == '.' && is_letter(look(1))) {
      method();
    } else if (c == '#') {
      comment();
    } else if (is_letter(c) || (c == '$' && dialect_ == Dialect::kRegistry)) {
      word();
    } else if (is_digit(c) || (c == '.' && is_digit(look(1)))) {
      number();
    } else if (c == '"') {
      string();
    } else {
      symbol();
    }
  }

  bool ends_line(std::size_t ahead) const {
    return look(ahead) == '\n' || at_ + ahead == text_.size();
  }

  /// A name behind a point that is no field of events: of a call, an offset or parentheses.
  [[noreturn]] void method() {
    const std::size_t begin = at_++;
    while (is_letter(look(0)) || is_digit(look(0))) ++at_;
    const std::string_view name = text_.substr(begin + 1, at_ - begin - 1);
    fail(begin, fmt::format("the language has no methods: {}", quoted_text(name)),
         method_hint(name));
  }

  void comment() {
    const bool own_line = out_.tokens.empty() || out_.tokens.back().line != line_ ||
                          out_.tokens.back().kind == TokenKind::kNewline;
    const std::size_t end = std::min(text_.find('\n', at_), text_.size());
    std::string_view body = text_.substr(at_, end - at_);
    while (!body.empty() && (body.front() == '#' || body.front() == ' ')) body.remove_prefix(1);
    while (!body.empty() && (body.back() == ' ' || body.back() == '\r' || body.back() == '\t')) {
      body.remove_suffix(1);
    }
    out_.comments.push_back(
        {body, line_, own_line ? CommentPlace::kOwnLine : CommentPlace::kAfterText});
    at_ = end;
  }

  void word() {
    const std::size_t begin = at_++;
    const auto rest = [&] {
      while (at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_]))) ++at_;
    };
    rest();
    TokenKind kind = TokenKind::kName;
    if (look(0) == '.' && is_letter(look(1))) {
      kind = TokenKind::kEvent;
      ++at_;
      rest();
    }
    const std::string_view name = text_.substr(begin, at_ - begin);
    if (name.size() > kMaxNameBytes) {
      fail(begin,
           fmt::format("a name must have at most {} characters: {}", kMaxNameBytes, name.size()));
    }
    for (const auto& [keyword, meaning] : kKeywords) {
      if (name == keyword) kind = meaning;
    }
    add(kind, begin, kind == TokenKind::kNumber ? std::numeric_limits<double>::quiet_NaN() : 0.0);
  }

  void number() {
    const std::size_t begin = at_;
    double value = 0;
    const auto [end, problem] =
        std::from_chars(text_.data() + begin, text_.data() + text_.size(), value);
    at_ = static_cast<std::size_t>(end - text_.data());
    if (problem == std::errc::result_out_of_range) {
      fail(begin, "a number must fit a double: " + quoted_text(text_.substr(begin, at_ - begin)));
    }
    if (is_letter(look(0)) || is_digit(look(0)) || look(0) == '.') {
      while (is_letter(look(0)) || is_digit(look(0)) || look(0) == '.') ++at_;
      fail(begin,
           "a number must be written like 20, 0.5 or 1e-9: " +
               quoted_text(text_.substr(begin, at_ - begin)),
           "a name begins with a letter");
    }
    add(TokenKind::kNumber, begin, value);
  }

  void string() {
    const std::size_t begin = at_;
    const std::size_t end = text_.find_first_of("\"\n", at_ + 1);
    if (end == std::string_view::npos || text_[end] == '\n') {
      at_ = std::min(end, text_.size());
      fail(begin, "a file name must end with \" on its line");
    }
    at_ = end + 1;
    add(TokenKind::kString, begin);
  }

  void symbol() {
    const std::size_t begin = at_;
    const std::string_view rest = text_.substr(at_);
    for (const auto& [foreign, hint] : kForeign) {
      if (!rest.starts_with(foreign) || rest.starts_with("!=")) continue;
      at_ += foreign.size();
      fail(begin, fmt::format("the language has no '{}'", foreign), std::string(hint));
    }
    for (const Symbol& known : kSymbols) {
      if (!rest.starts_with(known.text)) continue;
      at_ += known.text.size();
      if (known.kind == TokenKind::kLeftParenthesis || known.kind == TokenKind::kLeftBracket) {
        ++depth_;
      }
      const bool closes =
          known.kind == TokenKind::kRightParenthesis || known.kind == TokenKind::kRightBracket;
      if (closes && depth_ > 0) --depth_;
      add(known.kind, begin);
      return;
    }
    at_ += utf8_character_size(text_, at_);
    const std::string_view character = text_.substr(begin, at_ - begin);
    if (character == "$") fail(begin, "names that begin with '$' are internal");
    if (static_cast<unsigned char>(character[0]) < 0x20 || character[0] == 0x7f) {
      fail(begin, fmt::format("a text must have no control characters: 0x{:02x}",
                              static_cast<unsigned char>(character[0])));
    }
    const bool inside = depth_ > 0 && character == ":";
    fail(begin, fmt::format("the language has no '{}'", character),
         character != ":" ? ""
         : inside         ? "an offset is one number: x[-20]; windows are operators: ts_mean(x, 20)"
                  : "a definition is written name = expression, a function f(x) = expression");
  }

  const syntax::Source& source_;
  std::string_view text_;
  Dialect dialect_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 1;
  std::size_t depth_ = 0;
  Tokens out_;
};

}  // namespace

Tokens tokenize(const syntax::Source& source, Dialect dialect) {
  return Lexer(source, dialect).run();
}

bool is_keyword(std::string_view word) {
  for (const auto& entry : kKeywords) {
    if (entry.first == word) return true;
  }
  return false;
}

}  // namespace tickwerk::expr
