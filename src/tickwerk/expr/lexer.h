// From text to tokens: the first half of the parser. Refuses what is not UTF-8 and what no rule of
// the language begins with; decides which line ends count.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "tickwerk/expr/syntax.h"

namespace tickwerk::expr {

enum class TokenKind {
  kName,
  kEvent,  // a dotted name
  kNumber,
  kString,
  kAnd,
  kOr,
  kNot,
  kTrue,
  kFalse,
  kImport,
  kParam,
  kLabel,
  kPlus,
  kMinus,
  kTimes,
  kDivide,
  kPower,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kEqual,
  kNotEqual,
  kAssign,
  kComma,
  kLeftParenthesis,
  kRightParenthesis,
  kLeftBracket,
  kRightBracket,
  kNewline,
  kEnd,
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  syntax::Span span;
  std::uint32_t line = 1;
  double number = 0;
};

enum class CommentPlace { kOwnLine, kAfterText };

struct Comment {
  std::string_view text;  // without '#' and the spaces around it
  std::uint32_t line = 1;
  CommentPlace place = CommentPlace::kOwnLine;
};

/// kRegistry: definitions of operators, which may use names that begin with '$'.
enum class Dialect { kUser, kRegistry };

struct Tokens {
  std::vector<Token> tokens;  // the last one is kEnd
  std::vector<Comment> comments;
};

/// Throws kInvalidArgument with place and caret. A line end inside ( ) or [ ], after a binary
/// operator or on an empty line is no token.
Tokens tokenize(const syntax::Source& source, Dialect dialect);

/// True of words that no definition may be called.
bool is_keyword(std::string_view word);

}  // namespace tickwerk::expr
