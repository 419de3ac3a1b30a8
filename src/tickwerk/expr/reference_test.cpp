// docs/language.md against the program: the reference is current, the examples compile, the errors
// shown are those given.
#include "tickwerk/expr/reference.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tickwerk/expr/lowered_text.h"

namespace tickwerk::expr {
namespace {

std::string document() {
  const char* golden = std::getenv("TICKWERK_GOLDEN");
  if (golden == nullptr) return {};
  std::ifstream file(std::string(golden) + "/../../docs/language.md");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// The texts between "```kind" and "```".
std::vector<std::string> blocks(const std::string& text, const std::string& kind) {
  std::vector<std::string> found;
  const std::string open = "```" + kind + "\n";
  for (std::size_t at = text.find(open); at != std::string::npos; at = text.find(open, at)) {
    at += open.size();
    const std::size_t end = text.find("```\n", at);
    found.push_back(text.substr(at, end - at));
    at = end;
  }
  return found;
}

TEST(LanguageDocument, HoldsTheReferenceOfTheRegistry) {
  const std::string text = document();
  if (text.empty()) GTEST_SKIP() << "TICKWERK_GOLDEN does not say where the repository is";
  const std::size_t begin = text.find(kReferenceBegin);
  const std::size_t end = text.find(kReferenceEnd);
  ASSERT_NE(begin, std::string::npos);
  ASSERT_NE(end, std::string::npos);
  const std::string held =
      text.substr(begin + kReferenceBegin.size(), end - begin - kReferenceBegin.size());
  EXPECT_EQ(held, "\n\n" + operator_reference() + "\n")
      << "docs/language.md is not current: put what `tickwerk expr ops --markdown` prints between "
         "its markers";
}

TEST(LanguageDocument, HoldsExamplesThatCompile) {
  const std::string text = document();
  if (text.empty()) GTEST_SKIP() << "TICKWERK_GOLDEN does not say where the repository is";
  const std::string core = "momentum_12m_excl_1m = log(close[-21] / close[-252])";
  ParseOptions parse;
  parse.catalogue = [&](std::string_view name) { return name == "core" ? &core : nullptr; };
  const std::vector<std::string> examples = blocks(text, "expr");
  EXPECT_GE(examples.size(), 3u);
  for (const std::string& example : examples) {
    EXPECT_EQ(error_of(example, test_fields(), parse), "") << example;
  }
}

TEST(LanguageDocument, ShowsErrorsAsTheyAre) {
  const std::string text = document();
  if (text.empty()) GTEST_SKIP() << "TICKWERK_GOLDEN does not say where the repository is";
  const std::vector<std::string> errors = blocks(text, "error");
  EXPECT_GE(errors.size(), 5u);
  for (const std::string& shown : errors) {
    // The second line of a message is the line of the text, after two blanks.
    const std::size_t begin = shown.find('\n') + 3;
    const std::string source = shown.substr(begin, shown.find('\n', begin) - begin);
    std::string found;
    try {
      Graph graph;
      lower_all(Module::parse(source, "mine.expr", {}), test_fields(), graph);
    } catch (const Error& error) {
      found = error.what();
    }
    EXPECT_EQ(found + "\n", shown);
  }
}

TEST(LanguageDocument, SaysWhatBindsTighter) {
  const auto value = [](const std::string& text) { return lowered("x = " + text).node().value; };
  EXPECT_EQ(value("-2 ^ 2"), -4);
  EXPECT_EQ(value("2 ^ 3 ^ 2"), 512);
  EXPECT_EQ(value("not true and false"), value("(not true) and false"));
  EXPECT_EQ(value("not false and false"), 0);
}

TEST(LanguageDocument, SaysWhatDependsOnTheLevelOfPrices) {
  const auto depends = [](const std::string& text) {
    return lowered("x = " + text)["x"].depends_on_level;
  };
  for (const char* text : {"close / open", "ret(close)", "close * volume", "log(close) - log(open)",
                           "close > ts_mean(close, 20)"}) {
    EXPECT_FALSE(depends(text)) << text;
  }
  for (const char* text : {"close > 5", "cs_rank(close)"}) EXPECT_TRUE(depends(text)) << text;
}

TEST(LanguageDocument, SaysTheReachOfItsExamples) {
  const Reach reach = lowered("x = ts_mean(close[-5], 10)").node().reach;
  EXPECT_EQ(reach.lookback, 14);
  EXPECT_EQ(reach.lookahead, -5);
  EXPECT_EQ(error_of("x = ts_mean(close[+2], 3)[-2]"), "");
  EXPECT_NE(error_of("x = cs_rank(close[+5])[-5]"), "");
  EXPECT_NE(error_of("x = ts_mean(5, 3)"), "");
  EXPECT_NE(error_of("x = cs_rank(cs_mean(close))"), "");
  EXPECT_EQ(error_of("x = ts_sum(close > open, 10)"), "");
}

TEST(OperatorReference, NamesEveryOperatorThatUsersWrite) {
  const std::string reference = operator_reference();
  for (const Operator& op : operators()) {
    if (op.name.starts_with('$')) continue;
    EXPECT_NE(reference.find("#### `" + signature(op) + "`"), std::string::npos) << op.name;
  }
}

TEST(OperatorReference, SaysHowCostGrowsWithTheWindow) {
  const std::string reference = operator_reference();
  // 0.4 + 0.13 n, and what is put together from parts whatever its length.
  EXPECT_NE(reference.find("`ts_kurt(close, 20)` reads this bar and 19 bars back, 3 ns a value, 33 "
                           "ns with 250 bars"),
            std::string::npos);
  EXPECT_NE(reference.find("`ts_mean(close, 20)` reads this bar and 19 bars back, 0.5 ns a value, "
                           "also with 250 bars"),
            std::string::npos);
}

TEST(OperatorReference, SaysReachInBars) {
  const std::string reference = operator_reference();
  EXPECT_NE(reference.find("`ts_mean(close, 20)` reads this bar and 19 bars back"),
            std::string::npos);
  EXPECT_NE(reference.find("`ahead(close, 5)` reads 5 bars ahead: labels only"), std::string::npos);
  EXPECT_NE(reference.find("`close[-5]` reads the bar 5 bars back"), std::string::npos);
}

}  // namespace
}  // namespace tickwerk::expr
