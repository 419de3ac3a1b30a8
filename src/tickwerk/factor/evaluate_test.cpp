#include "tickwerk/factor/evaluate.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tickwerk/base/error.h"
#include "tickwerk/factor/check.h"

namespace tickwerk::factor {
namespace {

using market::Bars;

/// Four daily bars of two symbols: closes 1, 2, 4, 8 and 10, 20, 30, 40.
Bars bars() {
  Bars made;
  made.symbols = {"AAA", "BBB"};
  Panel close(4, 2);
  Panel extra(4, 2);
  for (std::size_t t = 0; t < 4; ++t) {
    made.times.push_back(midnight(Date{make_date(2024, 1, 2).days + static_cast<int>(t)}));
    close(t, 0) = std::pow(2.0, static_cast<double>(t));
    close(t, 1) = 10.0 * static_cast<double>(t + 1);
    extra(t, 0) = 7;
    extra(t, 1) = 9;
  }
  made.fields.emplace("close", std::move(close));
  made.fields.emplace("mcap", std::move(extra));
  return made;
}

/// `one` and `two` are groups; AAA belongs to the same as BBB only in `two`.
market::Groups groups() {
  market::Groups made;
  made.path = "g.csv";
  made.names = {"one", "two"};
  made.labels = {{"a", "b"}, {"a"}};
  made.members.resize(2);
  made.members[0].push_back({.first = {}, .last = {}, .codes = {0, 0}, .row = 2});
  made.members[1].push_back({.first = {}, .last = {}, .codes = {1, 0}, .row = 3});
  return made;
}

/// AAA discloses 5 on January 2, known from the 3rd on.
market::Events events() {
  market::Events made;
  made.name = "earnings";
  made.path = "e.csv";
  made.fields = {"eps"};
  made.disclosed.resize(2);
  made.calendar = &market::Calendar::nyse();
  market::Disclosure disclosure;
  disclosure.day = make_date(2024, 1, 2);
  disclosure.values = {5};
  made.disclosed[0].push_back(disclosure);
  return made;
}

expr::Module module_of(std::string_view text) { return expr::Module::parse(text, "test", {}); }

bool says(const std::vector<std::string>& sentences, std::string_view words) {
  for (const std::string& sentence : sentences) {
    if (sentence.find(words) != std::string::npos) return true;
  }
  return false;
}

TEST(Evaluate, RefusesALabelOfTheInputAndSaysWhy) {
  Bars made = bars();
  made.labels.emplace("tomorrow", "panel.parquet");
  for (const char* text :
       {"x = tomorrow", "label y = tomorrow", "x = cs_rank(ts_mean(tomorrow, 2))"}) {
    try {
      evaluate({.bars = made}, module_of(text));
      ADD_FAILURE() << text;
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what())
                    .find("must not read what knows the future: tomorrow is a "
                          "label of panel.parquet"),
                std::string::npos)
          << error.what();
    }
  }
  EXPECT_EQ(evaluate({.bars = made}, module_of("tomorrow = close\nx = tomorrow")).values.size(),
            2U);
}

TEST(Evaluate, NamesALabelOfAHorizonWithoutALineThatNobodyWrote) {
  const Evaluation found =
      evaluate({.bars = bars()}, module_of("label fwd_return_9 = close[+9] / close - 1\n"
                                           "label mine = close[+9] / close - 1"));
  EXPECT_TRUE(says(found.warnings, "fwd_return_9 reads 9 bars ahead"));
  EXPECT_FALSE(says(found.warnings, "(test:1)"));
  EXPECT_TRUE(says(found.warnings, "(test:2)"));
}

TEST(Evaluate, GivesOnePanelPerDefinitionInTheirOrder) {
  const Bars market = bars();
  const Evaluation result = evaluate({.bars = market}, module_of("b = close * 2\na = mcap + 1\n"));
  ASSERT_EQ(result.definitions.size(), 2U);
  EXPECT_EQ(result.definitions[0].name, "b");
  EXPECT_EQ(result.values[0](3, 0), 16);
  EXPECT_EQ(result.values[1](0, 1), 10);
}

TEST(Evaluate, TakesParametersAndNames) {
  const Bars market = bars();
  EvaluateOptions options;
  options.params["k"] = 3;
  options.names = {"_hidden"};
  const Evaluation result = evaluate(
      {.bars = market}, module_of("param k = 2\n_hidden = close * k\nx = close\n"), options);
  ASSERT_EQ(result.definitions.size(), 1U);
  EXPECT_EQ(result.values[0](1, 0), 6);
}

TEST(Evaluate, GivesWhatHasOneValueADayAsOneColumn) {
  const Bars market = bars();
  const Evaluation result = evaluate({.bars = market}, module_of("m = cs_mean(close)\n"));
  EXPECT_EQ(result.values[0].num_symbols(), 1U);
  EXPECT_EQ(result.values[0](1, 0), 11);
}

TEST(Evaluate, JoinsEventsAsTheyBecameKnown) {
  const Bars market = bars();
  const std::vector<market::Events> known = {events()};
  const Evaluation result =
      evaluate({.bars = market, .events = known}, module_of("x = asof(earnings.eps)\n"
                                                            "y = asof(earnings.eps, max_age=1)\n"));
  EXPECT_TRUE(std::isnan(result.values[0](0, 0)));
  EXPECT_EQ(result.values[0](1, 0), 5);
  EXPECT_EQ(result.values[0](3, 0), 5);
  EXPECT_TRUE(std::isnan(result.values[0](3, 1)));
  EXPECT_EQ(result.values[1](1, 0), 5);
  EXPECT_TRUE(std::isnan(result.values[1](2, 0)));
}

TEST(Evaluate, RanksWithinGroups) {
  const Bars market = bars();
  const market::Groups sectors = groups();
  const Evaluation result =
      evaluate({.bars = market, .groups = &sectors},
               module_of("x = cs_demean(close, by=one)\ny = cs_demean(close, by=two)\n"));
  EXPECT_EQ(result.values[0](1, 1), 0);
  EXPECT_EQ(result.values[1](1, 1), 9);  // 20 less the mean of 2 and 20
}

TEST(Evaluate, LooksAtTheMembersOfTheDay) {
  Bars market = bars();
  Panel member(4, 2, 1.0);
  member(1, 0) = 0;
  market.fields.emplace("in_universe", std::move(member));
  const Evaluation result = evaluate(
      {.bars = market}, module_of("m = cs_mean(close)\nw = where(in_universe, close, nan)\n"));
  EXPECT_EQ(result.values[0](0, 0), 5.5);
  EXPECT_EQ(result.values[0](1, 0), 20);
  EXPECT_TRUE(std::isnan(result.values[1](1, 0)));
}

TEST(Evaluate, WarnsOfPriceLevelsOnAdjustedData) {
  Bars market = bars();
  const expr::Module module = module_of("level = close > 5\nfree = close / close[-1]\n");
  market.adjustment = market::Adjustment::kAdjusted;
  const Evaluation adjusted = evaluate({.bars = market}, module);
  EXPECT_TRUE(says(adjusted.warnings, "level depends on the level of prices"));
  EXPECT_FALSE(says(adjusted.warnings, "free"));
  market.adjustment = market::Adjustment::kRaw;
  EXPECT_TRUE(evaluate({.bars = market}, module).warnings.empty());
}

TEST(Evaluate, WarnsOfWindowsLongerThanTheData) {
  Bars market = bars();
  market.adjustment = market::Adjustment::kRaw;
  const Evaluation result =
      evaluate({.bars = market}, module_of("far = close[-4] / close\nnear = close[-3] / close\n"));
  ASSERT_EQ(result.warnings.size(), 1U);
  EXPECT_TRUE(says(result.warnings, "far reads 4 bars back, more than the 4 rows"));
  EXPECT_TRUE(says(result.warnings, "(test:1)"));
  EXPECT_TRUE(std::isnan(result.values[0](3, 0)));
  EXPECT_FALSE(std::isnan(result.values[1](3, 0)));
}

TEST(Evaluate, WarnsOfLabelsThatReadFurtherThanTheData) {
  Bars market = bars();
  market.adjustment = market::Adjustment::kRaw;
  const Evaluation result =
      evaluate({.bars = market}, module_of("label y = close[+3] / close[-1]\n"
                                           "label z = close[+4]\nlabel w = close[+3]\n"));
  ASSERT_EQ(result.warnings.size(), 2U);
  EXPECT_TRUE(says(result.warnings, "y reads 1 bar back and 3 ahead"));
  EXPECT_TRUE(says(result.warnings, "z reads 4 bars ahead"));
}

TEST(Evaluate, WarnsOnceForEachDefinitionWithItsLineAndOfManyInOneSentence) {
  const Bars market = bars();
  std::string text;
  for (int i = 0; i < 12; ++i) text += fmt::format("x{} = close + {}\n", i, i);
  const Evaluation result = evaluate({.bars = market}, module_of(text));
  ASSERT_EQ(result.warnings.size(), 9U);
  EXPECT_TRUE(result.warnings[7].starts_with("x7 depends on the level of prices"));
  EXPECT_TRUE(result.warnings[7].ends_with("(test:8)"));
  EXPECT_EQ(result.warnings[8], "4 more depend on the level of prices: x8, x9, x10, x11");
}

TEST(Evaluate, SaysWhichSetOfTheCatalogueHasAName) {
  const Bars market = bars();
  const auto error = [&](std::string_view text) -> std::string {
    try {
      compile({.bars = market}, module_of(text));
    } catch (const Error& refused) {
      return refused.what();
    }
    return "";
  };
  EXPECT_NE(error("x = momentum_12m_excl_1m\n").find("in core: write the line `import core`"),
            std::string::npos);
  EXPECT_NE(error("x = momentum_12m\n").find("the catalogue has momentum_12m_excl_1m in core"),
            std::string::npos);
  EXPECT_NE(error("x = core\n").find("core is a set of the catalogue"), std::string::npos);
  EXPECT_NE(error("x = wholly_else\n").find("fields are"), std::string::npos);
}

TEST(Sources, RefuseOneNameForTwoThings) {
  const Bars market = bars();
  const SourceFiles twice{.groups = {}, .events = {{"e", "a.csv"}, {"e", "b.csv"}}, .as_of = {}};
  EXPECT_THROW(load_sources(twice, market), Error);
}

TEST(AsOfField, IsReadFromTheNameOfTheNode) {
  const auto field = parse_as_of("asof(earnings.eps,30)");
  ASSERT_TRUE(field);
  EXPECT_EQ(field->events, "earnings");
  EXPECT_EQ(field->field, "eps");
  EXPECT_EQ(field->max_age_days, 30);
  EXPECT_FALSE(parse_as_of("close"));
  EXPECT_FALSE(parse_as_of("asof(earnings,30)"));
}

/// Enough bars to cut: 60 of three symbols.
Bars longer() {
  Bars made;
  made.adjustment = market::Adjustment::kRaw;
  made.symbols = {"AAA", "BBB", "CCC"};
  Panel close(60, 3);
  for (std::size_t t = 0; t < 60; ++t) {
    made.times.push_back(midnight(Date{make_date(2024, 1, 2).days + static_cast<int>(t)}));
    for (std::size_t s = 0; s < 3; ++s) {
      close(t, s) = 100 + std::sin(static_cast<double>(t * (s + 1)));
    }
  }
  made.fields.emplace("close", std::move(close));
  return made;
}

TEST(Check, FindsNoLeakInWhatTheCompilerLetsThrough) {
  const Bars market = longer();
  const CheckResult result =
      check({.bars = market},
            module_of("mom = close / close[-10] - 1\nsmooth = ema(close, 5)\n"
                      "z = cs_zscore(ts_std(close, 5))\nlabel y = close[+5] / close - 1\n"
                      "label r = cs_rank(close[+3])\nlabel a = ahead(close, 4) / close\n"));
  EXPECT_FALSE(result.has_leak());
  for (const CheckedDefinition& checked : result.definitions) {
    EXPECT_GT(checked.leaks.num_compared, 1000U) << checked.definition.name;
    EXPECT_GT(checked.cost_ns, 0) << checked.definition.name;
  }
  EXPECT_EQ(result.definitions[0].reach.lookback, 10);
  EXPECT_EQ(result.definitions[0].leaks.first_row, 10U);
  EXPECT_TRUE(result.definitions[1].reach.all_history);
  EXPECT_EQ(result.definitions[3].reach.lookahead, 5);
  EXPECT_TRUE(result.trusted.empty());
}

TEST(Check, ListsWhatComesFromOutside) {
  const Bars market = bars();
  const market::Groups sectors = groups();
  const std::vector<market::Events> known = {events()};
  const CheckResult result = check({.bars = market, .groups = &sectors, .events = known},
                                   module_of("x = cs_demean(mcap, by=one) + asof(earnings.eps)\n"));
  ASSERT_EQ(result.trusted.size(), 3U);
  EXPECT_EQ(result.trusted[0].name, "earnings.eps");
  EXPECT_EQ(result.trusted[0].kind, "events");
  EXPECT_EQ(result.trusted[1].name, "mcap");
  EXPECT_EQ(result.trusted[1].kind, "column");
  EXPECT_EQ(result.trusted[2].name, "one");
  EXPECT_EQ(result.trusted[2].kind, "group");
}

TEST(Check, ClaimsNoMoreThanWasTested) {
  Bars market = longer();
  Panel mcap(60, 3, 1e9);
  market.fields.emplace("mcap", std::move(mcap));
  const CheckResult result = check(
      {.bars = market},
      module_of("a = close / close[-1]\nb = mcap / close\nc = b[-1]\nd = ts_mean(close, 100)\n"));
  EXPECT_EQ(result.definitions[0].verdict(), Verdict::kNoLeak);
  EXPECT_TRUE(result.definitions[0].trusted.empty());
  for (const std::size_t i : {1U, 2U}) {
    EXPECT_EQ(result.definitions[i].verdict(), Verdict::kNoLeakFromBars);
    ASSERT_EQ(result.definitions[i].trusted.size(), 1U);
    EXPECT_EQ(result.definitions[i].trusted[0].name, "mcap");
  }
  EXPECT_EQ(result.definitions[3].verdict(), Verdict::kNotTested);  // nothing but NaN to compare
  EXPECT_GT(result.definitions[3].leaks.num_compared, 0U);
}

}  // namespace
}  // namespace tickwerk::factor
