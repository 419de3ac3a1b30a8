#include "tickwerk/expr/diagnostic.h"

#include <gtest/gtest.h>

namespace tickwerk::expr {
namespace {

TEST(Diagnostic, ShowsPlaceLineCaretAndHint) {
  const syntax::Source source{"my.expr", "a = 1\nb = close[+20] / close\n"};
  const Error error = error_at(source, {10, 20}, {"it must not", "do that", Code::kNotFound});
  EXPECT_STREQ(error.what(),
               "my.expr:2:5: it must not\n"
               "  b = close[+20] / close\n"
               "      ^~~~~~~~~~\n"
               "  hint: do that");
  EXPECT_EQ(error.code(), Code::kNotFound);
}

/// `x=a+b` and a line of our own, made from `  a + b` on the second line of what the user wrote.
syntax::Source put_together() {
  const auto written = std::make_shared<syntax::Written>();
  written->text = "key:\n  a + b\n";
  written->origins = {{{0, 2}, {0, 3}},    // x=
                      {{2, 3}, {7, 8}},    // a
                      {{3, 4}, {8, 11}},   // +, written with blanks
                      {{4, 5}, {11, 12}},  // b
                      {{5, 10}, {12, 12}}};
  return {"my.yaml", "x=a+b\ny=x\n", written};
}

TEST(Diagnostic, WhatWasPutTogetherIsShownAsWritten) {
  const syntax::Source source = put_together();
  EXPECT_STREQ(error_at(source, {4, 5}, {"m", {}}).what(), "my.yaml:2:7: m\n    a + b\n        ^");
  EXPECT_STREQ(error_at(source, {2, 5}, {"m", {}}).what(), "my.yaml:2:3: m\n    a + b\n    ^~~~~");
  EXPECT_STREQ(error_at(source, {0, 1}, {"m", {}}).what(), "my.yaml:1:1: m\n  key:\n  ^~~");
  EXPECT_STREQ(error_at(source, {6, 7}, {"m", {}}).what(), "my.yaml:2:8: m\n    a + b\n         ^");
  EXPECT_EQ(line_place(source, 1), "my.yaml:1");
  EXPECT_EQ(line_place(source, 2), "my.yaml:2");
  EXPECT_EQ(exact_place(source, 2), "my.yaml:2:3");
}

TEST(Diagnostic, NotesFollowTheHint) {
  const Error error = error_at({"t", "ab"}, {0, 1}, {.message = "m", .notes = {"n 1", "n 2"}});
  EXPECT_STREQ(error.what(), "t:1:1: m\n  ab\n  ^\n  note: n 1\n  note: n 2");
}

TEST(Diagnostic, ColumnsCountCharacters) {
  // Two bytes each: the caret stands under the x.
  const syntax::Source source{"t", "\xc3\xa4\xc3\xb6 x"};
  EXPECT_STREQ(error_at(source, {5, 6}, {"m", {}}).what(),
               "t:1:4: m\n  \xc3\xa4\xc3\xb6 x\n     ^");
}

TEST(Diagnostic, TabsAndCarriageReturnsKeepTheCaretInPlace) {
  EXPECT_STREQ(error_at({"t", "\tx\r\n"}, {1, 2}, {"m", {}}).what(), "t:1:2: m\n   x\n   ^");
}

TEST(Diagnostic, TheCaretEndsWithItsLine) {
  EXPECT_STREQ(error_at({"t", "ab +\ncd"}, {0, 7}, {"m", {}}).what(), "t:1:1: m\n  ab +\n  ^~~~");
}

TEST(Diagnostic, TheEndOfATextHasAPlace) {
  EXPECT_STREQ(error_at({"t", ""}, {0, 0}, {"m", {}}).what(), "t:1:1: m\n  \n  ^");
  EXPECT_STREQ(error_at({"t", "a\n"}, {2, 2}, {"m", {}}).what(), "t:2:1: m\n  \n  ^");
}

TEST(Diagnostic, LongLinesAreCutAroundTheCaret) {
  std::string text(5000, 'a');
  text.replace(3000, 5, "HERE!");
  const std::string shown = error_at({"t", text}, {3000, 3005}, {"m", {}}).what();
  EXPECT_LT(shown.size(), 300u);
  const std::size_t line = shown.find('\n') + 1, caret_line = shown.find('\n', line) + 1;
  EXPECT_EQ(shown.find("HERE!") - line, shown.find('^') - caret_line);
  EXPECT_NE(shown.find("^~~~~"), std::string::npos);
}

TEST(Diagnostic, QuotesAreOneLineOfSixtyCharacters) {
  EXPECT_EQ(quoted_text("a +\n b"), "a +  b");
  EXPECT_EQ(quoted_text(std::string(61, 'x')), std::string(60, 'x') + "...");
}

}  // namespace
}  // namespace tickwerk::expr
