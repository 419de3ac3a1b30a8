#include "tickwerk/expr/lexer.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tickwerk/base/error.h"

namespace tickwerk::expr {
namespace {

std::vector<TokenKind> kinds(std::string_view text, Dialect dialect = Dialect::kUser) {
  const syntax::Source source{"t", std::string(text)};
  std::vector<TokenKind> found;
  for (const Token& token : tokenize(source, dialect).tokens) found.push_back(token.kind);
  return found;
}

double number(std::string_view text) {
  return tokenize({"t", std::string(text)}, Dialect::kUser).tokens.at(0).number;
}

std::string error_of(std::string_view text) {
  try {
    kinds(text);
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

using enum TokenKind;

TEST(Lexer, NumbersAreWhatTheySay) {
  EXPECT_EQ(number("20"), 20.0);
  EXPECT_EQ(number("0.5"), 0.5);
  EXPECT_EQ(number(".5"), 0.5);
  EXPECT_EQ(number("1e-9"), 1e-9);
  EXPECT_EQ(number("2.5E+3"), 2500.0);
  EXPECT_TRUE(std::isnan(number("nan")));
}

TEST(Lexer, NumbersThatAreNoneAreErrors) {
  for (const char* text : {"20days", "1.2.3", "1e", "0x10", "1_000", "1e400"}) {
    EXPECT_NE(error_of(text).find("a number must"), std::string::npos) << text;
  }
}

TEST(Lexer, ALineEndsAtItsEnd) {
  EXPECT_EQ(kinds("a\nb"), (std::vector{kName, kNewline, kName, kNewline, kEnd}));
  EXPECT_EQ(kinds("\n\na\r\n\n"), (std::vector{kName, kNewline, kEnd}));
}

TEST(Lexer, ALineGoesOnInsideParenthesesAndAfterABinaryOperator) {
  EXPECT_EQ(kinds("a +\n b"), (std::vector{kName, kPlus, kName, kNewline, kEnd}));
  EXPECT_EQ(kinds("a and # why\n\n b"), (std::vector{kName, kAnd, kName, kNewline, kEnd}));
  EXPECT_EQ(kinds("(a\n)"),
            (std::vector{kLeftParenthesis, kName, kRightParenthesis, kNewline, kEnd}));
  EXPECT_EQ(kinds("[\n1\n]"), (std::vector{kLeftBracket, kNumber, kRightBracket, kNewline, kEnd}));
}

TEST(Lexer, LongerSymbolsWin) {
  EXPECT_EQ(kinds("<= >= == != < > ="), (std::vector{kLessEqual, kGreaterEqual, kEqual, kNotEqual,
                                                     kLess, kGreater, kAssign, kNewline, kEnd}));
}

TEST(Lexer, DottedNamesAreOneToken) {
  EXPECT_EQ(kinds("earnings.eps"), (std::vector{kEvent, kNewline, kEnd}));
}

TEST(Lexer, OnlyTheRegistryHasInternalNames) {
  EXPECT_EQ(kinds("$offset", Dialect::kRegistry), (std::vector{kName, kNewline, kEnd}));
  EXPECT_NE(error_of("$offset").find("internal"), std::string::npos);
}

TEST(Lexer, CommentsKnowTheirPlace) {
  const syntax::Source source{"t", "# above\na = 1  #  beside \n"};
  const Tokens tokens = tokenize(source, Dialect::kUser);
  ASSERT_EQ(tokens.comments.size(), 2u);
  EXPECT_EQ(tokens.comments[0].text, "above");
  EXPECT_EQ(tokens.comments[0].place, CommentPlace::kOwnLine);
  EXPECT_EQ(tokens.comments[1].text, "beside");
  EXPECT_EQ(tokens.comments[1].place, CommentPlace::kAfterText);
  EXPECT_EQ(tokens.comments[1].line, 2u);
}

TEST(Lexer, BytesThatAreNotUtf8AreNamedWithTheirOffset) {
  EXPECT_EQ(error_of("a = 1\xff"), "text must be UTF-8: byte 0xff at offset 5 of t:1:6");
  // Cut short, overlong, a surrogate, beyond U+10FFFF, a lone continuation.
  for (const char* bad : {"# \xc3", "# \xc0\xaf", "# \xe0\x80\x80", "# \xed\xa0\x80",
                          "# \xf4\x90\x80\x80", "# \x80"}) {
    EXPECT_NE(error_of(bad).find("at offset 2"), std::string::npos) << bad;
  }
  EXPECT_EQ(error_of("# gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x93\x88"), "");
}

TEST(Lexer, AByteOrderMarkIsSkipped) {
  EXPECT_EQ(kinds("\xef\xbb\xbf"
                  "a"),
            (std::vector{kName, kNewline, kEnd}));
}

TEST(Lexer, WhatOtherLanguagesWriteGetsAHint) {
  EXPECT_NE(error_of("a ** 2").find("x ^ 2"), std::string::npos);
  EXPECT_NE(error_of("a && b").find("`and`"), std::string::npos);
  EXPECT_NE(error_of("!a").find("`not`"), std::string::npos);
  EXPECT_NE(error_of("a // b").find("begins with #"), std::string::npos);
  EXPECT_NE(error_of("a \xe2\x89\xa4 b").find("'\xe2\x89\xa4'"), std::string::npos);
  EXPECT_NE(error_of("a \xe2\x89\xa4 b").find("write <="), std::string::npos);
  EXPECT_NE(error_of("a \xe2\x88\x92 b").find("a minus is written -"), std::string::npos);
  EXPECT_NE(error_of("x += a").find("cum_sum(x)"), std::string::npos);
  EXPECT_NE(error_of("x := a").find("name = expression"), std::string::npos);
  EXPECT_NE(error_of("a => b").find("write >="), std::string::npos);
  EXPECT_NE(error_of("a % b").find("floor(a / b)"), std::string::npos);
  EXPECT_NE(error_of("'a'").find("without quotes"), std::string::npos);
  EXPECT_NE(error_of("def f(x): x").find("a function f(x) = expression"), std::string::npos);
  EXPECT_NE(error_of("a[-20:]").find("an offset is one number"), std::string::npos);
  EXPECT_NE(error_of(std::string_view("a \x01", 3)).find("control"), std::string::npos);
}

TEST(Lexer, AMethodOfACallGetsAHint) {
  const std::string error = error_of("a(b, 20).std()");
  EXPECT_NE(error.find(":1:9: the language has no methods: std"), std::string::npos) << error;
  EXPECT_NE(error.find("ts_std(x, n)"), std::string::npos);
  EXPECT_NE(error_of("a[-1].abs()").find("write abs(x)"), std::string::npos);
  EXPECT_NE(error_of("(a).foo()").find("tickwerk expr ops"), std::string::npos);
}

TEST(Lexer, NumbersMayBeginOrEndWithTheirPoint) {
  for (const auto& [text, number] : std::vector<std::pair<std::string, double>>{
           {".5", 0.5}, {"5.", 5.0}, {"5.e3", 5000.0}, {".5e1", 5.0}, {"5.0E-1", 0.5}}) {
    const syntax::Source source{"t", text};
    EXPECT_EQ(tokenize(source, Dialect::kUser).tokens[0].number, number) << text;
  }
  for (const char* text : {"5..", "1e", "1_000", "0x10", "20d", "5.close", "1e400"}) {
    EXPECT_NE(error_of(text).find("a number must"), std::string::npos) << text;
  }
  EXPECT_NE(error_of(".").find("no '.'"), std::string::npos);
}

TEST(Lexer, LinesEndWithALineFeed) {
  EXPECT_EQ(kinds("a\r\nb\r\n"), kinds("a\nb\n"));
  EXPECT_EQ(kinds("a\r"), kinds("a"));
  EXPECT_NE(error_of("a\rb").find("a carriage return alone"), std::string::npos);
}

TEST(Lexer, Utf16IsSaidToBeIt) {
  EXPECT_NE(error_of("\xff\xfe").find("must be UTF-8, found UTF-16"), std::string::npos);
}

TEST(Lexer, NamesHaveALimit) {
  EXPECT_EQ(error_of(std::string(100, 'a')), "");
  EXPECT_NE(error_of(std::string(101, 'a')).find("at most 100"), std::string::npos);
}

}  // namespace
}  // namespace tickwerk::expr
