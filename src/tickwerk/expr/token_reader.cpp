#include "tickwerk/expr/token_reader.h"

#include <fmt/format.h>

#include "tickwerk/expr/diagnostic.h"

namespace tickwerk::expr {

using syntax::Span;

TokenReader::TokenReader(syntax::Source source, Dialect dialect)
    : tree_(std::make_unique<syntax::Tree>()) {
  tree_->source = std::move(source);
  lexed_ = tokenize(tree_->source, dialect);
  tree_->exprs.reserve(lexed_.tokens.size() / 2 + 1);
}

void TokenReader::fail(Span span, std::string message, std::string hint) const {
  throw error_at(tree_->source, span, {std::move(message), std::move(hint)});
}

std::string TokenReader::found(const Token& token) const {
  if (token.kind == TokenKind::kEnd) return "the end of the text";
  if (token.kind == TokenKind::kNewline) return "the end of the line";
  return fmt::format("'{}'", quoted_text(text(token.span)));
}

Span TokenReader::expect(TokenKind kind, std::string_view what, std::string_view hint) {
  if (!at(kind)) {
    fail(token().span, fmt::format("{} must stand here, found {}", what, found(token())),
         std::string(hint));
  }
  return take().span;
}

}  // namespace tickwerk::expr
