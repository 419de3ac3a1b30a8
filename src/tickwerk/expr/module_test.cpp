#include "tickwerk/expr/module.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "tickwerk/expr/lowered_text.h"

namespace tickwerk::expr {
namespace {

class ModuleFiles : public testing::Test {
 protected:
  ModuleFiles()
      : folder_(std::filesystem::path(testing::TempDir()) /
                testing::UnitTest::GetInstance()->current_test_info()->name()) {
    std::filesystem::create_directories(folder_);
  }
  ~ModuleFiles() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path write(const std::string& name, std::string_view text) {
    std::filesystem::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return folder_ / name;
  }

  static std::string load_error(const std::filesystem::path& file) {
    try {
      Module::load(file, {});
    } catch (const Error& error) {
      return error.what();
    }
    return {};
  }

  std::filesystem::path folder_;
};

TEST(Module, OutputsAreTheTextsOwnNamesWithoutUnderscore) {
  const Module module =
      Module::parse("b = _a\n_a = close\nf(x) = x\nparam p = 1\nlabel c = 1", "t", {});
  EXPECT_EQ(module.outputs(), (std::vector<std::string>{"b", "c"}));
  EXPECT_EQ(module.names(), (std::vector<std::string>{"b", "_a", "c"}));
}

TEST(Module, ParamsMayUseEachOther) {
  const Module module =
      Module::parse("param slow = 3 * fast\nparam fast = 20\nparam q = max(1, 2) / 4", "t", {});
  const auto params = module.params();
  ASSERT_EQ(params.size(), 3u);
  EXPECT_EQ(params[0].first, "slow");
  EXPECT_EQ(params[0].second, 60.0);
  EXPECT_EQ(params[2].second, 0.5);
}

TEST(Module, ANameIsDefinedOnce) {
  EXPECT_NE(error_of("x = 1\nx = 2").find("t.expr:2:1: a name must be defined once"),
            std::string::npos);
  EXPECT_NE(error_of("f(x) = x\nf = 2").find("stands at t.expr:1"), std::string::npos);
}

TEST(Module, OperatorsFieldsAndWordsAreNotRedefined) {
  EXPECT_NE(error_of("ema = 1").find("'ema', an operator"), std::string::npos);
  EXPECT_NE(error_of("close = 1").find("'close', a field of bars"), std::string::npos);
  EXPECT_NE(error_of("in_universe = 1").find("a field of the engine"), std::string::npos);
  EXPECT_NE(error_of("asof(x) = x").find("an operator"), std::string::npos);
}

TEST(Module, CatalogueTextsAreImportedOnce) {
  const std::map<std::string, std::string, std::less<>> texts = {
      {"base", "_log = log(close)\nmom = close / close[-5] - 1\n"},
      {"more", "import base\n_log = log(open)\nrev = -mom + _log - _log[-1]\n"}};
  ParseOptions options;
  options.catalogue = [&](std::string_view name) {
    const auto found = texts.find(name);
    return found == texts.end() ? nullptr : &found->second;
  };
  const LoweredText text =
      lowered("import base\nimport more\nx = rev + mom", test_fields(), options);
  EXPECT_EQ(text.definitions.size(), 1u);
  EXPECT_EQ(text.text(),
            "-(close / close[-5] - 1) + log(open) - log(open)[-1] + (close / close[-5] - 1)");
  // Each text has a '_log' of its own: from outside the name is not clear.
  EXPECT_NE(error_of("import more\nx = _log", test_fields(), options).find("base:1 and more:2"),
            std::string::npos);
  EXPECT_NE(error_of("import nothing", test_fields(), options).find("has no set 'nothing'"),
            std::string::npos);
  EXPECT_NE(error_of("import base\nmom = 1", test_fields(), options).find("base:2 already"),
            std::string::npos);
}

TEST(Module, ACatalogueTextThatImportsItselfShowsTheChain) {
  const std::map<std::string, std::string, std::less<>> texts = {{"a", "import b"},
                                                                 {"b", "import a"}};
  ParseOptions options;
  options.catalogue = [&](std::string_view name) { return &texts.find(name)->second; };
  EXPECT_NE(error_of("import a", test_fields(), options).find("a -> b -> a"), std::string::npos);
}

TEST_F(ModuleFiles, FilesAreFoundBesideTheFileThatImportsThem) {
  const auto main = write("main.expr", "import \"sub/one.expr\"\nx = one + two\n");
  write("sub/one.expr", "import \"two.expr\"\none = close\n");
  write("sub/two.expr", "two = open\n");
  const Module module = Module::load(main, {});
  EXPECT_EQ(module.outputs(), std::vector<std::string>{"x"});
  EXPECT_EQ(module.names(), (std::vector<std::string>{"two", "one", "x"}));
}

TEST_F(ModuleFiles, AFileThatImportsItselfShowsTheChain) {
  const auto own = write("own.expr", "import \"own.expr\"\n");
  EXPECT_NE(load_error(own).find("own.expr:1:8: a file must not import itself"), std::string::npos);
  const auto a = write("a.expr", "import \"b.expr\"\n");
  write("b.expr", "import \"./a.expr\"\n");
  const std::string error = load_error(a);
  EXPECT_NE(error.find("a.expr -> "), std::string::npos) << error;
  EXPECT_NE(error.find("b.expr -> "), std::string::npos) << error;
}

TEST_F(ModuleFiles, AnImportThatIsNotThereIsNotFound) {
  const auto file = write("main.expr", "x = 1\nimport \"gone.expr\"\n");
  try {
    Module::load(file, {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kNotFound);
    EXPECT_NE(std::string(error.what()).find("main.expr:2:8"), std::string::npos) << error.what();
  }
  EXPECT_NE(load_error(folder_ / "none.expr").find("must exist"), std::string::npos);
}

TEST_F(ModuleFiles, ErrorsNameTheFileTheyAreIn) {
  const auto main = write("main.expr", "import \"bad.expr\"\n");
  write("bad.expr", "\n\nx = (1\n");
  EXPECT_NE(load_error(main).find("bad.expr:3:5: '(' must be closed"), std::string::npos);
}

TEST(Module, ParamsThatFollowOthersAreKnown) {
  const Module module =
      Module::parse("param a = 2\nparam b = 3 * a\nparam c = -1\nx = close > b\n", "t", {});
  EXPECT_EQ(module.param_names(), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(module.derived_params(), (std::vector<std::string>{"b"}));
}

TEST(Module, BareExpressionsAreNamedByTheirText) {
  ParseOptions options;
  options.bare = BareExpressions::kNamedByText;
  const LoweredText text = lowered("mom = close[-1]\nclose\nmom / close", test_fields(), options);
  EXPECT_EQ(text.text("close"), "close");
  EXPECT_EQ(text.text("mom / close"), "close[-1] / close");
}

TEST(Module, DescriptionTextAndPlaceComeWithADefinition) {
  const LoweredText text = lowered("# what\nx = close /  open  # it is\n");
  EXPECT_EQ(text["x"].description, "what\nit is");
  EXPECT_EQ(text["x"].text, "close /  open");
  EXPECT_EQ(text["x"].place, "t.expr:2");
}

TEST(Module, OnlyWhatIsNamedIsLowered) {
  const Module module = Module::parse("a = close\n_b = open\nc = nonsense", "t", {});
  Graph graph;
  const std::string names[] = {"_b", "a"};
  const auto definitions = lower_named(module, names, {}, graph);
  ASSERT_EQ(definitions.size(), 2u);
  EXPECT_EQ(to_string(graph, definitions[0].node), "open");
  const std::string wrong[] = {"aa"};
  EXPECT_THROW(lower_named(module, wrong, {}, graph), Error);
}

TEST(Module, AnExpressionUsesTheDefinitionsOfTheModule) {
  const Module module = Module::parse("param n = 3\na = close[-n]\nlabel y = a[+9]", "t", {});
  Graph graph;
  LowerOptions options;
  options.params.emplace("n", 7);
  const Definition definition =
      lower_expression(module, "a / open > 1", "long", Role::kFactor, options, graph);
  EXPECT_EQ(definition.name, "long");
  EXPECT_EQ(to_string(graph, definition.node), "close[-7] / open > 1");
  EXPECT_EQ(graph[definition.node].type, ResultType::kCondition);
  try {
    lower_expression(module, "y > 1", "long", Role::kFactor, options, graph);
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("long:1:1: a factor must not use a label"),
              std::string::npos);
  }
}

TEST(Module, ParamsOfACallReplaceTheDefaults) {
  LowerOptions options = test_fields();
  options.params.emplace("fast", 5);
  EXPECT_EQ(lowered("param fast = 20\nparam slow = 3 * fast\nx = ema(close, slow)", options).text(),
            "ema(close, 15)");
  EXPECT_NE(error_of("param faster = 20", options).find("found 'fast', nearest: faster"),
            std::string::npos);
  EXPECT_NE(error_of("x = 1", options).find("found 'fast'; there is none"), std::string::npos);
}

}  // namespace
}  // namespace tickwerk::expr
