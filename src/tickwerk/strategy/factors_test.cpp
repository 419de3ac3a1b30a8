#include "tickwerk/strategy/factors.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>

#include "tickwerk/market/synthetic.h"
#include "tickwerk/strategy/strategy_file.h"

namespace tickwerk::strategy {
namespace {

/// Consecutive days; closes[t][i], NaN where there is no bar.
market::Bars bars_of(const std::vector<std::vector<double>>& closes) {
  market::Bars bars;
  const std::size_t num_symbols = closes[0].size();
  Panel close(closes.size(), num_symbols, kNaN);
  Panel volume(closes.size(), num_symbols, kNaN);
  for (std::size_t t = 0; t < closes.size(); ++t) {
    bars.times.push_back(midnight(Date{make_date(2024, 1, 1).days + static_cast<int>(t)}));
    for (std::size_t i = 0; i < num_symbols; ++i) {
      close(t, i) = closes[t][i];
      if (closes[t][i] == closes[t][i]) volume(t, i) = 100 + static_cast<double>(t);
    }
  }
  for (std::size_t i = 0; i < num_symbols; ++i) bars.symbols.push_back(fmt::format("S{}", i));
  bars.fields.emplace("close", std::move(close));
  bars.fields.emplace("volume", std::move(volume));
  return bars;
}

Strategy strategy_of(std::string_view yaml) {
  return make_strategy(parse_strategy(yaml, "my.yaml"));
}

std::vector<int> column(const DirectionPanel& direction, std::size_t symbol) {
  std::vector<int> values;
  for (std::size_t t = 0; t < direction.num_rows(); ++t) values.push_back(direction(t, symbol));
  return values;
}

std::vector<int> row(const DirectionPanel& direction, std::size_t t) {
  return {direction.row(t), direction.row(t) + direction.num_symbols()};
}

std::string error_of(std::string_view yaml, const market::Bars& bars, Code code) {
  try {
    build_factors(strategy_of(yaml), {.bars = bars});
    ADD_FAILURE() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
    return error.what();
  }
  return {};
}

TEST(BuildFactors, AFactorThatIsNotImportedIsSaidToBeInItsSet) {
  const std::string error =
      error_of("long: momentum_12m_excl_1m > 0\n", bars_of({{1}, {2}}), Code::kInvalidArgument);
  EXPECT_NE(error.find("momentum_12m_excl_1m is in the set core: add `import: [core]`"),
            std::string::npos)
      << error;
}

TEST(BuildFactors, AConditionIsTheDirectionAndKeepsWhereItIsNotKnown) {
  const market::Bars bars = bars_of({{1}, {2}, {kNaN}, {1}, {3}});
  const Factors factors = build_factors(strategy_of("long: close > close[-1]\n"), {.bars = bars});
  EXPECT_EQ(column(factors.direction, 0), (std::vector<int>{kKeep, kLong, kKeep, kFlat, kLong}));
  EXPECT_EQ(factors.score, nullptr);
  EXPECT_EQ(factors.volatility, nullptr);
  EXPECT_EQ(factors.volume_ratio, nullptr);
}

/// `long` is 1, 0, NaN by row, `short` by symbol.
constexpr std::string_view kBothSides = R"(
define: |
  three(x) = where(x == 2, nan, x) > 0
long: three(close - 1)
short: three(volume - 100)
allow_short: true
)";

TEST(BuildFactors, BothSidesTogetherAreNeitherAndAnUnknownSideKeeps) {
  market::Bars bars = bars_of({{1, 1, 1}, {2, 2, 2}, {3, 3, 3}});
  for (std::size_t t = 0; t < 3; ++t) {
    for (std::size_t i = 0; i < 3; ++i) {
      bars.fields.at("volume")(t, i) = 100 + static_cast<double>(i);
    }
  }
  const Factors factors = build_factors(strategy_of(kBothSides), {.bars = bars});
  EXPECT_EQ(row(factors.direction, 0), (std::vector<int>{kFlat, kShort, kKeep}));
  EXPECT_EQ(row(factors.direction, 1), (std::vector<int>{kLong, kFlat, kKeep}));
  EXPECT_EQ(row(factors.direction, 2), (std::vector<int>{kKeep, kKeep, kKeep}));
}

TEST(BuildFactors, ASideAloneLeavesTheOtherEmpty) {
  const market::Bars bars = bars_of({{1, 5}, {2, 4}});
  const Factors factors =
      build_factors(strategy_of("short: close < close[-1]\nallow_short: true\n"), {.bars = bars});
  EXPECT_EQ(row(factors.direction, 0), (std::vector<int>{kKeep, kKeep}));
  EXPECT_EQ(row(factors.direction, 1), (std::vector<int>{kFlat, kShort}));
}

TEST(BuildFactors, EnterAndExitHoldInBetween) {
  const market::Bars bars = bars_of({{1}, {6}, {4}, {2}, {4}, {7}});
  const Factors factors =
      build_factors(strategy_of("enter: close > 5\nexit: close < 3\n"), {.bars = bars});
  EXPECT_EQ(column(factors.direction, 0),
            (std::vector<int>{kFlat, kLong, kLong, kFlat, kFlat, kLong}));
}

TEST(BuildFactors, TheOverlayFlattensWhereItIsFalse) {
  const market::Bars bars = bars_of({{1, 1}, {2, 3}, {3, 1}, {1, 1}});
  const Factors factors = build_factors(
      strategy_of("long: close > 1\noverlay: cs_mean(close) >= limit\nparams: {limit: 2.5}\n"),
      {.bars = bars});
  EXPECT_EQ(row(factors.direction, 0), (std::vector<int>{kFlat, kFlat}));
  EXPECT_EQ(row(factors.direction, 1), (std::vector<int>{kLong, kLong}));  // mean 2.5
  EXPECT_EQ(row(factors.direction, 2), (std::vector<int>{kFlat, kFlat}));  // mean 2
  EXPECT_EQ(row(factors.direction, 3), (std::vector<int>{kFlat, kFlat}));
}

TEST(BuildFactors, AConditionOfTheDayHoldsForEverySymbolWithABar) {
  const market::Bars bars = bars_of({{1, 3}, {1, kNaN}, {5, 5}});
  const Factors factors = build_factors(
      strategy_of("long: cs_mean(close) > 1\nscore: cs_count(close)\ntop_n: 1\n"), {.bars = bars});
  EXPECT_EQ(column(factors.direction, 0), (std::vector<int>{kLong, kFlat, kLong}));
  EXPECT_EQ(column(factors.direction, 1), (std::vector<int>{kLong, kKeep, kLong}));
  EXPECT_EQ((*factors.score)(0, 1), 2);
  EXPECT_EQ((*factors.score)(1, 0), 1);
  EXPECT_TRUE(std::isnan((*factors.score)(1, 1)));
}

TEST(BuildFactors, AConditionThatNeverChangesIsOne) {
  const market::Bars bars = bars_of({{1, kNaN}});
  const Factors factors = build_factors(strategy_of("long: true\n"), {.bars = bars});
  EXPECT_EQ(row(factors.direction, 0), (std::vector<int>{kLong, kKeep}));
}

TEST(BuildFactors, WhatTheWeightsNeedIsThere) {
  const market::Bars bars = bars_of({{1}, {2}, {8}, {16}});
  Strategy strategy = strategy_of("long: close > 1\nscore: close / 2\nweights: inverse_vol(2)\n");
  const Factors by_volatility = build_factors(strategy, {.bars = bars});
  EXPECT_EQ(by_volatility.score, nullptr);
  // Log returns ln 2, ln 4, ln 2: the deviation of two of them is their distance over sqrt(2).
  EXPECT_TRUE(std::isnan((*by_volatility.volatility)(1, 0)));
  EXPECT_NEAR((*by_volatility.volatility)(2, 0), std::log(2.0) / std::sqrt(2.0), 1e-15);
  strategy.spec.weights = Weighting::kRank;
  EXPECT_EQ((*build_factors(strategy, {.bars = bars}).score)(2, 0), 4);
}

TEST(BuildFactors, TheVolumeRatioIsOverTheMeanOfTwentyBars) {
  const market::Bars bars = bars_of(std::vector<std::vector<double>>(21, {1.0}));
  const Factors factors =
      build_factors(strategy_of("long: close > 0\nmin_volume_ratio: 1\n"), {.bars = bars});
  EXPECT_TRUE(std::isnan((*factors.volume_ratio)(18, 0)));
  EXPECT_DOUBLE_EQ((*factors.volume_ratio)(19, 0), 119 / 109.5);
  EXPECT_DOUBLE_EQ((*factors.volume_ratio)(20, 0), 120 / 110.5);
}

TEST(BuildFactors, ABundleIsTheWeightedMeanOfTheScoresASymbolHas) {
  // z-scores of 1, 2, 3 are -1, 0, 1; of 1, 3 (the third has none) -1/sqrt(2), 1/sqrt(2).
  market::Bars bars = bars_of({{1, 2, 3}});
  Panel quality(1, 3, kNaN);
  quality(0, 0) = 3;
  quality(0, 1) = 1;
  bars.fields.emplace("quality", std::move(quality));
  const Factors factors = build_factors(strategy_of(R"(
define: |
  price = close
long: score > 0
top_n: 3
factors:
  price: 0.75
  cheap: {expr: quality, weight: 0.25}
)"),
                                        {.bars = bars});
  // Winsorising at 1 % and 99 % pulls the ends in by a known part of the distance.
  const double pulled = 0.98;  // 1.02, 2, 2.98
  const double z_price = pulled / std::sqrt(2 * pulled * pulled / 2);
  const double z_quality = std::sqrt(0.5);
  EXPECT_NEAR((*factors.score)(0, 0), 0.75 * -z_price + 0.25 * z_quality, 1e-12);
  EXPECT_NEAR((*factors.score)(0, 1), 0.25 * -z_quality, 1e-12);
  EXPECT_NEAR((*factors.score)(0, 2), z_price, 1e-12);
}

TEST(BuildFactors, ASymbolWithoutAnyFactorHasNoScore) {
  market::Bars bars = bars_of({{1, 2, 3}});
  bars.fields.emplace("quality", Panel(1, 3, kNaN));
  const Factors factors = build_factors(
      strategy_of("long: close > 0\nweights: score\nfactors: {q: {expr: quality, weight: 1}}\n"),
      {.bars = bars});
  for (std::size_t i = 0; i < 3; ++i) EXPECT_TRUE(std::isnan((*factors.score)(0, i)));
}

TEST(BuildFactors, LookAheadIsRefusedWithItsPlace) {
  const market::Bars bars = bars_of({{1}, {2}});
  const std::string text =
      error_of("name: x\nlong: close[+1] > close\n", bars, Code::kInvalidArgument);
  EXPECT_NE(text.find("my.yaml:2:7"), std::string::npos) << text;
  EXPECT_NE(text.find("^~~~~~~"), std::string::npos) << text;
}

TEST(BuildFactors, ALabelIsRefused) {
  const market::Bars bars = bars_of({{1}, {2}});
  const std::string text = error_of("define: |\n  label up = close[+1] > close\nlong: up\n", bars,
                                    Code::kInvalidArgument);
  EXPECT_NE(text.find("my.yaml:3"), std::string::npos) << text;
}

TEST(BuildFactors, ANumberIsNoCondition) {
  const market::Bars bars = bars_of({{1}, {2}});
  const std::string text = error_of("long: close - 1\n", bars, Code::kInvalidArgument);
  EXPECT_NE(text.find("my.yaml:1: long must be a condition"), std::string::npos) << text;
}

TEST(BuildFactors, AnUnknownFactorNamesTheFile) {
  const market::Bars bars = bars_of({{1}, {2}});
  const std::string text = error_of("import: core\nlong: score > 0\nfactors:\n  returns_1mm: 1\n",
                                    bars, Code::kInvalidArgument);
  EXPECT_NE(text.find("my.yaml:4"), std::string::npos) << text;
  EXPECT_NE(text.find("returns_1m"), std::string::npos) << text;
}

TEST(BuildFactors, AFieldTheBarsLackIsNotFound) {
  market::Bars bars = bars_of({{1}, {2}});
  bars.fields.erase("volume");
  error_of("long: close > 1\nmin_volume_ratio: 1\n", bars, Code::kNotFound);
}

TEST(BuildFactors, VariantsEqualTheStrategiesAlone) {
  std::vector<std::vector<double>> closes;
  for (int t = 0; t < 40; ++t) closes.push_back({std::sin(t) + 3, std::cos(t * 0.3) + 2});
  const market::Bars bars = bars_of(closes);
  const Strategy base = strategy_of(
      "long: ema(close, fast) > ema(close, slow)\nscore: ema(close, slow)\ntop_n: 1\n"
      "params: {fast: 2, slow: 5}\n");
  std::vector<Strategy> variants;
  for (const auto& [fast, slow] : {std::pair(2, 5), std::pair(2, 5), std::pair(3, 5)}) {
    variants.push_back(base);
    variants.back().spec.params = {{"fast", fast}, {"slow", slow}};
  }
  const std::vector<Factors> together = build_factors(variants, {.bars = bars});
  ASSERT_EQ(together.size(), 3u);
  for (std::size_t k = 0; k < 3; ++k) {
    const Factors alone = build_factors(variants[k], {.bars = bars});
    for (std::size_t i = 0; i < 2; ++i) {
      EXPECT_EQ(column(together[k].direction, i), column(alone.direction, i));
    }
  }
  EXPECT_EQ(together[0].score, together[2].score);
}

TEST(BuildFactors, AWindowLongerThanTheDataIsSaid) {
  const market::Bars bars = bars_of({{1}, {2}});
  const Factors factors =
      build_factors(strategy_of("long: close > ts_mean(close, 20)\n"), {.bars = bars});
  ASSERT_EQ(factors.warnings.size(), 1u);
  EXPECT_NE(factors.warnings[0].find("long"), std::string::npos);
}

TEST(Expressions, NameWhatTheStrategyDecidesBy) {
  EXPECT_EQ(expressions(strategy_of("long: a > 1\nscore: a\ndefine: |\n  a = close\n")).names,
            (std::vector<std::string>{"long", "score"}));
}

TEST(BuildFactors, ThroughTheStoreHaveTheSameBits) {
  const market::Bars bars = market::make_synthetic({.num_symbols = 40, .num_sessions = 600});
  const std::filesystem::path root =
      std::filesystem::path(testing::TempDir()) / fmt::format("strategy_store_{}", getpid());
  factor::StoreConfig store;
  store.root = root;
  store.universe = "all";
  store.now = midnight(make_date(2025, 1, 15));
  StrategySpec spec = built_in_spec("multifactor_long_short");
  set_param(spec, "breadth_floor", 0.4);
  const Strategy strategy = make_strategy(std::move(spec));
  const Factors direct = build_factors(strategy, {.bars = bars});
  const Factors first = build_factors(strategy, {.bars = bars}, store);
  const Factors second = build_factors(strategy, {.bars = bars}, store);
  std::filesystem::remove_all(root);
  std::size_t longs = 0, flats = 0;
  for (const Factors* through : {&first, &second}) {
    for (std::size_t t = 0; t < bars.num_rows(); ++t) {
      ASSERT_EQ(row(direct.direction, t), row(through->direction, t)) << "row " << t;
      for (const int side : row(direct.direction, t)) {
        longs += side == kLong;
        flats += side == kFlat;
      }
    }
  }
  EXPECT_GT(longs, 1000U);
  EXPECT_GT(flats, 1000U);
  EXPECT_GT(first.store.num_evaluated, 0U);
  EXPECT_EQ(second.store.num_read, first.store.num_evaluated);
  EXPECT_EQ(second.store.num_evaluated, 0U);
}

}  // namespace
}  // namespace tickwerk::strategy
