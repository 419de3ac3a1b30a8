#include "tickwerk/expr/parser.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tickwerk/base/error.h"

namespace tickwerk::expr {
namespace {

using syntax::Expr;
using syntax::ExprKind;

/// Every call with its name and parentheses: how tightly the text binds.
std::string shape(const syntax::Tree& tree, syntax::ExprId id) {
  const Expr& expr = tree.exprs[id];
  if (expr.kind == ExprKind::kNumber) return fmt::format("{}", expr.number);
  if (expr.kind != ExprKind::kCall) return std::string(tree.text_of(expr.span));
  std::string text = fmt::format("{}(", expr.name);
  for (const syntax::Argument& argument : tree.arguments_of(expr)) {
    if (text.back() != '(') text += ", ";
    if (!argument.name.empty()) text += fmt::format("{}=", argument.name);
    text += shape(tree, argument.value);
  }
  return text + ")";
}

std::string shape(std::string_view text) {
  const ParsedExpression parsed = parse_expression({"t", std::string(text)}, Dialect::kUser);
  return shape(*parsed.tree, parsed.body.root);
}

std::string error_of(std::string_view text) {
  try {
    parse_file({"t", std::string(text)}, BareExpressions::kRefused);
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

bool says(std::string_view text, std::string_view part) {
  return error_of(text).find(part) != std::string::npos;
}

TEST(Parser, SumsAndProductsGroupFromTheLeft) {
  EXPECT_EQ(shape("a - b - c"), "$subtract($subtract(a, b), c)");
  EXPECT_EQ(shape("a / b * c"), "$multiply($divide(a, b), c)");
  EXPECT_EQ(shape("a + b * c"), "$add(a, $multiply(b, c))");
  EXPECT_EQ(shape("(a + b) * c"), "$multiply($add(a, b), c)");
}

TEST(Parser, PowersGroupFromTheRightAndBindTighterThanASign) {
  EXPECT_EQ(shape("a ^ b ^ c"), "$power(a, $power(b, c))");
  EXPECT_EQ(shape("-2 ^ 2"), "$negate($power(2, 2))");
  EXPECT_EQ(shape("2 ^ -a"), "$power(2, $negate(a))");
  EXPECT_EQ(shape("a * -b"), "$multiply(a, $negate(b))");
  EXPECT_EQ(shape("-a * b"), "$multiply($negate(a), b)");
}

TEST(Parser, LogicBindsLooserThanComparison) {
  EXPECT_EQ(shape("a or b and not c > d + e"), "$or(a, $and(b, $not($greater(c, $add(d, e)))))");
  EXPECT_EQ(shape("not a == b and c"), "$and($not($equal(a, b)), c)");
  EXPECT_EQ(shape("not not a"), "$not($not(a))");
}

TEST(Parser, OffsetsBindTightest) {
  EXPECT_EQ(shape("a[-21] / a[-252]"),
            "$divide($offset(a, $negate(21)), $offset(a, $negate(252)))");
  EXPECT_EQ(shape("a[+20]"), "$offset(a, 20)");
  EXPECT_EQ(shape("-a[-1] ^ 2"), "$negate($power($offset(a, $negate(1)), 2))");
  EXPECT_EQ(shape("a[-n][+k - 1]"), "$offset($offset(a, $negate(n)), $subtract(k, 1))");
  EXPECT_EQ(shape("(a + b)[-1]"), "$offset($add(a, b), $negate(1))");
  EXPECT_EQ(shape("a[0]"), "$offset(a, 0)");
}

TEST(Parser, CallsTakePositionsThenNames) {
  EXPECT_EQ(shape("f(a, b, n=c + 1)"), "f(a, b, n=$add(c, 1))");
  EXPECT_EQ(shape("f()"), "f()");
  EXPECT_TRUE(says("x = f(n=1, a)", "before those by name"));
}

TEST(Parser, ArgumentsStandBeforeWhatUsesThem) {
  const ParsedExpression parsed =
      parse_expression({"t", "f(a + b, g(c)[-1]) * -d"}, Dialect::kUser);
  EXPECT_EQ(parsed.body.first, 0u);
  EXPECT_EQ(parsed.body.root + 1, parsed.tree->exprs.size());
  for (syntax::ExprId id = 0; id <= parsed.body.root; ++id) {
    for (const auto& argument : parsed.tree->arguments_of(parsed.tree->exprs[id])) {
      EXPECT_LT(argument.value, id);
    }
  }
}

TEST(Parser, SpansCoverTheExpression) {
  const ParsedExpression parsed = parse_expression({"t", " (a + b) * c "}, Dialect::kUser);
  const syntax::Tree& tree = *parsed.tree;
  EXPECT_EQ(tree.text_of(tree.exprs[parsed.body.root].span), "(a + b) * c");
  EXPECT_EQ(tree.text_of(parsed.text), "(a + b) * c");
}

TEST(Parser, AFileHasImportsParamsDefinitionsLabelsAndFunctions) {
  const auto tree = parse_file({"t",
                                "import core\n"
                                "import \"mine.expr\"\n"
                                "param fast = 20\n"
                                "adv(n=fast, x) = ts_mean(x, n)\n"
                                "a = close\n"
                                "label b = close[+1]\n"},
                               BareExpressions::kRefused);
  ASSERT_EQ(tree->imports.size(), 2u);
  EXPECT_EQ(tree->imports[0].kind, syntax::ImportKind::kCatalogue);
  EXPECT_EQ(tree->imports[1].name, "mine.expr");
  ASSERT_EQ(tree->declarations.size(), 4u);
  using enum syntax::DeclarationKind;
  EXPECT_EQ(tree->declarations[0].kind, kParam);
  EXPECT_EQ(tree->declarations[1].kind, kFunction);
  ASSERT_EQ(tree->declarations[1].parameters.size(), 2u);
  EXPECT_TRUE(tree->declarations[1].parameters[0].default_value.has_value());
  EXPECT_FALSE(tree->declarations[1].parameters[1].default_value.has_value());
  EXPECT_EQ(tree->declarations[2].kind, kFactor);
  EXPECT_EQ(tree->declarations[3].kind, kLabel);
  EXPECT_EQ(tree->text_of(tree->declarations[3].text), "close[+1]");
  EXPECT_EQ(tree->declarations[3].line, 6u);
}

TEST(Parser, CommentsAboveAndBesideAreTheDescription) {
  const auto tree = parse_file({"t",
                                "# of the file\n"
                                "\n"
                                "# two\n"
                                "# lines\n"
                                "a = close +\n"
                                "  open  # and a third\n"
                                "b = 1\n"},
                               BareExpressions::kRefused);
  EXPECT_EQ(tree->declarations[0].description, "two\nlines\nand a third");
  EXPECT_EQ(tree->declarations[1].description, "");
}

TEST(Parser, ABareExpressionIsNamedByItsTextWhereThatIsAllowed) {
  const auto tree = parse_file({"t", "close / open\nx = 1"}, BareExpressions::kNamedByText);
  EXPECT_EQ(tree->declarations[0].name, "close / open");
  EXPECT_EQ(tree->declarations[1].name, "x");
  EXPECT_TRUE(says("close / open", "must begin with a definition"));
}

TEST(Parser, ComparisonsDoNotChain) {
  EXPECT_TRUE(says("x = 1 < a < 3", "write a < b and b < c"));
  EXPECT_TRUE(says("x = a == b != c", "write a == b and b != c"));
}

TEST(Parser, AnOffsetLiteralNeedsItsSign) {
  EXPECT_TRUE(says("x = close[21]", "close[-21] is 21 bars ago"));
  EXPECT_EQ(error_of("x = close[n]"), "");
}

TEST(Parser, WhatIsMissingIsSaid) {
  EXPECT_TRUE(says("x = ", "found the end of the line"));
  EXPECT_TRUE(says("x = \ny = 1", "found the end of the line"));
  EXPECT_TRUE(says("x = a +", "found the end of the text"));
  EXPECT_TRUE(says("x = (a", "'(' must be closed by ')'"));
  EXPECT_TRUE(says("x = a)", "the end of the line must stand here, found ')'"));
  EXPECT_TRUE(says("x = (a, b)", "a comma stands between the arguments"));
  EXPECT_TRUE(says("x = f(a b)", "')' must stand here, found 'b'"));
  EXPECT_TRUE(says("x = a b", "found 'b'"));
  EXPECT_TRUE(says("x = +a", "must not begin with '+'"));
  EXPECT_TRUE(says("x = a = b", "a comparison is written a == b"));
  EXPECT_TRUE(says("and = 1", "a word of the language"));
  EXPECT_TRUE(says("param and = 1", "a word of the language"));
  EXPECT_TRUE(says("import", "a catalogue name or a file name"));
  EXPECT_TRUE(says("f(close) = 1", "like a field of bars"));
  EXPECT_TRUE(says("f(a, a) = 1", "named once"));
  EXPECT_TRUE(says("x = a == not b", "write (not x)"));
}

TEST(Parser, WhatOtherLanguagesWriteGetsAHint) {
  EXPECT_TRUE(says("x = close.shift(1)", "the language has no methods: shift"));
  EXPECT_TRUE(says("x = close.shift(1)", "x[-n] is x n bars ago"));
  EXPECT_TRUE(says("x = np.log(close)", "write log(x)"));
  EXPECT_TRUE(says("x = a if b else c", "where(condition, a, b)"));
  EXPECT_TRUE(says("x = a AND b", "write `and`"));
  EXPECT_TRUE(says("x = a)", "no '(' is open"));
  EXPECT_TRUE(says("x = a]", "no '[' is open"));
  EXPECT_TRUE(says("x = 1,000 * a", "a comma stands between the arguments"));
  EXPECT_TRUE(says("import core, ta", "write a line for each"));
  EXPECT_TRUE(says("my-var = a", ":1:1: a definition must be called by letters, digits and '_'"));
  EXPECT_TRUE(says("a.b = 1", "must be called by letters, digits and '_': a.b"));
  EXPECT_TRUE(says("param n", "param name = 20"));
  EXPECT_TRUE(says("label = a", "write `label name = expression`"));
}

TEST(Parser, NestingHasALimitAndChainsHaveNone) {
  const auto nested = [](std::size_t depth) {
    return "x = " + std::string(depth, '(') + "a" + std::string(depth, ')');
  };
  EXPECT_EQ(error_of(nested(kMaxNesting)), "");
  EXPECT_TRUE(says(nested(kMaxNesting + 1), "at most 200 levels"));
  EXPECT_TRUE(says("x = " + std::string(1'000'000, '('), "at most 200 levels"));
  for (const char* open : {"f(", "-", "not ", "2 ^ ", "a[-"}) {
    std::string text = "x = ";
    for (int i = 0; i < 100'000; ++i) text += open;
    EXPECT_TRUE(says(text, "at most 200 levels")) << open;
  }
  std::string chain = "x = a";
  for (int i = 0; i < 10'000; ++i) chain += " + a * b[-1][-1]";
  EXPECT_EQ(error_of(chain), "");
}

}  // namespace
}  // namespace tickwerk::expr
