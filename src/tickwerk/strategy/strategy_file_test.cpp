#include "tickwerk/strategy/strategy_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>

#include "tickwerk/io/atomic_file.h"

namespace tickwerk::strategy {
namespace {

StrategySpec read(std::string_view yaml) { return parse_strategy(yaml, "my.yaml"); }

std::string refused(std::string_view yaml) {
  try {
    const Strategy strategy = make_strategy(read(yaml));
    ADD_FAILURE() << "nothing was refused in\n" << yaml << strategy.spec.language;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kInvalidArgument) << error.what();
    return error.what();
  }
  return {};
}

testing::AssertionResult says(std::string_view text, std::vector<std::string_view> words) {
  for (const std::string_view word : words) {
    if (text.find(word) == std::string_view::npos) {
      return testing::AssertionFailure() << "'" << word << "' is not in '" << text << "'";
    }
  }
  return testing::AssertionSuccess();
}

/// The line of a text, from 1, without what stands right of it.
std::string line_of(const std::string& text, int number) {
  std::size_t begin = 0;
  for (; number > 1; --number) begin = text.find('\n', begin) + 1;
  return text.substr(begin, text.find('\n', begin) - begin);
}

TEST(StrategyFile, EveryKeyIsRead) {
  const StrategySpec spec = read(R"(
name: mine            # a comment
description: what it is for
import: [core]
define: |
  fast_mean = ema(close, fast)
long: fast_mean > close
short: fast_mean < close
score: fast_mean / close
params: {fast: 20, slow: 0.5}
weights: inverse_vol(30)
top_n: 7
max_weight: 0.25
gross: 1.5
net: -0.5
allow_short: true
rebalance: every(5)
band: 0.01
min_volume_ratio: 1.25
)");
  EXPECT_EQ(spec.name, "mine");
  EXPECT_EQ(spec.description, "what it is for");
  EXPECT_EQ(spec.params, (std::map<std::string, double, std::less<>>{{"fast", 20}, {"slow", 0.5}}));
  EXPECT_EQ(spec.weights, Weighting::kInverseVol);
  EXPECT_EQ(spec.inverse_vol_window, 30);
  EXPECT_EQ(spec.top_n, 7);
  EXPECT_EQ(spec.max_weight, 0.25);
  EXPECT_EQ(spec.gross, 1.5);
  EXPECT_EQ(spec.net, -0.5);
  EXPECT_EQ(spec.short_selling, ShortSelling::kAllow);
  EXPECT_EQ(to_string(spec.rebalance), "every(5)");
  EXPECT_EQ(spec.band, 0.01);
  EXPECT_EQ(spec.min_volume_ratio, 1.25);
}

TEST(StrategyFile, TheDefaultsAreThoseOfTheSpecification) {
  const StrategySpec spec = read("long: close > open\n");
  EXPECT_EQ(spec.name, "my");
  EXPECT_EQ(spec.weights, Weighting::kEqual);
  EXPECT_EQ(spec.top_n, 0);
  EXPECT_EQ(spec.max_weight, 1);
  EXPECT_EQ(spec.gross, 1);
  EXPECT_FALSE(spec.net.has_value());
  EXPECT_EQ(spec.short_selling, ShortSelling::kRefuse);
  EXPECT_EQ(to_string(spec.rebalance), "daily");
  EXPECT_EQ(spec.band, 0);
  EXPECT_EQ(spec.min_volume_ratio, 0);
}

TEST(StrategyFile, EveryExpressionStandsOnItsLineAndColumn) {
  const std::string language = read(R"(name: x
define: |
  # what it is
  a = close - open

    b = -a
long:   a > 0 and b < 1
score: "a * 2"
short: |
    a <   # one
    b     # two
params:
  n: 3
  m: 4
)")
                                   .language;
  EXPECT_EQ(line_of(language, 3), "  # what it is");
  EXPECT_EQ(line_of(language, 4), "  a = close - open");
  EXPECT_EQ(line_of(language, 6), "    b = -a");
  EXPECT_EQ(line_of(language, 7), "long=   a > 0 and b < 1");
  EXPECT_EQ(line_of(language, 8), "score=  a * 2");
  EXPECT_EQ(line_of(language, 9), "short=(");
  EXPECT_EQ(line_of(language, 10), "    a <   ");
  EXPECT_EQ(line_of(language, 11), "    b     )");
  EXPECT_EQ(line_of(language, 13), "param n = 3");
  EXPECT_EQ(line_of(language, 14), "param m = 4");
}

TEST(StrategyFile, LinesSharedByTwoStatementsAreKept) {
  const std::string language = read("{long: close > a, params: {a: 1, b: 2}}").language;
  EXPECT_EQ(language, "long=  close > a\nparam a = 1\nparam b = 2\n");
}

TEST(StrategyFile, AnUnknownKeyIsRefusedWithTheNearestAndItsLine) {
  EXPECT_TRUE(says(refused("long: close > 1\ntopn: 3\n"),
                   {"found 'topn'", "nearest: top_n", "(my.yaml:2)"}));
}

TEST(StrategyFile, WhatIsOfTheWrongTypeIsRefusedWithItsLine) {
  const std::string first = "long: close > open\n";
  const auto second = [&](const char* line, std::vector<std::string_view> words) {
    words.push_back("(my.yaml:2)");
    EXPECT_TRUE(says(refused(first + line), words)) << line;
  };
  second("long: close > 1\n", {"a key must stand once", "'long'"});
  second("top_n: many\n", {"top_n must be a number", "'many'"});
  second("top_n: 2.5\n", {"top_n must be a whole number", "2.5"});
  second("top_n: -1\n", {"top_n must be >= 0", "-1"});
  second("top_n: [1]\n", {"top_n must have a plain value", "a list"});
  second("top_n:\n", {"top_n must have a value"});
  second("gross: 0\n", {"gross must be finite and > 0", "found 0"});
  second("gross: .inf\n", {"gross must be a number", "'.inf'"});
  second("max_weight: 1.5\n", {"max_weight must be in (0, 1]"});
  second("band: 1\n", {"band must be in [0, 1)"});
  second("net: x\n", {"net must be a number"});
  second("min_volume_ratio: -1\n", {"min_volume_ratio must be finite and >= 0"});
  second("weights: equally\n", {"weights must be equal, score", "'equally'"});
  second("weights: inverse_vol(1)\n", {"inverse_vol(N)", "'inverse_vol(1)'"});
  second("rebalance: every(0)\n", {"rebalance must be", "'every(0)'"});
  second("allow_short: maybe\n", {"allow_short must be true or false"});
  second("params: 3\n", {"params must be a mapping"});
  second("params: {a b: 3}\n", {"a parameter must be a name", "'a b'"});
  second("params: {a: x}\n", {"parameter a must be a number"});
  second("params: {a: 1, a: 2}\n", {"a parameter must stand once", "'a'"});
  second("score: {a: 1}\n", {"score must have a plain value", "a mapping"});
  second("import: [\"a b\"]\n", {"import must name", "'a b'"});
  second("exit: close > 1\n", {"exit must come with enter"});
}

TEST(StrategyFile, WhatIsNoYamlOrNoMappingIsRefused) {
  EXPECT_TRUE(says(refused("long: close > a: 1\n"), {"must be YAML", "quoted", "(my.yaml:1)"}));
  EXPECT_TRUE(says(refused("- long\n"), {"`key: value` lines", "(my.yaml)"}));
  EXPECT_TRUE(says(refused(""), {"`key: value` lines"}));
  EXPECT_TRUE(says(refused("long: a\n---\nlong: b\n"), {"of one strategy"}));
}

TEST(StrategyFile, WhatIsNotUtf8IsRefusedWithItsOffset) {
  EXPECT_TRUE(says(refused("name: caf\xe9\nlong: close > open\n"),
                   {"UTF-8", "byte 0xe9 at offset 9", "my.yaml"}));
}

TEST(StrategyFile, WhatNeedsSomethingElseSaysSo) {
  EXPECT_TRUE(says(refused("score: close\n"), {"`long` or `short` must be given"}));
  EXPECT_TRUE(says(refused("short: close > open\n"), {"allow_short: true"}));
  EXPECT_TRUE(says(refused("long: close > open\ngross: 1.5\n"), {"gross", "allow_short", "1.5"}));
  EXPECT_TRUE(says(refused("long: close > open\nnet: 0.5\n"), {"net must be gross"}));
  EXPECT_TRUE(
      says(refused("long: close > open\nnet: 2\nallow_short: true\n"), {"[-gross, gross]"}));
  EXPECT_TRUE(says(refused("long: close > open\ntop_n: 3\n"), {"top_n 3", "score"}));
  EXPECT_TRUE(says(refused("long: close > open\nweights: rank\n"), {"weights rank", "score"}));
  EXPECT_TRUE(says(refused("long: a\nenter: a\nexit: a\n"), {"long must not come with enter"}));
  EXPECT_TRUE(
      says(refused("long: a\nscore: a\nfactors: {a: 1}\n"), {"must not come with factors"}));
}

TEST(StrategyFile, AnErrorOfTheLanguageNamesTheFileAndItsLine) {
  EXPECT_TRUE(says(refused("name: x\n\nlong: close > (open\n"), {"my.yaml:3:"}));
  EXPECT_TRUE(says(refused("define: |\n\n  a = close +* open\nlong: a > 1\n"), {"my.yaml:3:14:"}));
}

TEST(StrategyFile, TheWeightsOfFactorsAddUpToOne) {
  const auto bundle = [](std::string_view weights) {
    return fmt::format("define: |\n  a = close\n  b = open\nlong: score > 0\nfactors: {}\n",
                       weights);
  };
  EXPECT_TRUE(says(refused(bundle("{a: 0.5, b: 0.4}")), {"add up to 1", "found 0.9", ":5)"}));
  EXPECT_TRUE(says(refused(bundle("{a: 0.5, b: 0.511}")), {"add up to 1", "found 1.011"}));
  EXPECT_TRUE(says(refused(bundle("{a: 1.5, b: -0.5}")), {"weight of b must be > 0", "-0.5"}));
  EXPECT_TRUE(says(refused(bundle("{a: 1, b: {expr: -b}}")), {"expr and weight", "in b"}));
  EXPECT_TRUE(says(refused(bundle("{a: 1, b: {expr: max(a, b), weight: 1}}")), {"quoted"}));
  EXPECT_TRUE(says(refused(bundle("{a: 1, a: 0}")), {"a factor must stand once"}));
  EXPECT_TRUE(says(refused(bundle("[a, b]")), {"a mapping of names to weights"}));
  EXPECT_NO_THROW(make_strategy(read(bundle("{a: 0.5, b: 0.51}"))));
  EXPECT_NO_THROW(make_strategy(read(bundle("{a: 0.5, c: {expr: \"max(a, b)\", weight: 0.49}}"))));
}

TEST(StrategyFile, TheDefaultOfNetFollowsTheSidesThereAre) {
  const auto net = [](std::string_view sides) {
    return *make_strategy(read(fmt::format("{}allow_short: true\ngross: 1.5\n", sides))).spec.net;
  };
  EXPECT_EQ(net("long: close > open\n"), 1.5);
  EXPECT_EQ(net("short: close > open\n"), -1.5);
  EXPECT_EQ(net("long: close > open\nshort: close < open\n"), 0);
  EXPECT_EQ(net("enter: close > open\nexit: close < open\nnet: 0.25\n"), 0.25);
}

TEST(StrategyFile, AFileImportsFromItsOwnFolder) {
  const std::filesystem::path folder =
      std::filesystem::path(testing::TempDir()) / fmt::format("strategy_file.{}", ::getpid());
  std::filesystem::create_directories(folder);
  io::write_file(folder / "parts.expr", "half = close / 2\n");
  io::write_file(folder / "mine.yaml", "import: parts.expr\nlong: half > 1\n");
  const Strategy strategy = make_strategy(load_strategy(folder / "mine.yaml"));
  EXPECT_EQ(strategy.spec.name, "mine");
  EXPECT_TRUE(strategy.defines("long"));
  EXPECT_FALSE(strategy.defines("short"));
  EXPECT_THROW(load_strategy(folder / "none.yaml"), Error);
  std::filesystem::remove_all(folder);
}

TEST(BuiltIn, EveryTextIsAStrategyOfItsName) {
  EXPECT_EQ(built_in_names(),
            (std::vector<std::string>{"ema_trend", "multifactor_long_short", "trend_baseline"}));
  for (const std::string& name : built_in_names()) {
    const Strategy strategy = make_strategy(built_in_spec(name));
    EXPECT_EQ(strategy.spec.name, name);
    EXPECT_TRUE(strategy.defines("long"));
    EXPECT_FALSE(strategy.spec.description.empty());
  }
}

TEST(BuiltIn, TheNearestNameIsOffered) {
  try {
    built_in_spec("trend_baselin");
    FAIL();
  } catch (const Error& error) {
    EXPECT_TRUE(says(error.what(), {"'trend_baselin'", "nearest: trend_baseline"}));
  }
}

TEST(Weights, ReadTheirOwnText) {
  for (const char* text : {"equal", "score", "rank", "inverse_vol(20)", "inverse_vol(63)"}) {
    EXPECT_EQ(to_string(parse_weights(text)), text);
  }
  EXPECT_EQ(to_string(parse_weights("inverse_vol")), "inverse_vol(20)");
  for (const char* text : {"", "Equal", "inverse_vol()", "inverse_vol(1)", "inverse_vol(2x)",
                           "inverse_vol(10001)", "score(3)"}) {
    EXPECT_THROW(parse_weights(text), Error) << text;
  }
}

}  // namespace
}  // namespace tickwerk::strategy
