// Properties of all operators at once, from text to values over a market full of trouble. Nothing
// here names an operator of the registry but where it must: a new one is tested by being there.
#include "tickwerk/expr/operator_properties.h"

#include <gtest/gtest.h>

#include <set>

#include "tickwerk/expr/level.h"
#include "tickwerk/expr/operator_calls.h"

namespace tickwerk::expr {
namespace {

const std::vector<double> kWindows = {1, 2, 5, 16, 17, 20, 60};

const TroubledMarket& market() {
  static const TroubledMarket kMarket = troubled_market(11);
  return kMarket;
}

Cases lowered(const std::vector<std::string>& texts) {
  Cases cases;
  const Module module = Module::parse("", "calls", {});
  const LowerOptions options = fields_of_market();
  for (const std::string& text : texts) {
    const Definition made =
        lower_expression(module, text, "call", Role::kLabel, options, cases.graph);
    cases.cases.push_back({text, made.node});
  }
  return cases;
}

Cases calls(const Operator& op) {
  std::vector<std::string> texts;
  for (const std::vector<std::string>& series : std::vector<std::vector<std::string>>{
           {"close", "open", "high"}, {"noisy", "volume", "tied"}, {"tied", "noisy", "close"}}) {
    const auto more = calls_of(op, series, {"close > open", "noisy > 0"}, kWindows);
    texts.insert(texts.end(), more.begin(), more.end());
  }
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  return lowered(texts);
}

void expect_none(const Findings& findings) {
  for (std::size_t i = 0; i < findings.size() && i < 5; ++i) ADD_FAILURE() << findings[i];
  EXPECT_LE(findings.size(), 5u) << "and more";
}

class EveryOperator : public testing::TestWithParam<std::string> {
 protected:
  const Operator& op() const { return *find_operator(GetParam()); }
};

TEST_P(EveryOperator, KeepsThePastWhenTheFutureIsCutOff) {
  expect_none(check_prefix(calls(op()), market()));
}

TEST_P(EveryOperator, KeepsThePastWhenTheFutureIsAnother) {
  expect_none(check_future(calls(op()), market()));
}

TEST_P(EveryOperator, GoesOnFromStoredStateWithTheSameBits) {
  expect_none(check_resume(calls(op()), market()));
}

TEST_P(EveryOperator, GivesTheSameBitsForAnyTileAndThreads) {
  expect_none(check_tiles(calls(op()), market()));
}

TEST_P(EveryOperator, KeepsSymbolsApart) { expect_none(check_symbols(calls(op()), market())); }

TEST_P(EveryOperator, ReadsItsReachAndNoBarBeyond) {
  expect_none(check_reach(calls(op()), market()));
}

/// Whether the registry says of the operator that it may give a number where nothing is known.
bool may_speak_of_nothing(const Operator& op) {
  for (const char* said : {"never NaN", "true where x is NaN", "0 where no symbol has a value"}) {
    if (op.text.nan.find(said) != std::string_view::npos) return true;
  }
  return false;
}

class SilentOperator : public EveryOperator {};

TEST_P(SilentOperator, GivesNoNumberOfNothing) {
  const auto texts = calls_of(op(), {"missing"}, {"missing > 0"}, kWindows);
  const Cases cases = lowered(texts);
  const Values values = evaluate(cases.graph, cases.requests(), market().inputs());
  for (std::size_t i = 0; i < cases.cases.size(); ++i) {
    const Panel& panel = values.numbers[i];
    for (std::size_t t = 0; t < panel.num_rows(); ++t) {
      for (std::size_t s = 0; s < panel.num_symbols(); ++s) {
        ASSERT_TRUE(std::isnan(panel(t, s))) << cases.cases[i].text << ": " << panel(t, s);
      }
    }
  }
}

TEST_P(EveryOperator, GivesNothingWhereThereIsNoBar) {
  const Cases cases = calls(op());
  const Values values = evaluate(cases.graph, cases.requests(), market().inputs());
  for (std::size_t i = 0; i < cases.cases.size(); ++i) {
    const Panel& panel = values.numbers[i];
    if (panel.num_symbols() == 1) continue;
    for (std::size_t t = 0; t < panel.num_rows(); ++t) {
      for (std::size_t s = 0; s < panel.num_symbols(); ++s) {
        ASSERT_TRUE(market().has_bar(t, s) || std::isnan(panel(t, s))) << cases.cases[i].text;
      }
    }
  }
}

TEST_P(EveryOperator, GivesNoInfinityOfGentleNumbers) {
  const Cases cases =
      lowered(calls_of(op(), {"gentle", "gentle + 0.25", "2 * gentle"}, {"noisy > 0"}, kWindows));
  const Values values = evaluate(cases.graph, cases.requests(), market().inputs());
  for (std::size_t i = 0; i < cases.cases.size(); ++i) {
    const Panel& panel = values.numbers[i];
    for (std::size_t t = 0; t < panel.num_rows(); ++t) {
      for (std::size_t s = 0; s < panel.num_symbols(); ++s) {
        ASSERT_FALSE(std::isinf(panel(t, s))) << cases.cases[i].text << " row " << t;
      }
    }
  }
}

/// All prices of symbol s times 4 or 1/2, which changes no digit of a product; volume divided.
double factor(std::size_t s) { return s % 2 == 0 ? 4 : 0.5; }

const TroubledMarket& scaled_market() {
  static const TroubledMarket kScaled =
      market().changed([](const std::string& field, std::size_t, std::size_t s, double value) {
        return is_price(field) ? value * factor(s) : field == "volume" ? value / factor(s) : value;
      });
  return kScaled;
}

/// What the entry claims of a result `before` when all of its series are prices; NaN: no claim.
double claimed(const Operator& op, double before, std::size_t s) {
  switch (op.scaling) {
    case Scaling::kLinear:
    case Scaling::kSum:
      return op.type == ResultType::kCondition ? before : before * factor(s);
    case Scaling::kSquare:
      return before * factor(s) * factor(s);
    case Scaling::kProduct:
      return before * factor(s) * factor(s);
    case Scaling::kInvariant:
    case Scaling::kCompare:
    case Scaling::kQuotient:
      return before;
    case Scaling::kLogarithm:
      return before + std::log(factor(s));
    case Scaling::kSymbols:
    case Scaling::kNonlinear:
      return kNaN;
  }
  return kNaN;
}

class ScalingOperator : public EveryOperator {};

TEST_P(ScalingOperator, ScalesWithPricesAsItClaims) {
  const Cases cases = lowered(
      calls_of(op(), {"close", "open", "high"}, {"close > open", "close < open"}, kWindows));
  const Values before = evaluate(cases.graph, cases.requests(), market().inputs());
  const Values after = evaluate(cases.graph, cases.requests(), scaled_market().inputs());
  for (std::size_t i = 0; i < cases.cases.size(); ++i) {
    const Panel& panel = before.numbers[i];
    if (panel.num_symbols() == 1) continue;
    for (std::size_t t = 0; t < panel.num_rows(); ++t) {
      for (std::size_t s = 0; s < panel.num_symbols(); ++s) {
        const double found = after.numbers[i](t, s), wanted = claimed(op(), panel(t, s), s);
        const double slack = op().scaling == Scaling::kLogarithm ? 1e-12 : 0;
        ASSERT_TRUE(equal_bits(found, wanted) || std::abs(found - wanted) <= slack)
            << cases.cases[i].text << " row " << t << " symbol " << s << ": " << found
            << " against " << wanted;
      }
    }
  }
}

// Windows of two bars are left out: the logarithms of a price that hardly moved differ by rounding.
TEST_P(EveryOperator, ChangesWithTheLevelOfPricesOnlyWhereTheCompilerSaysSo) {
  std::vector<std::string> texts;
  for (const std::vector<std::string>& series :
       std::vector<std::vector<std::string>>{{"close", "open", "high"},
                                             {"close / open", "high / low", "ret(close)"},
                                             {"close * volume", "noisy", "open * volume"},
                                             {"log(close)", "log(open)", "log(high)"},
                                             {"close", "volume", "tied"},
                                             {"noisy", "close", "volume"},
                                             {"close - open", "high - low", "0"}}) {
    const auto more = calls_of(op(), series, {"close > open", "volume > 5000"}, {5, 17});
    texts.insert(texts.end(), more.begin(), more.end());
  }
  const Cases cases = lowered(texts);
  Levels levels(cases.graph);
  const Values before = evaluate(cases.graph, cases.requests(), market().inputs());
  const Values after = evaluate(cases.graph, cases.requests(), scaled_market().inputs());
  for (std::size_t i = 0; i < cases.cases.size(); ++i) {
    if (levels.depends(cases.cases[i].node)) continue;
    const Panel& panel = before.numbers[i];
    for (std::size_t t = 0; t < panel.num_rows(); ++t) {
      for (std::size_t s = 0; s < panel.num_symbols(); ++s) {
        const double found = after.numbers[i](t, s), wanted = panel(t, s);
        ASSERT_TRUE(equal_bits(found, wanted) ||
                    std::abs(found - wanted) <= 1e-9 * std::max(1.0, std::abs(wanted)))
            << cases.cases[i].text << " row " << t << " symbol " << s << ": " << found
            << " against " << wanted;
      }
    }
  }
}

std::vector<std::string> written_operators() {
  std::vector<std::string> names;
  for (const Operator& op : operators()) {
    const CallChoice choice{.series = {"close"}, .conditions = {"close > open"}, .group = {}};
    if (!call_text(op, choice).empty()) names.emplace_back(op.name);
  }
  return names;
}

std::string name_of(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::erase(name, '$');
  return name;
}

/// Those of the written operators for which `belongs` is true.
std::vector<std::string> operators_where(bool (*belongs)(const Operator&)) {
  std::vector<std::string> names = written_operators();
  std::erase_if(names,
                [belongs](const std::string& name) { return !belongs(*find_operator(name)); });
  return names;
}

/// Whether a call of the operator reads a series that the caller names.
bool reads_a_series(const Operator& op) {
  const auto texts = calls_of(op, {"missing"}, {"missing > 0"}, kWindows);
  return !texts.empty() && texts[0].find("missing") != std::string::npos;
}

bool is_silent(const Operator& op) { return !may_speak_of_nothing(op) && reads_a_series(op); }

bool claims_to_scale(const Operator& op) {
  return op.scaling != Scaling::kSymbols && op.scaling != Scaling::kNonlinear;
}

INSTANTIATE_TEST_SUITE_P(Registry, EveryOperator, testing::ValuesIn(written_operators()), name_of);
INSTANTIATE_TEST_SUITE_P(Registry,
                         SilentOperator,
                         testing::ValuesIn(operators_where(is_silent)),
                         name_of);
INSTANTIATE_TEST_SUITE_P(Registry,
                         ScalingOperator,
                         testing::ValuesIn(operators_where(claims_to_scale)),
                         name_of);

TEST(Registry, IsCoveredByCallsDownToEveryKernel) {
  std::set<std::string_view> run;
  for (const Operator& op : operators()) {
    const Cases cases = calls(op);
    for (const Node& node : cases.graph.nodes()) {
      if (node.op != nullptr) run.insert(node.op->name);
    }
  }
  for (const Operator& op : operators()) {
    if (!op.definition.empty()) continue;
    EXPECT_TRUE(run.contains(op.name)) << op.name;
  }
}

constexpr std::ptrdiff_t kLane = kernel::kTileLanes;

/// A time-series operator over one series, wrong in some way.
Operator wrong_operator(kernel::TileKernel tile, Reach (*reach)(const double*)) {
  Operator op;
  op.name = "wrong";
  op.kind = OperatorKind::kTimeSeries;
  op.parameters = {{.name = "x"}};
  op.tile = tile;
  op.reach = reach;
  return op;
}

Cases over_close(const Operator& op) {
  Cases cases;
  const NodeId close = cases.graph.field("close", Shape::kPanel);
  cases.cases.push_back({"wrong(close)", cases.graph.apply(op, {close}, {})});
  return cases;
}

TEST(Properties, FindALeakOfTheFuture) {
  const Operator leaks = wrong_operator(
      [](const kernel::TileArgs& args) noexcept {
        const auto size = static_cast<std::ptrdiff_t>(args.num_bars) * kLane;
        for (std::ptrdiff_t i = 0; i < size; ++i) {
          args.out[i] = args.inputs[0][i + kLane < size ? i + kLane : i];
        }
      },
      nullptr);
  const Cases cases = over_close(leaks);
  EXPECT_FALSE(check_prefix(cases, market()).empty());
  EXPECT_FALSE(check_future(cases, market()).empty());
  EXPECT_FALSE(check_reach(cases, market()).empty());
}

TEST(Properties, FindALabelThatReadsFurtherThanItSays) {
  const Operator further = wrong_operator(
      [](const kernel::TileArgs& args) noexcept {
        const auto size = static_cast<std::ptrdiff_t>(args.num_bars + 1) * kLane;
        for (std::ptrdiff_t i = 0; i < size - kLane; ++i) {
          args.out[i] = args.inputs[0][i + 2 * kLane < size ? i + 2 * kLane : i];
        }
      },
      [](const double*) { return Reach{.lookback = 0, .lookahead = 1}; });
  EXPECT_FALSE(check_prefix(over_close(further), market()).empty());
  EXPECT_FALSE(check_reach(over_close(further), market()).empty());
}

TEST(Properties, FindALookbackThatIsTooShort) {
  const Operator forgets = wrong_operator(
      [](const kernel::TileArgs& args) noexcept {
        const auto size = static_cast<std::ptrdiff_t>(args.num_bars) * kLane;
        for (std::ptrdiff_t i = 0; i < size; ++i) {
          args.out[i] = i >= 3 * kLane ? args.inputs[0][i - 3 * kLane] : kNaN;
        }
      },
      [](const double*) { return Reach{.lookback = 1}; });
  EXPECT_FALSE(check_tiles(over_close(forgets), market()).empty());
  EXPECT_FALSE(check_resume(over_close(forgets), market()).empty());
  EXPECT_FALSE(check_reach(over_close(forgets), market()).empty());
}

TEST(Properties, FindALookbackThatIsTooLong) {
  const Operator boasts = wrong_operator(
      [](const kernel::TileArgs& args) noexcept {
        std::copy_n(args.inputs[0], args.num_bars * kernel::kTileLanes, args.out);
      },
      [](const double*) { return Reach{.lookback = 4}; });
  EXPECT_FALSE(check_reach(over_close(boasts), market()).empty());
}

TEST(Properties, FindStateThatIsLostBetweenTiles) {
  Operator loses = wrong_operator(
      [](const kernel::TileArgs& args) noexcept {
        for (std::size_t lane = 0; lane < kernel::kTileLanes; ++lane) {
          double sum = 0;
          for (std::size_t k = 0; k < args.num_bars; ++k) {
            const double x = args.inputs[0][k * kernel::kTileLanes + lane];
            sum += std::isnan(x) ? 0 : x;
            args.out[k * kernel::kTileLanes + lane] = sum;
          }
        }
      },
      nullptr);
  loses.num_state = 1;
  EXPECT_FALSE(check_tiles(over_close(loses), market()).empty());
  EXPECT_FALSE(check_resume(over_close(loses), market()).empty());
}

TEST(Properties, FindALaneThatReadsItsNeighbour) {
  const Operator peeks = wrong_operator(
      [](const kernel::TileArgs& args) noexcept {
        for (std::size_t i = 0; i < args.num_bars * kernel::kTileLanes; ++i) {
          args.out[i] = args.inputs[0][i ^ 1];
        }
      },
      nullptr);
  EXPECT_FALSE(check_symbols(over_close(peeks), market()).empty());
}

}  // namespace
}  // namespace tickwerk::expr
