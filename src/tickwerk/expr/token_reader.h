// The tokens of one text, read from the first to the last, and the errors that point at them. Under
// expression_parser.h and parser.cpp; knows no grammar.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "tickwerk/expr/lexer.h"
#include "tickwerk/expr/syntax.h"

namespace tickwerk::expr {

class TokenReader {
 public:
  TokenReader(syntax::Source source, Dialect dialect);

 protected:
  /// The one that comes next, or one `ahead` of it; behind the end the end.
  const Token& token(std::size_t ahead = 0) const {
    return lexed_.tokens[std::min(at_ + ahead, lexed_.tokens.size() - 1)];
  }
  bool at(TokenKind kind) const { return token().kind == kind; }
  const Token& take() { return lexed_.tokens[at_ + 1 < lexed_.tokens.size() ? at_++ : at_]; }
  std::string_view text(syntax::Span span) const { return tree_->text_of(span); }

  /// Takes a token of that kind; throws where another stands. `what` must stand here.
  syntax::Span expect(TokenKind kind, std::string_view what, std::string_view hint = {});

  /// Throws kInvalidArgument with place and caret.
  [[noreturn]] void fail(syntax::Span span, std::string message, std::string hint = {}) const;
  /// The token as a message calls it.
  std::string found(const Token& token) const;

  std::unique_ptr<syntax::Tree> tree_;  // what has been parsed so far
  Tokens lexed_;
  std::size_t at_ = 0;
};

}  // namespace tickwerk::expr
