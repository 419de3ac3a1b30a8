#include "tickwerk/expr/parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "tickwerk/expr/diagnostic.h"
#include "tickwerk/expr/names.h"
#include "tickwerk/expr/precedence.h"

namespace tickwerk::expr {
namespace {

using syntax::Argument;
using syntax::Body;
using syntax::Declaration;
using syntax::DeclarationKind;
using syntax::Expr;
using syntax::ExprId;
using syntax::ExprKind;
using syntax::Span;

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

/// An expression with the bytes it takes, parentheses included.
struct Operand {
  ExprId id = 0;
  Span extent;
};

class Parser {
 public:
  Parser(syntax::Source source, Dialect dialect) : tree_(std::make_unique<syntax::Tree>()) {
    tree_->source = std::move(source);
    lexed_ = tokenize(tree_->source, dialect);
    tree_->exprs.reserve(lexed_.tokens.size() / 2 + 1);
  }

  std::unique_ptr<syntax::Tree> file(BareExpressions bare) {
    while (!at(TokenKind::kEnd)) {
      line(bare);
      end_of_line();
    }
    return std::move(tree_);
  }

  ParsedExpression expression() {
    ParsedExpression parsed;
    std::tie(parsed.body, parsed.text) = body();
    if (at(TokenKind::kNewline)) take();
    if (!at(TokenKind::kEnd)) fail(token().span, "there must be one expression and nothing else");
    parsed.tree = std::move(tree_);
    return parsed;
  }

 private:
  const Token& token(std::size_t ahead = 0) const {
    return lexed_.tokens[std::min(at_ + ahead, lexed_.tokens.size() - 1)];
  }
  bool at(TokenKind kind) const { return token().kind == kind; }
  const Token& take() { return lexed_.tokens[at_ + 1 < lexed_.tokens.size() ? at_++ : at_]; }
  std::string_view text(Span span) const { return tree_->text_of(span); }

  [[noreturn]] void fail(Span span, std::string message, std::string hint = {}) const {
    throw error_at(tree_->source, span, {std::move(message), std::move(hint)});
  }

  std::string found(const Token& token) const {
    if (token.kind == TokenKind::kEnd) return "the end of the text";
    if (token.kind == TokenKind::kNewline) return "the end of the line";
    return fmt::format("'{}'", quoted_text(text(token.span)));
  }

  Span expect(TokenKind kind, std::string_view what, std::string_view hint = {}) {
    if (!at(kind)) {
      fail(token().span, fmt::format("{} must stand here, found {}", what, found(token())),
           std::string(hint));
    }
    return take().span;
  }

  // Lines.

  void line(BareExpressions bare) {
    switch (token().kind) {
      case TokenKind::kImport:
        return import();
      case TokenKind::kParam:
        return definition(DeclarationKind::kParam);
      case TokenKind::kLabel:
        return definition(DeclarationKind::kLabel);
      default:
        break;
    }
    if (at(TokenKind::kName)) {
      if (token(1).kind == TokenKind::kAssign) return definition(DeclarationKind::kFactor);
      if (token(1).kind == TokenKind::kLeftParenthesis && is_function()) return function();
    }
    if (bare == BareExpressions::kNamedByText) {
      refuse_strange_name();
      return bare_expression();
    }
    refuse_strange_name();
    const std::string_view word = at(TokenKind::kName) ? text(token().span) : "name";
    fail(token().span, fmt::format("a line must begin with a definition, found {}", found(token())),
         fmt::format("write `{} = expression`, `label {} = expression`, `param {} = 20`, "
                     "`{}(x) = expression` or `import core`",
                     word, word, word, word));
  }

  /// `my-var = close`, `earnings.x = 1`: a line that is no definition, but has its '='.
  void refuse_strange_name() const {
    std::size_t depth = 0;
    for (std::size_t ahead = 0; at_ + ahead < lexed_.tokens.size(); ++ahead) {
      const TokenKind kind = token(ahead).kind;
      if (kind == TokenKind::kNewline || kind == TokenKind::kEnd) return;
      if (kind == TokenKind::kLeftParenthesis || kind == TokenKind::kLeftBracket) ++depth;
      const bool closes = kind == TokenKind::kRightParenthesis || kind == TokenKind::kRightBracket;
      if (closes && depth > 0) --depth;
      if (kind != TokenKind::kAssign || depth > 0 || ahead == 0) continue;
      const Span name{token().span.begin, token(ahead - 1).span.end};
      if (ahead == 1 && is_keyword(text(name))) refuse_keyword(name);
      fail(name,
           fmt::format("a definition must be called by letters, digits and '_': {}",
                       quoted_text(text(name))),
           "a comparison is written a == b");
    }
  }

  void end_of_line() {
    if (at(TokenKind::kEnd)) return;
    if (at(TokenKind::kAssign)) {
      fail(token().span, "a definition must have one '='", "a comparison is written a == b");
    }
    expect(TokenKind::kNewline, "the end of the line", hint_behind_line());
  }

  /// What may be meant where a line goes on although its expression is complete.
  std::string_view hint_behind_line() const {
    if (infix(token().kind) != nullptr) return "";
    switch (token().kind) {
      case TokenKind::kRightParenthesis:
        return "no '(' is open before it";
      case TokenKind::kRightBracket:
        return "no '[' is open before it";
      case TokenKind::kComma:
        return "a comma stands between the arguments of a call only";
      default:
        break;
    }
    const Token& before = lexed_.tokens[at_ - 1];
    for (const Token* word : {&token(), &before}) {
      const std::string_view hint = foreign_hint(text(word->span));
      if (word->kind == TokenKind::kName && !hint.empty()) return hint;
    }
    return "an operator, a comma or a parenthesis may be missing";
  }

  void import() {
    take();
    syntax::Import line;
    line.span = token().span;
    if (at(TokenKind::kString)) {
      line.kind = syntax::ImportKind::kPath;
      line.name = text({line.span.begin + 1, line.span.end - 1});
      take();
    } else {
      line.name = text(expect(TokenKind::kName, "a catalogue name or a file name in quotes",
                              "write `import core` or `import \"mine.expr\"`"));
    }
    if (at(TokenKind::kComma)) {
      fail(token().span, "an import must name one file or set, found a comma",
           "write a line for each");
    }
    tree_->imports.push_back(line);
  }

  [[noreturn]] void refuse_keyword(Span word) const {
    fail(word,
         fmt::format("a definition must not be called '{}', a word of the language", text(word)));
  }

  Declaration start(DeclarationKind kind) {
    Declaration declaration;
    declaration.kind = kind;
    declaration.line = token().line;
    if (kind == DeclarationKind::kParam || kind == DeclarationKind::kLabel) take();
    if (is_keyword(text(token().span))) refuse_keyword(token().span);
    const std::string_view hint = kind == DeclarationKind::kParam ? "write `param name = 20`"
                                  : kind == DeclarationKind::kLabel
                                      ? "write `label name = expression`"
                                      : "";
    declaration.name_span = expect(TokenKind::kName, "a name", hint);
    declaration.name = text(declaration.name_span);
    return declaration;
  }

  void finish(Declaration declaration) {
    std::tie(declaration.body, declaration.text) = body();
    declaration.description = description(declaration.line, lexed_.tokens[at_ - 1].line);
    tree_->declarations.push_back(std::move(declaration));
  }

  void definition(DeclarationKind kind) {
    Declaration declaration = start(kind);
    expect(TokenKind::kAssign, "'='",
           kind == DeclarationKind::kParam ? "a param has a default: param name = 20" : "");
    finish(std::move(declaration));
  }

  void bare_expression() {
    Declaration declaration;
    declaration.line = token().line;
    std::tie(declaration.body, declaration.text) = body();
    declaration.name_span = declaration.text;
    declaration.name = text(declaration.text);
    declaration.named_by_text = true;
    tree_->declarations.push_back(std::move(declaration));
  }

  /// True when the parentheses that open behind the name are followed by '='.
  bool is_function() const {
    std::size_t depth = 0;
    for (std::size_t ahead = 1; at_ + ahead < lexed_.tokens.size(); ++ahead) {
      const TokenKind kind = token(ahead).kind;
      if (kind == TokenKind::kLeftParenthesis) ++depth;
      if (kind == TokenKind::kRightParenthesis && --depth == 0) {
        return token(ahead + 1).kind == TokenKind::kAssign;
      }
    }
    return false;
  }

  void function() {
    Declaration declaration = start(DeclarationKind::kFunction);
    take();
    while (!at(TokenKind::kRightParenthesis)) {
      syntax::FunctionParameter parameter;
      const Span span = expect(TokenKind::kName, "the name of a parameter");
      parameter.name = text(span);
      for (const syntax::FunctionParameter& other : declaration.parameters) {
        if (other.name == parameter.name) {
          fail(span, fmt::format("a parameter must be named once: {}", parameter.name));
        }
      }
      if (is_bar_field(parameter.name)) {
        fail(span, fmt::format("a parameter must not be called like a field of bars: {}",
                               parameter.name));
      }
      if (at(TokenKind::kAssign)) {
        take();
        parameter.default_value = body().first;
      }
      declaration.parameters.push_back(parameter);
      if (!at(TokenKind::kRightParenthesis)) expect(TokenKind::kComma, "',' or ')'");
    }
    take();
    expect(TokenKind::kAssign, "'='");
    finish(std::move(declaration));
  }

  /// Comment lines directly above the first line, and the comment at the end of the last.
  std::string description(std::uint32_t first, std::uint32_t last) const {
    const auto& comments = lexed_.comments;
    const auto from = [&](std::uint32_t line) {
      return std::lower_bound(comments.begin(), comments.end(), line,
                              [](const Comment& a, std::uint32_t b) { return a.line < b; });
    };
    const auto above = from(first);
    auto begin = above;
    std::uint32_t expected = first;
    while (begin != comments.begin() && std::prev(begin)->place == CommentPlace::kOwnLine &&
           std::prev(begin)->line + 1 == expected) {
      --begin;
      --expected;
    }
    std::string text;
    const auto append = [&](std::string_view part) {
      if (!text.empty() && !part.empty()) text += '\n';
      text += part;
    };
    for (auto it = begin; it != above; ++it) append(it->text);
    const auto after = from(last);
    if (after != comments.end() && after->line == last) append(after->text);
    return text;
  }

  // Expressions.

  std::pair<Body, Span> body() {
    const auto first = static_cast<ExprId>(tree_->exprs.size());
    const Operand operand = parse(kAnyLevel);
    return {{first, operand.id}, operand.extent};
  }

  ExprId add(Expr expr) {
    tree_->exprs.push_back(expr);
    return static_cast<ExprId>(tree_->exprs.size() - 1);
  }

  Operand call(std::string_view name, Span span, std::span<const Argument> arguments) {
    Expr expr;
    expr.kind = ExprKind::kCall;
    expr.name = name;
    expr.span = span;
    expr.first_argument = static_cast<std::uint32_t>(tree_->arguments.size());
    expr.num_arguments = static_cast<std::uint32_t>(arguments.size());
    tree_->arguments.insert(tree_->arguments.end(), arguments.begin(), arguments.end());
    return {add(expr), span};
  }

  Operand symbol_call(std::string_view name, Span span, ExprId a) {
    const Argument arguments[] = {{{}, {}, a}};
    return call(name, span, arguments);
  }

  Operand symbol_call(std::string_view name, Span span, ExprId a, ExprId b) {
    const Argument arguments[] = {{{}, {}, a}, {{}, {}, b}};
    return call(name, span, arguments);
  }

  void enter(Span span) {
    if (++depth_ > kMaxNesting) {
      fail(span, fmt::format("an expression must nest at most {} levels deep", kMaxNesting),
           "give the inner parts names of their own");
    }
  }

  Operand parse(int level) {
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

  void refuse_chain(const Token& first) const {
    const Infix* next = infix(token().kind);
    if (next == nullptr || next->level != kComparisonLevel) return;
    fail(token().span, "a comparison must have two sides, found a third",
         fmt::format("write a {} b and b {} c", text(first.span), text(token().span)));
  }

  Operand prefix(int level) {
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

  Operand signed_by(std::string_view name, int level) {
    const Span sign = take().span;
    enter(sign);
    const Operand operand = parse(level);
    --depth_;
    return symbol_call(name, {sign.begin, operand.extent.end}, operand.id);
  }

  Operand offset(const Operand& series) {
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

  Span closing(TokenKind kind, Span open) {
    if (at(kind)) return take().span;
    const std::string_view symbol = kind == TokenKind::kRightBracket ? "]" : ")";
    if (at(TokenKind::kEnd) || at(TokenKind::kAssign)) {
      fail(open, fmt::format("'{}' must be closed by '{}'", text(open), symbol));
    }
    const bool too_many = at(TokenKind::kComma);
    fail(token().span, fmt::format("'{}' must stand here, found {}", symbol, found(token())),
         too_many ? "a comma stands between the arguments of a call only" : "");
  }

  Operand primary() {
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
  [[noreturn]] void refuse_method(const Token& dotted) const {
    const std::string_view whole = text(dotted.span);
    const std::string_view name = whole.substr(whole.find('.') + 1);
    const auto begin = dotted.span.end - static_cast<std::uint32_t>(name.size()) - 1;
    fail({begin, dotted.span.end},
         fmt::format("the language has no methods: {}", quoted_text(name)), method_hint(name));
  }

  Operand named_call(const Token& name) {
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

  std::unique_ptr<syntax::Tree> tree_;
  Tokens lexed_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
};

}  // namespace

std::unique_ptr<syntax::Tree> parse_file(syntax::Source source, BareExpressions bare) {
  return Parser(std::move(source), Dialect::kUser).file(bare);
}

ParsedExpression parse_expression(syntax::Source source, Dialect dialect) {
  return Parser(std::move(source), dialect).expression();
}

}  // namespace tickwerk::expr
