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

std::string not_found(std::string_view yaml) {
  try {
    read(yaml);
    ADD_FAILURE() << "everything was found in\n" << yaml;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kNotFound) << error.what();
    return error.what();
  }
  return {};
}

/// The error and the two lines below it: the user's line, and the caret.
struct Shown {
  std::string place;    // `my.yaml:3:14`
  std::string message;  // behind it
  std::string line;
  std::string marked;  // what stands above the caret and its tildes
};

Shown shown(const std::string& error) {
  Shown result;
  std::vector<std::string> lines;
  std::size_t begin = 0;
  while (begin <= error.size()) {
    const std::size_t end = std::min(error.find('\n', begin), error.size());
    lines.push_back(error.substr(begin, end - begin));
    begin = end + 1;
  }
  if (lines.size() < 3) {
    ADD_FAILURE() << "no caret in " << error;
    return result;
  }
  const std::size_t colon = lines[0].find(": ");
  result.place = lines[0].substr(0, colon);
  result.message = lines[0].substr(colon + 2);
  result.line = lines[1].substr(2);
  const std::size_t caret = lines[2].find('^');
  result.marked = lines[1].substr(caret, lines[2].size() - caret);
  return result;
}

/// What is wrong about the expressions once they meet bars.
std::string refused_by_names(std::string_view yaml) {
  const Strategy strategy = make_strategy(read(yaml));
  expr::Graph graph;
  try {
    expr::lower_all(strategy.module, {.params = strategy.spec.params}, graph);
    ADD_FAILURE() << "nothing was refused in\n" << yaml;
  } catch (const Error& error) {
    return error.what();
  }
  return {};
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

/// `opn` is the unknown name in each.
void expect_marked(std::string_view yaml, std::string_view place, std::string_view line) {
  const Shown found = shown(refused_by_names(yaml));
  EXPECT_EQ(found.place, place) << yaml;
  EXPECT_EQ(found.line, line) << yaml;
  EXPECT_EQ(found.marked, "opn") << yaml;
}

TEST(StrategyFile, TheCaretStandsUnderTheUsersOwnText) {
  expect_marked("name: x\nlong:   close > opn\n", "my.yaml:2:17", "long:   close > opn");
  expect_marked("name: x\n\"long\": \"close > opn\" # so\n", "my.yaml:2:18",
                "\"long\": \"close > opn\" # so");
  expect_marked("name: caf\xc3\xa9\nlong: 'close > opn'\n", "my.yaml:2:16", "long: 'close > opn'");
  expect_marked("long: close >\n   1 and\n\n   opn > 2\nname: x\n", "my.yaml:4:4", "   opn > 2");
  expect_marked("long: >\n    close > 1\n    and opn > 2\nname: x\n", "my.yaml:3:9",
                "    and opn > 2");
  expect_marked("long: |\n  close >  # one\n  opn  # two\nname: x\n", "my.yaml:3:3",
                "  opn  # two");
  expect_marked("define: |\n\n  # what it is\n  a = close\n    b = opn + a\nlong: a > 1\n",
                "my.yaml:5:9", "    b = opn + a");
  expect_marked("define: a = opn\nlong: a > 1\n", "my.yaml:1:13", "define: a = opn");
  expect_marked("{params: {a: 1, b: 2}, long: close > opn}", "my.yaml:1:38",
                "{params: {a: 1, b: 2}, long: close > opn}");
  expect_marked("enter: close > 1\nparams: {a: 1, b: 2}\nexit: close < opn\n", "my.yaml:3:15",
                "exit: close < opn");
  expect_marked("long: score > 0\nfactors:\n  opn: 1\n", "my.yaml:3:3", "  opn: 1");
  expect_marked("long: score > 0\nfactors: {a: {expr: -opn, weight: 1}}\n", "my.yaml:2:22",
                "factors: {a: {expr: -opn, weight: 1}}");
  expect_marked("long: \"close \\/ opn > 1\"\n", "my.yaml:1:17", "long: \"close \\/ opn > 1\"");
  expect_marked("\xef\xbb\xbflong: close > opn\n", "my.yaml:1:15", "long: close > opn");
  expect_marked("name: x\r\nlong: close >\r\n  opn\r\n", "my.yaml:3:3", "  opn");
}

TEST(StrategyFile, WhatHasNoTextOfItsOwnIsShownByItsKey) {
  const Shown latch = shown(refused_by_names("name: x\nenter: close\nexit: close < 1\n"));
  EXPECT_EQ(latch.place, "my.yaml:2:1");
  EXPECT_EQ(latch.marked, "enter");
  const Shown import = shown(not_found("name: x\nimport: [core, nosuch]\nlong: close > 1\n"));
  EXPECT_EQ(import.place, "my.yaml:2:16");
  EXPECT_EQ(import.marked, "nosuch");
  const Shown twice = shown(refused("params: {a: 1,\n  b: 2}\ndefine: b = 3\nlong: close > 1\n"));
  EXPECT_EQ(twice.place, "my.yaml:2:3");
  EXPECT_EQ(twice.marked, "b");
}

TEST(StrategyFile, AnUnknownKeyIsRefusedWithTheNearestAndItsLine) {
  EXPECT_TRUE(says(refused("long: close > 1\ntopn: 3\n"),
                   {"found 'topn'", "nearest: top_n", "one of the 26", "my.yaml:2:1: "}));
}

TEST(StrategyFile, AQuoteThatIsNotClosedIsRefusedWhereItBegins) {
  for (const char* yaml :
       {"long: close > open\nname: \"x\nscore: close\n", "long: close > open\nname: 'it''s\n",
        "long: close > open\nname: \"x\\\"\n", "long: close > open\nname: &a \"x\n",
        "long: close > open\n\"name: x\n"}) {
    const std::string error = refused(yaml);
    EXPECT_TRUE(says(error, {"my.yaml:2:", "a text in quotes must end with"})) << yaml;
    EXPECT_EQ(shown(error).marked,
              yaml[std::string_view(yaml).find_first_of("'\"")] == '"' ? "\"" : "'");
  }
  EXPECT_EQ(read("long: close > open\nname: 'it''s'\n").name, "it's");
  EXPECT_EQ(read("long: close > open\nname: \"a \\\"b\\\" c\"\n").name, "a \"b\" c");
}

TEST(StrategyFile, WhatIsOfTheWrongTypeIsRefusedWithItsLine) {
  const std::string first = "long: close > open\n";
  const auto second = [&](const char* line, std::vector<std::string_view> words) {
    words.push_back("my.yaml:2:");
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
  second("min_confidence: 1.5\n", {"min_confidence must be in [0, 1]"});
  second("meta_mode: both\n", {"meta_mode must be filter or scale"});
  second("meta_model: \"\"\n", {"meta_model must have a plain value"});
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
  EXPECT_TRUE(says(refused("long: close > a: 1\n"), {"must be YAML", "quoted", "my.yaml:1:16: "}));
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
  EXPECT_TRUE(
      says(refused(bundle("{a: 0.5, b: 0.4}")), {"add up to 1", "found 0.9", "my.yaml:5:1: "}));
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

using Params = std::map<std::string, double, std::less<>>;

/// A folder with `parts.expr`, gone at the end of a test.
class StrategyFolder : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(folder_);
    io::write_file(folder_ / "parts.expr",
                   "param window = 20\nparam twice = 2 * window\nparam _own = 1\n"
                   "half = close / ts_mean(close, window)\n");
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  StrategySpec load(std::string_view yaml) const {
    io::write_file(folder_ / "mine.yaml", yaml);
    return load_strategy(folder_ / "mine.yaml");
  }

  std::filesystem::path folder_ =
      std::filesystem::path(testing::TempDir()) / fmt::format("strategy_file.{}", ::getpid());
};

TEST_F(StrategyFolder, AFileImportsFromItsOwnFolder) {
  const Strategy strategy = make_strategy(load("import: parts.expr\nlong: half > 1\n"));
  EXPECT_EQ(strategy.spec.name, "mine");
  EXPECT_TRUE(strategy.defines("long"));
  EXPECT_FALSE(strategy.defines("short"));
  EXPECT_THROW(load_strategy(folder_ / "none.yaml"), Error);
}

TEST_F(StrategyFolder, ParametersOfImportsAndDefinitionsAreThoseOfTheStrategy) {
  StrategySpec spec =
      load("import: parts.expr\ndefine: param w = 5\nlong: half > 1\nparams: {n: 3}\n");
  EXPECT_EQ(spec.params, (Params{{"n", 3}, {"w", 5}, {"window", 20}}));
  EXPECT_EQ(spec.derived_params, (std::vector<std::string>{"twice"}));
  set_param(spec, "window", 10);
  set_param(spec, "twice", 7);
  EXPECT_EQ(spec.params, (Params{{"n", 3}, {"twice", 7}, {"w", 5}, {"window", 10}}));
  EXPECT_TRUE(spec.derived_params.empty());
}

TEST_F(StrategyFolder, ParamsSayTheValueOfWhatAnImportDeclares) {
  const StrategySpec spec = load("import: parts.expr\nlong: half > 1\nparams: {window: 10}\n");
  EXPECT_EQ(spec.params, (Params{{"window", 10}}));
  expr::Graph graph;
  const Strategy strategy = make_strategy(spec);
  const auto found = expr::lower_all(strategy.module, {.params = strategy.spec.params}, graph);
  EXPECT_EQ(expr::to_string(graph, found.front().node), "close / ts_mean(close, 10) > 1");
}

TEST_F(StrategyFolder, AParameterThatTheStrategyDoesNotHaveIsRefusedWithTheNearest) {
  StrategySpec spec = load("import: parts.expr\nlong: half > 1\n");
  try {
    set_param(spec, "windw", 3);
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(
        error.what(),
        "a parameter of mine must be one of twice, window, found 'windw', nearest: window");
  }
}

TEST(StrategyFile, AParameterThatIsNoConstantIsRefusedAlsoUnused) {
  EXPECT_TRUE(says(refused("define: param w = close\nlong: close > open\n"),
                   {"my.yaml:1:19: ", "a param must be a constant number"}));
  EXPECT_TRUE(says(refused("define: param w = close\nlong: close > open\nparams: {w: 3}\n"),
                   {"my.yaml:1:19: "}));
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

TEST(StrategyFile, AMetaModelIsFoundFromTheFolderOfTheStrategy) {
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "meta_of_file";
  std::filesystem::create_directories(folder);
  io::write_file(folder / "own.yaml",
                 "long: close > 1\nmeta_model: models/../own.ubj\nmeta_mode: scale\n"
                 "min_confidence: 0.6\n");
  const MetaModelUse meta = load_strategy(folder / "own.yaml").meta_model;
  EXPECT_EQ(meta.file, folder / "own.ubj");
  EXPECT_EQ(meta.mode, MetaMode::kScale);
  EXPECT_EQ(meta.min_confidence, 0.6);
  EXPECT_TRUE(parse_strategy("long: close > 1\n", "plain").meta_model.file.empty());
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace tickwerk::strategy
