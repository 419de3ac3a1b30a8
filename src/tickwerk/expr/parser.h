// From one text to its syntax tree: declarations, imports and expressions. Knows no names, no
// operators and no other file; what they mean is the lowering's affair.
#pragma once

#include <memory>
#include <string>

#include "tickwerk/expr/lexer.h"
#include "tickwerk/expr/module.h"
#include "tickwerk/expr/syntax.h"

namespace tickwerk::expr {

/// Parentheses, calls, offsets, signs and powers inside each other; chains like a + b + c are none.
inline constexpr std::size_t kMaxNesting = 200;

/// The lines of a file. Throws kInvalidArgument with place and caret.
std::unique_ptr<syntax::Tree> parse_file(syntax::Source source, BareExpressions bare);

/// One expression and nothing else.
struct ParsedExpression {
  std::unique_ptr<syntax::Tree> tree;
  syntax::Body body;
  syntax::Span text;
};
ParsedExpression parse_expression(syntax::Source source, Dialect dialect);

}  // namespace tickwerk::expr
