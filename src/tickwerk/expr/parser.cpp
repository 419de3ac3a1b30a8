#include "tickwerk/expr/parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "tickwerk/expr/diagnostic.h"
#include "tickwerk/expr/expression_parser.h"
#include "tickwerk/expr/names.h"

namespace tickwerk::expr {
namespace {

using syntax::Declaration;
using syntax::DeclarationKind;
using syntax::Span;

/// The lines of a file: definitions and imports.
class Parser : public ExpressionParser {
 public:
  using ExpressionParser::ExpressionParser;

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
    if (is_infix(token().kind)) return "";
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
};

}  // namespace

std::unique_ptr<syntax::Tree> parse_file(syntax::Source source, BareExpressions bare) {
  return Parser(std::move(source), Dialect::kUser).file(bare);
}

ParsedExpression parse_expression(syntax::Source source, Dialect dialect) {
  return Parser(std::move(source), dialect).expression();
}

}  // namespace tickwerk::expr
