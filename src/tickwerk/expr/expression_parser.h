// One expression: operators by precedence, calls, offsets, parentheses. Under parser.cpp, which
// adds the lines of a file.
#pragma once

#include <span>
#include <string_view>
#include <utility>

#include "tickwerk/expr/token_reader.h"

namespace tickwerk::expr {

/// Whether the token stands between two operands.
bool is_infix(TokenKind token) noexcept;

class ExpressionParser : public TokenReader {
 public:
  using TokenReader::TokenReader;

 protected:
  /// The expression that begins here, and the text it takes. Throws kInvalidArgument with place and
  /// caret.
  std::pair<syntax::Body, syntax::Span> body();

 private:
  /// An expression with the bytes it takes, parentheses included.
  struct Operand {
    syntax::ExprId id = 0;
    syntax::Span extent;
  };

  syntax::ExprId add(const syntax::Expr& expr);
  Operand call(std::string_view name,
               syntax::Span span,
               std::span<const syntax::Argument> arguments);
  Operand symbol_call(std::string_view name, syntax::Span span, syntax::ExprId a);
  Operand symbol_call(std::string_view name, syntax::Span span, syntax::ExprId a, syntax::ExprId b);

  void enter(syntax::Span span);
  /// What binds at least as tightly as `level`.
  Operand parse(int level);
  Operand prefix(int level);
  Operand signed_by(std::string_view name, int level);
  Operand offset(const Operand& series);
  Operand primary();
  Operand named_call(const Token& name);
  syntax::Span closing(TokenKind kind, syntax::Span open);

  void refuse_chain(const Token& first) const;
  [[noreturn]] void refuse_method(const Token& dotted) const;

  std::size_t depth_ = 0;
};

}  // namespace tickwerk::expr
