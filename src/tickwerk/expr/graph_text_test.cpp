#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tickwerk/expr/lowered_text.h"

namespace tickwerk::expr {
namespace {

/// The right-hand side as it is written back.
std::string rewritten(std::string_view text) { return lowered(fmt::format("x = {}", text)).text(); }

TEST(GraphText, ParenthesesStandWhereTheyMatter) {
  for (const char* text : {
           "close + open - high",
           "close - (open - high)",
           "close * (open + high) / low",
           "close / (open * high)",
           "-close + -(open + high)",
           "(-close)^2 - close^2",
           "close^(open^high)",
           "(close^open)^high",
           "close^-open",
           "-(close * open)",
           "-close * open",
           "close > open and not (low > high or open > 1)",
           "(not close > open)[-1]",
           "not (close > open and low > high)",
           "(close + open)[-21]",
           "close[-21][+5][-5]",
           "(close > open) + 1 > 2",
           "ts_mean(close, 20)",
           "ts_mean(close, 20, min_count=5)",
           "ts_std(close, 20, ddof=0)",
           "max(close[-1], open, high) - min(low, 2)",
           "where(close > open, close, -1)",
           "cs_zscore(close, ddof=0, by=sector)",
           "cs_neutralize(close, volume, open, by=sector)",
           "asof(earnings.eps,30) / close",
           "in_universe and bar_number > 5",
       }) {
    const std::string wanted = text;
    // The powers of grouped operands need no parentheses on the right.
    const std::string shown = wanted == "close^(open^high)" ? "close^open^high" : wanted;
    EXPECT_EQ(rewritten(text), shown);
  }
}

TEST(GraphText, ParenthesesThatDoNotMatterGo) {
  EXPECT_EQ(rewritten("((close) + (open * (high)))"), "close + open * high");
  EXPECT_EQ(rewritten("(close - open) - high"), "close - open - high");
  EXPECT_EQ(rewritten("-(close^2)"), "-close^2");
}

TEST(GraphText, WhatIsWrittenIsReadAsTheSameNode) {
  for (const char* text :
       {"-(-close)^2 * 3 - (close - -2) / -open",
        "not not (close > 1) or close < open[-3] and volume != 0",
        "ts_corr(close / close[-1], volume, 10, min_count=3) ^ 0.5 ^ -1",
        "fillna(ret(close, 5), nan) + 1 / 0 * close - -1 / 0", "where(close > open, true, false)",
        "(nan > 1) and not (0 / 0 < close or -nan > 3)"}) {
    Graph graph;
    const auto node = [&](const std::string& right) {
      const Module module = Module::parse(fmt::format("x = {}", right), "t", {});
      return lower_all(module, {}, graph).front().node;
    };
    const NodeId first = node(text);
    EXPECT_EQ(node(to_string(graph, first)), first) << to_string(graph, first);
  }
}

TEST(GraphText, NumbersReadBackTheSame) {
  EXPECT_EQ(rewritten("0.1 + close"), "0.1 + close");
  EXPECT_EQ(rewritten("1e-9 * close"), "1e-09 * close");
  EXPECT_EQ(rewritten("close + nan"), "close + nan");
  EXPECT_EQ(rewritten("close * (1 / 0)"), "close * (1 / 0)");
  EXPECT_EQ(rewritten("close - -1 / 0"), "close - -1 / 0");
  EXPECT_EQ(rewritten("close^(-2)"), "close^-2");
  EXPECT_EQ(rewritten("(-2)^close"), "(-2)^close");
}

TEST(GraphText, LongChainsAndDeepGraphsAreWritten) {
  std::string chain = "close";
  for (int i = 0; i < 10'000; ++i) chain += " + open";
  EXPECT_EQ(rewritten(chain), chain);
}

TEST(GraphText, ShortenedTextsBeginAsTheWholeOnes) {
  constexpr std::size_t kMaxBytes = 20;
  const LoweredText made = lowered(
      "x = -(close - open * (high + low))^2 + ts_corr(close / close[-1], volume, 10, min_count=3)\n"
      "y = cs_zscore(x, by=sector) > 1 and not (low > high or close < (open + 1)[-3])\n"
      "z = close - open");
  const std::vector<std::string> texts = shortened_texts(made.graph, kMaxBytes);
  ASSERT_EQ(texts.size(), made.graph.size());
  for (NodeId id = 0; id < made.graph.size(); ++id) {
    const std::string whole = to_string(made.graph, id);
    const bool fits = whole.size() <= kMaxBytes;
    EXPECT_EQ(texts[id], fits ? whole : whole.substr(0, kMaxBytes - 3) + "...");
  }
  EXPECT_EQ(texts[made["z"].node], "close - open");
  EXPECT_EQ(texts[made["x"].node], "-(close - open * ...");
}

TEST(GraphText, TextThatDoublesWithEveryNodeIsCut) {
  std::string text = "f0(x) = x + 1\n";
  for (int i = 1; i < 60; ++i) {
    text += fmt::format("f{0}(x) = f{1}(x) * f{1}(x)\n", i, i - 1);
  }
  const std::string written = lowered(text + "x = f59(close)").text();
  EXPECT_LT(written.size(), 1'100'000u);
  EXPECT_TRUE(written.ends_with("..."));
}

}  // namespace
}  // namespace tickwerk::expr
