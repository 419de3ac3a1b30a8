#include "tickwerk/expr/expression_parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "tickwerk/expr/diagnostic.h"
#include "tickwerk/expr/names.h"
#include "tickwerk/expr/parser.h"
#include "tickwerk/expr/precedence.h"

namespace tickwerk::expr {

using syntax::Argument;
using syntax::Body;
using syntax::Expr;
using syntax::ExprId;
using syntax::ExprKind;
using syntax::Span;

namespace {

struct Infix {
  TokenKind token;
  Level level;
  std::string_view call;
};

constexpr Infix kInfix[] = {
    {TokenKind::kOr, kOrLevel, "$or"},
    {TokenKind::kAnd, kAndLevel, "$and"},
    {TokenKind::kLess, kComparisonLevel, "$less"},
    {TokenKind::kLessEqual, kComparisonLevel, "$less_equal"},
    {TokenKind::kGreater, kComparisonLevel, "$greater"},
    {TokenKind::kGreaterEqual, kComparisonLevel, "$greater_equal"},
    {TokenKind::kEqual, kComparisonLevel, "$equal"},
    {TokenKind::kNotEqual, kComparisonLevel, "$not_equal"},
    {TokenKind::kPlus, kSumLevel, "$add"},
    {TokenKind::kMinus, kSumLevel, "$subtract"},
    {TokenKind::kTimes, kProductLevel, "$multiply"},
    {TokenKind::kDivide, kProductLevel, "$divide"},
    {TokenKind::kPower, kPowerLevel, "$power"},
};

const Infix* infix(TokenKind token) {
  const auto* found = std::find_if(std::begin(kInfix), std::end(kInfix),
                                   [&](const Infix& entry) { return entry.token == token; });
  return found == std::end(kInfix) ? nullptr : found;
}

}  // namespace

bool is_infix(TokenKind token) noexcept { return infix(token) != nullptr; }

std::pair<Body, Span> ExpressionParser::body() {
  const auto first = static_cast<ExprId>(tree_->exprs.size());
  const Operand operand = parse(kAnyLevel);
  return {{first, operand.id}, operand.extent};
}

ExprId ExpressionParser::add(const Expr& expr) {
  tree_->exprs.push_back(expr);
  return static_cast<ExprId>(tree_->exprs.size() - 1);
}

ExpressionParser::Operand ExpressionParser::call(std::string_view name,
                                                 Span span,
                                                 std::span<const Argument> arguments) {
  Expr expr;
  expr.kind = ExprKind::kCall;
  expr.name = name;
  expr.span = span;
  expr.first_argument = static_cast<std::uint32_t>(tree_->arguments.size());
  expr.num_arguments = static_cast<std::uint32_t>(arguments.size());
  tree_->arguments.insert(tree_->arguments.end(), arguments.begin(), arguments.end());
  return {add(expr), span};
}

ExpressionParser::Operand ExpressionParser::symbol_call(std::string_view name,
                                                        Span span,
                                                        ExprId a) {
  const Argument arguments[] = {{{}, {}, a}};
  return call(name, span, arguments);
}

ExpressionParser::Operand ExpressionParser::symbol_call(std::string_view name,
                                                        Span span,
                                                        ExprId a,
                                                        ExprId b) {
  const Argument arguments[] = {{{}, {}, a}, {{}, {}, b}};
  return call(name, span, arguments);
}

void ExpressionParser::enter(Span span) {
  if (++depth_ > kMaxNesting) {
    fail(span, fmt::format("an expression must nest at most {} levels deep", kMaxNesting),
         "give the inner parts names of their own");
  }
}

ExpressionParser::Operand ExpressionParser::parse(int level) {
  Operand left = prefix(level);
  for (;;) {
    const Infix* symbol = infix(token().kind);
    if (symbol == nullptr || symbol->level < level) return left;
    const Token& at_symbol = take();
    Operand right;
    if (symbol->level == kPowerLevel) {
      enter(at_symbol.span);
      right = parse(kSignLevel);
      --depth_;
    } else {
      right = parse(symbol->level + 1);
    }
    left = symbol_call(symbol->call, {left.extent.begin, right.extent.end}, left.id, right.id);
    if (symbol->level == kComparisonLevel) refuse_chain(at_symbol);
  }
}

void ExpressionParser::refuse_chain(const Token& first) const {
  const Infix* next = infix(token().kind);
  if (next == nullptr || next->level != kComparisonLevel) return;
  fail(token().span, "a comparison must have two sides, found a third",
       fmt::format("write a {} b and b {} c", text(first.span), text(token().span)));
}

ExpressionParser::Operand ExpressionParser::prefix(int level) {
  const Token& first = token();
  if (first.kind == TokenKind::kNot) {
    if (level > kNotLevel) {
      fail(first.span, "'not' must not stand right after an operator that binds tighter",
           "write (not x)");
    }
    return signed_by("$not", kNotLevel);
  }
  if (first.kind == TokenKind::kMinus) return signed_by("$negate", kSignLevel);
  if (first.kind == TokenKind::kPlus) {
    fail(first.span, "an expression must not begin with '+'",
         "only an offset may be written with it: close[+20]");
  }
  Operand operand = primary();
  while (at(TokenKind::kLeftBracket)) operand = offset(operand);
  return operand;
}

ExpressionParser::Operand ExpressionParser::signed_by(std::string_view name, int level) {
  const Span sign = take().span;
  enter(sign);
  const Operand operand = parse(level);
  --depth_;
  return symbol_call(name, {sign.begin, operand.extent.end}, operand.id);
}

ExpressionParser::Operand ExpressionParser::offset(const Operand& series) {
  const Span open = take().span;
  enter(open);
  const Token& first = token();
  if (first.kind == TokenKind::kPlus) {
    take();
  } else if (first.kind == TokenKind::kNumber && token(1).kind == TokenKind::kRightBracket &&
             first.number != 0) {
    const std::string_view x = text(series.extent), n = text(first.span);
    fail(first.span, "an offset must be written with its sign",
         fmt::format("{}[-{}] is {} bars ago, {}[+{}] is {} bars ahead", quoted_text(x), n, n,
                     quoted_text(x), n, n));
  }
  const Operand bars = parse(kAnyLevel);
  const Span close = closing(TokenKind::kRightBracket, open);
  --depth_;
  return symbol_call("$offset", {series.extent.begin, close.end}, series.id, bars.id);
}

Span ExpressionParser::closing(TokenKind kind, Span open) {
  if (at(kind)) return take().span;
  const std::string_view symbol = kind == TokenKind::kRightBracket ? "]" : ")";
  if (at(TokenKind::kEnd) || at(TokenKind::kAssign)) {
    fail(open, fmt::format("'{}' must be closed by '{}'", text(open), symbol));
  }
  const bool too_many = at(TokenKind::kComma);
  fail(token().span, fmt::format("'{}' must stand here, found {}", symbol, found(token())),
       too_many ? "a comma stands between the arguments of a call only" : "");
}

ExpressionParser::Operand ExpressionParser::primary() {
  const Token first = take();
  Expr expr;
  expr.span = first.span;
  switch (first.kind) {
    case TokenKind::kNumber:
      expr.number = first.number;
      return {add(expr), expr.span};
    case TokenKind::kTrue:
    case TokenKind::kFalse:
      expr.kind = ExprKind::kBoolean;
      expr.number = first.kind == TokenKind::kTrue ? 1 : 0;
      return {add(expr), expr.span};
    case TokenKind::kEvent:
      if (at(TokenKind::kLeftParenthesis)) refuse_method(first);
      expr.kind = ExprKind::kEvent;
      expr.name = text(expr.span);
      return {add(expr), expr.span};
    case TokenKind::kName:
      if (at(TokenKind::kLeftParenthesis)) return named_call(first);
      expr.kind = ExprKind::kName;
      expr.name = text(expr.span);
      return {add(expr), expr.span};
    case TokenKind::kLeftParenthesis: {
      enter(first.span);
      const Operand inner = parse(kAnyLevel);
      const Span close = closing(TokenKind::kRightParenthesis, first.span);
      --depth_;
      return {inner.id, {first.span.begin, close.end}};
    }
    default:
      fail(first.span, fmt::format("an expression must stand here, found {}", found(first)),
           first.kind == TokenKind::kString ? "names of fields are written without quotes" : "");
  }
}

/// `close.shift(1)`, `np.log(close)`.
void ExpressionParser::refuse_method(const Token& dotted) const {
  const std::string_view whole = text(dotted.span);
  const std::string_view name = whole.substr(whole.find('.') + 1);
  const auto begin = dotted.span.end - static_cast<std::uint32_t>(name.size()) - 1;
  fail({begin, dotted.span.end}, fmt::format("the language has no methods: {}", quoted_text(name)),
       method_hint(name));
}

ExpressionParser::Operand ExpressionParser::named_call(const Token& name) {
  const Span open = take().span;
  enter(open);
  std::vector<Argument> arguments;
  while (!at(TokenKind::kRightParenthesis)) {
    Argument argument;
    if (at(TokenKind::kName) && token(1).kind == TokenKind::kAssign) {
      argument.name_span = take().span;
      argument.name = text(argument.name_span);
      take();
    } else if (!arguments.empty() && !arguments.back().name.empty()) {
      fail(token().span, "arguments by position must stand before those by name");
    }
    argument.value = parse(kAnyLevel).id;
    arguments.push_back(argument);
    if (at(TokenKind::kComma)) {
      take();
    } else if (!at(TokenKind::kRightParenthesis)) {
      closing(TokenKind::kRightParenthesis, open);
    }
  }
  const Span close = take().span;
  --depth_;
  return call(text(name.span), {name.span.begin, close.end}, arguments);
}

}  // namespace tickwerk::expr
