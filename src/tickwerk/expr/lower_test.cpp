#include "tickwerk/expr/lower.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tickwerk/expr/lowered_text.h"

namespace tickwerk::expr {
namespace {

bool says(std::string_view text, std::string_view part) {
  const std::string error = error_of(text);
  EXPECT_NE(error.find(part), std::string::npos) << text << "\n" << error;
  return error.find(part) != std::string::npos;
}

double constant(std::string_view text) {
  const LoweredText result = lowered(fmt::format("x = {}", text));
  EXPECT_EQ(result.node().kind, NodeKind::kConstant) << text;
  return result.node().value;
}

TEST(Lower, ConstantsAreFolded) {
  EXPECT_EQ(constant("1 + 2 * 3 ^ 2 - -4 / 2"), 21.0);
  EXPECT_EQ(constant("-2 ^ 2"), -4.0);
  EXPECT_EQ(constant("0.1 + 0.2"), 0.1 + 0.2);
  EXPECT_EQ(constant("1 / 3"), 1.0 / 3.0);
  EXPECT_EQ(constant("sqrt(2)"), std::sqrt(2.0));
  EXPECT_EQ(constant("max(1, 5, 3)"), 5.0);
  EXPECT_EQ(constant("where(1 < 2, 3, 4)"), 3.0);
  EXPECT_EQ(constant("1 < 2 and not 2 == 2"), 0.0);
  EXPECT_EQ(constant("1 / 0"), HUGE_VAL);
  EXPECT_TRUE(std::isnan(constant("nan + 1")));
  EXPECT_TRUE(std::isnan(constant("nan < 1")));
}

TEST(Lower, NothingIsReordered) {
  EXPECT_EQ(lowered("x = close * 2 * 3 + 0").text(), "close * 2 * 3 + 0");
  EXPECT_EQ(lowered("x = close * 1").text(), "close * 1");
}

TEST(Lower, EqualExpressionsAreOneNode) {
  const LoweredText text = lowered("a = ema(close, 20) / close\nb = ema(close, 2 * 10) / close");
  EXPECT_EQ(text["a"].node, text["b"].node);
}

TEST(Lower, DefinitionsMayBeUsedBeforeTheirLine) {
  EXPECT_EQ(lowered("x = y + 1\ny = close").text(), "close + 1");
}

TEST(Lower, ConstantDefinitionsMayBeWindows) {
  EXPECT_EQ(lowered("x = ts_mean(close, n)\nn = 4 * 5").text(), "ts_mean(close, 20)");
}

TEST(Lower, FunctionsAreExpanded) {
  const std::string adv = "adv(n=20, price=close) = ts_mean(price * volume, n)\n";
  EXPECT_EQ(lowered(adv + "x = adv()").text(), "ts_mean(close * volume, 20)");
  EXPECT_EQ(lowered(adv + "x = adv(5)").text(), "ts_mean(close * volume, 5)");
  EXPECT_EQ(lowered(adv + "x = adv(price=open)").text(), "ts_mean(open * volume, 20)");
  EXPECT_EQ(lowered("f(x, n=3) = x[-n]\ng(x, n) = f(x, 2 * n) + f(x)\nx = g(close, 4)").text(),
            "close[-8] + close[-3]");
  EXPECT_EQ(lowered("z(x, by) = cs_zscore(x, by=by)\nx = z(ret(close), sector)").text(),
            "cs_zscore(close / close[-1] - 1, by=sector)");
}

TEST(Lower, ParametersHideDefinitions) {
  EXPECT_EQ(lowered("param n = 5\nf(n) = close[-n]\nx = f(2)").text(), "close[-2]");
}

TEST(Lower, WrongCallsOfFunctionsAreErrors) {
  const std::string f = "f(x, n=3) = x[-n]\n";
  says(f + "y = f()", "x of f must be given");
  says(f + "y = f(close, 1, 2)", "takes at most 2 arguments: 3 given");
  says(f + "y = f(close, m=2)", "f has no parameter m");
  says(f + "y = f(close, x=open)", "x of f must be given once");
  says(f + "y = f", "write f(...)");
  says(f + "y = f(close, close)", "an offset must be a constant number");
}

TEST(Lower, AnErrorInsideAFunctionNamesItsCallers) {
  says("f(x) = ts_mean(x, 0)\ng(x) = f(x)\ny = g(close)",
       "t.expr:1:19: n of ts_mean must be a whole number in [1, 100000]: 0\n"
       "  f(x) = ts_mean(x, 0)\n"
       "                    ^\n"
       "  note: called by f(x) at t.expr:2:8\n"
       "  note: called by g(close) at t.expr:3:5");
}

TEST(Lower, AnErrorInsideADerivedOperatorIsShownAtTheCall) {
  LowerOptions options;
  options.fields.series.erase("high");
  const std::string error = error_of("x = 1 + atr(5)", options);
  EXPECT_EQ(error,
            "t.expr:1:9: the data must have the field high\n"
            "  x = 1 + atr(5)\n"
            "          ^~~~~~\n"
            "  hint: fields are: close, low, open, volume");
}

TEST(Lower, AFieldTheDataLackIsNotFound) {
  LowerOptions options;
  options.fields.series.erase("open");
  try {
    lowered("x = open", options);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kNotFound);
  }
}

TEST(Lower, UnknownNamesOfferTheNearest) {
  says("x = clsoe", "clsoe, nearest: close");
  says("x = ts_maen(close, 5)", "nearest: ts_mean");
  says("momentum = 1\nx = momentun", "nearest: momentum");
  says("x = turnover", "fields are: close, high, low, open, volume, sector");
  says("x = asof(earnings.esp)", "nearest: earnings.eps");
  says("x = ts_mean(close, 5, mincount=3)", "nearest: min_count");
}

TEST(Lower, WordsThatReadAllDatesGetAHint) {
  for (const char* name : {"mean", "std", "sum", "rank", "zscore", "quantile", "median", "corr"}) {
    says(fmt::format("x = {}(close)", name), "would read the future: ");
  }
  says("x = min(close)", "ts_min(x, n)");
  says("x = shift(close, 1)", "x[-n] is x n bars ago");
  says("x = pct_change(close)", "ret(x, n)");
  says("x = ln(close)", "log(x)");
  says("x = close(5)", "close[-5]");
  says("x = ema", "ema(x, n)");
}

TEST(Lower, CountsOfArgumentsAreChecked) {
  says("x = ema(close)", "n of ema must be given");
  says("x = ema(close, 5, 6)", "takes at most 2 arguments: 3 given");
  says("x = ema(close, 5, n=5)", "n of ema must be given once");
  says("x = true_range(close)", "takes at most 0 arguments");
}

TEST(Lower, WindowsAreWholeNumbersWithinBounds) {
  for (const char* window : {"0", "-5", "2.5", "nan", "1e10", "1 / 0"}) {
    says(fmt::format("x = ts_mean(close, {})", window),
         "n of ts_mean must be a whole number in [1, 100000]");
  }
  EXPECT_EQ(error_of("x = ts_mean(close, 1e5)"), "");
  says("x = ts_mean(close, 5, min_count=6)",
       "min_count of ts_mean must be a whole number in [1, 5]");
  says("x = ts_mean(close, volume)", "must be a constant number: volume");
  says("x = ts_mean(close, 1 < 2)", "must be a constant number");
  says("x = ts_quantile(close, 5, 1.5)", "q of ts_quantile must be a number in [0, 1]: 1.5");
  says("x = close[-2.5]", "an offset must be a whole number");
  says("x = close[-1e300]", "an offset must be a whole number in [-100000, 100000]");
}

TEST(Lower, ConditionsCountAsNumbersButNotTheOtherWayRound) {
  EXPECT_EQ(lowered("x = (close > open) + 1").node().type, ResultType::kNumber);
  says("x = close and true", "must be a condition: close is a number");
  says("x = where(close, 1, 2)", "c of where must be a condition");
  says("x = not volume", "compare it: volume > 0");
  says("x = 1 and true", "must be a condition");
}

TEST(Lower, ConditionsStayConditionsWhereTheyAreOnlyMoved) {
  EXPECT_EQ(lowered("x = (close > open)[-1]").node().type, ResultType::kCondition);
  EXPECT_EQ(lowered("c = close > open\nx = c and not delay(c, 1)").node().type,
            ResultType::kCondition);
  EXPECT_EQ(lowered("x = where(close > open, close > 3, false)").node().type,
            ResultType::kCondition);
  EXPECT_EQ(lowered("x = where(close > open, close > 3, 0)").node().type, ResultType::kNumber);
  EXPECT_EQ(lowered("x = true").node().type, ResultType::kCondition);
  EXPECT_EQ(lowered("x = latch(close > open, close < open)").node().type, ResultType::kCondition);
}

TEST(Lower, GroupsStandInByOnly) {
  EXPECT_EQ(lowered("x = cs_rank(ret(close), by=sector)").node().op->name, "$cs_rank_by");
  says("x = cs_rank(close, by=close)", "groups are: sector");
  says("x = cs_rank(close, sector)", "by=sector");
  says("x = sector + 1", "sector is a group");
  says("x = sector", "sector is a group");
}

TEST(Lower, EventsStandInAsofOnly) {
  const LoweredText text = lowered("x = asof(earnings.eps, max_age=2 * 45)");
  EXPECT_EQ(text.node().field, "asof(earnings.eps,90)");
  EXPECT_EQ(text.node().shape, Shape::kPanel);
  EXPECT_EQ(lowered("x = asof(earnings.eps)").node().field, "asof(earnings.eps,0)");
  says("x = earnings.eps", "asof(earnings.eps)");
  says("x = earnings.eps / close", "must stand in asof(...)");
  says("x = asof(close)", "must be an event field");
  says("x = asof(earnings.eps, close)", "constant whole number of days");
  says("x = asof(earnings.eps, -1)", "constant whole number of days");
  says("x = asof()", "asof(earnings.eps, max_age=0)");
  says("x = asof(dividends.amount)", "the events must have the field");
}

TEST(Lower, ShapesAreChecked) {
  EXPECT_EQ(lowered("x = cs_mean(ret(close))").node().shape, Shape::kDaily);
  EXPECT_EQ(lowered("x = ret(close) - cs_mean(ret(close))").node().shape, Shape::kPanel);
  EXPECT_EQ(lowered("x = ema(cs_mean(ret(close)), 5)").node().shape, Shape::kDaily);
  says("x = cs_rank(cs_mean(close))", "cs_mean(close) has one a day");
  says("x = ts_mean(5, 3)", "must have a series: 5 is a constant");
  says("x = cs_rank(1)", "must have a series: 1 is a constant");
  says("param k = 1\nx = k[-1]", "an offset must have a series: k is a constant");
}

TEST(Lower, RecursionShowsTheCycle) {
  says("a = a", "a -> a");
  says("a = b + 1\nb = c\nc = a", "a -> b -> c -> a");
  says("f(x) = g(x)\ng(x) = f(x)\ny = f(close)", "f -> g -> f");
  says("f(x, n=f(x)) = x\ny = f(close)", "f -> f");
  says("a = a", "latch carry a value from bar to bar");
}

TEST(Lower, ReachFollowsTheOffsets) {
  const LoweredText text = lowered("x = close[-21] / close[-252] - 1\ny = ts_mean(close[-5], 10)");
  EXPECT_EQ(text.node("x").reach.lookback, 252);
  EXPECT_EQ(text.node("x").reach.lookahead, -21);
  EXPECT_EQ(text.node("y").reach.lookback, 14);
  EXPECT_EQ(text.node("y").reach.lookahead, -5);
}

TEST(Lower, AFactorMustNotReadTheFuture) {
  EXPECT_EQ(error_of("mom = ema(close, 5) / ts_mean(close[+20], 3) - 1"),
            "t.expr:1:31: a factor must not read the future: close[+20] reads 20 bars ahead\n"
            "  mom = ema(close, 5) / ts_mean(close[+20], 3) - 1\n"
            "                                ^~~~~~~~~~\n"
            "  hint: x[-n] is n bars ago; what is to be predicted is written `label name = ...`");
  says("x = ahead(close, 5)", "ahead(close, 5) reads 5 bars ahead");
  says("f(x) = x[+1]\ny = f(close) + 1", "t.expr:2:5: a factor must not read the future: f(close)");
  says("_x = close[+1]", "reads 1 bar ahead");
  EXPECT_EQ(lowered("label x = close[+20] / close - 1").node().reach.lookahead, 20);
}

TEST(Lower, WhatALaterOffsetTakesBackIsCausal) {
  EXPECT_EQ(error_of("x = close[+5][-5]"), "");
  EXPECT_EQ(error_of("x = ts_mean(close[+2], 3)[-2]"), "");
  says("x = close[+5][-4]", "close[+5] reads 5 bars ahead");
}

TEST(Lower, NoOffsetTakesBackACrossSectionAhead) {
  // A symbol with gaps reads its fifth bar ahead at a later date than the others theirs.
  says("x = cs_rank(close[+5])[-5]", "cs_rank compares values 5 bars ahead");
  says("x = cs_mean(close[+5])[-10]", "t.expr:1:13: a factor must not read the future");
  EXPECT_EQ(error_of("x = cs_rank(close[+5][-5])"), "");
  EXPECT_EQ(error_of("label x = cs_rank(close[+5])[-5]"), "");
}

TEST(Lower, LabelsServeLabelsOnly) {
  EXPECT_EQ(error_of("label _up = close[+1] > close\nlabel x = where(_up, 1, 0)"), "");
  says("label y = close[+1]\nx = y[-1]", "t.expr:2:5: a factor must not use a label: y is one");
  says("label y = close[+1]\nf(x) = x + y\nx = f(close)", "must not use a label");
  EXPECT_EQ(error_of("label y = close[+1]\nf(x) = x + y\nlabel x = f(close)"), "");
  // Lowered for the label first, the same call is still refused to a factor.
  says("label y = close[+1]\nf(x) = x + y\nlabel a = f(close)\nb = f(close)",
       "must not use a label");
}

TEST(Lower, TenThousandTermsWork) {
  std::string text = "x = close";
  for (int i = 1; i <= 10'000; ++i) text += fmt::format(" + close[-{}]", i);
  const LoweredText result = lowered(text);
  EXPECT_EQ(result.node().reach.lookback, 10'000);
  EXPECT_EQ(result.graph.size(), 20'001u);
}

TEST(Lower, LongChainsOfDefinitionsDoNotRecurse) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) {
    text += fmt::format("x{} = x{} + 1\n", i, i + 1);
  }
  EXPECT_EQ(lowered(text + "x20000 = close").graph.size(), 20'002u);
}

std::string doubling_functions(int levels, const std::string& left, const std::string& right) {
  std::string text = "f0(x) = x + 1\n";
  for (int i = 1; i <= levels; ++i) {
    text += fmt::format("f{0}(x) = f{1}({2}) + f{1}({3})\n", i, i - 1, left, right);
  }
  return text + fmt::format("x = f{}(close)\n", levels);
}

TEST(Lower, CallsWithEqualArgumentsAreExpandedOnce) {
  EXPECT_EQ(lowered(doubling_functions(100, "x", "x")).graph.size(), 103u);
}

TEST(Lower, ExponentialExpansionIsRefused) {
  says(doubling_functions(100, "2 * x", "x + 1"), "must expand to at most");
}

TEST(Lower, CallsNestToALimit) {
  says(doubling_functions(10'000, "x", "x"), "calls must nest at most 200 deep");
}

TEST(Lower, ParamsAreConstantNumbers) {
  says("param p = close", "a param must be a constant number: close");
  says("param p = 1 < 2", "a param must be a constant number");
}

TEST(Lower, AParamIsRefusedAlsoWhereNothingUsesItOrItIsReplaced) {
  const Module module = Module::parse("param w = close\nx = open\n", "t", {});
  const auto error = [&](const LowerOptions& options) -> std::string {
    try {
      Graph graph;
      const std::string names[] = {"x"};
      lower_named(module, names, options, graph);
    } catch (const Error& refused) {
      return refused.what();
    }
    return "";
  };
  EXPECT_NE(error({}).find("t:1:11: a param must be a constant number: close"), std::string::npos);
  EXPECT_NE(error({.params = {{"w", 3}}}).find("a constant number"), std::string::npos);
  says("param w = close[+1]\nx = close", "a param must be a constant number: close[+1]");
  says("param w = close > 1\nx = close", "a param must be a constant number");
}

TEST(Lower, BarsBackMustNotBeNegative) {
  for (const char* call : {"delay(close, -5)", "delta(close, -5)", "ret(close, -5)",
                           "log_ret(close, -5)", "delay(close, n=-5)"}) {
    const std::string line = std::string("x = ") + call;
    says(line, "must be a whole number in [0, 100000]: -5");
    says(line, "close[+5] reads ahead, in labels only: `label name = close[+5] / close - 1`");
    const std::string error = error_of(line);
    const std::size_t column = line.find("-5");
    EXPECT_NE(error.find("\n  " + std::string(column, ' ') + "^~\n"), std::string::npos) << error;
  }
  says("x = delay(high - low, -1)", "(high - low)[+1] reads ahead");
}

TEST(Lower, AMissingGroupSaysHowGroupsAreGiven) {
  LowerOptions options;
  const auto error = [&](std::string_view text) -> std::string {
    try {
      Graph graph;
      lower_all(Module::parse(text, "t", {}), options, graph);
    } catch (const Error& refused) {
      return refused.what();
    }
    return "";
  };
  for (const char* text : {"x = cs_rank(ret(close), by=sector)", "x = cs_demean(open, by=sector)",
                           "f(x) = cs_rank(x, by=sector)\ny = f(close)"}) {
    EXPECT_NE(error(text).find("must be a group of the data: sector"), std::string::npos) << text;
    EXPECT_NE(error(text).find("--groups FILE"), std::string::npos) << text;
  }
  EXPECT_NE(error("x = cs_rank(close, by=open)").find("--groups FILE"), std::string::npos);
  options.fields.groups.emplace("sector", "g.csv");
  EXPECT_NE(error("x = cs_rank(close, by=sectr)").find("nearest: sector"), std::string::npos);
}

TEST(Lower, AHintMayComeFromWhoKnowsMoreNames) {
  LowerOptions options;
  options.hint = [](std::string_view name) {
    return name == "momentum" ? std::string("it stands in core") : std::string();
  };
  const auto error = [&](std::string_view text) -> std::string {
    try {
      Graph graph;
      lower_all(Module::parse(text, "t", {}), options, graph);
    } catch (const Error& refused) {
      return refused.what();
    }
    return "";
  };
  EXPECT_NE(error("x = momentum").find("hint: it stands in core"), std::string::npos);
  EXPECT_NE(error("x = momentum()").find("hint: it stands in core"), std::string::npos);
  EXPECT_NE(error("x = wholly_else").find("hint: fields are"), std::string::npos);
}

TEST(Lower, CountsOfBarsAgreeWithTheirNoun) {
  says("x = cs_rank(close[+1])", "compares values 1 bar ahead");
  says("x = cs_rank(close[+2])", "compares values 2 bars ahead");
}

TEST(Lower, AllLinesAreCheckedAlsoWhatIsNoOutput) {
  says("_x = nonsense\ny = close", "t.expr:1:6");
}

}  // namespace
}  // namespace tickwerk::expr
