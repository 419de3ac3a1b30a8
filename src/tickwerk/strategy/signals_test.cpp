#include "tickwerk/strategy/signals.h"

#include <gtest/gtest.h>

namespace tickwerk::strategy {
namespace {

/// Bars on consecutive days from a Thursday on, 2024-02-29, with a close everywhere.
market::Bars bars_of(std::size_t num_rows, std::size_t num_symbols) {
  market::Bars bars;
  for (std::size_t t = 0; t < num_rows; ++t) {
    bars.times.push_back(midnight(Date{make_date(2024, 2, 29).days + static_cast<int>(t)}));
  }
  for (std::size_t i = 0; i < num_symbols; ++i) bars.symbols.push_back(fmt::format("S{}", i));
  bars.fields.emplace("close", Panel(num_rows, num_symbols, 1.0));
  return bars;
}

Factors factors_of(std::initializer_list<int> condition) {
  Factors factors;
  factors.direction = DirectionPanel(1, condition.size(), kKeep);
  std::size_t i = 0;
  for (const int wanted : condition) factors.direction(0, i++) = static_cast<std::int8_t>(wanted);
  return factors;
}

std::shared_ptr<const Panel> shared(Panel panel) {
  return std::make_shared<Panel>(std::move(panel));
}

std::shared_ptr<const Panel> row_of(std::initializer_list<double> values) {
  Panel panel(1, values.size(), kNaN);
  std::copy(values.begin(), values.end(), panel.row(0));
  return shared(std::move(panel));
}

std::vector<int> directions(const Signals& signals) {
  const std::int8_t* row = signals.direction.row(0);
  return {row, row + signals.direction.num_symbols()};
}

std::vector<double> strengths(const Signals& signals) {
  const double* row = signals.strength.row(0);
  return {row, row + signals.strength.num_symbols()};
}

TEST(BuildSignals, TopNTakesTheBestScoresAndTiesBySymbolOrder) {
  StrategySpec spec;
  spec.top_n = 2;
  Factors factors = factors_of({kLong, kLong, kFlat, kLong, kLong});
  factors.score = row_of({0.1, 0.3, 0.9, 0.1, 0.1});
  const Signals signals = build_signals(bars_of(1, 5), spec, std::move(factors));
  EXPECT_EQ(directions(signals), (std::vector<int>{kLong, kLong, kFlat, kFlat, kFlat}));
}

TEST(BuildSignals, ScoreWeightsLeaveOutWhatIsNotPositive) {
  StrategySpec spec;
  spec.weights = Weighting::kScore;
  Factors factors = factors_of({kLong, kLong, kLong, kKeep});
  factors.score = row_of({0.2, -0.1, 0.6, 0.5});
  const Signals signals = build_signals(bars_of(1, 4), spec, std::move(factors));
  EXPECT_EQ(strengths(signals), (std::vector<double>{0.2, 0, 0.6, 0}));
}

TEST(BuildSignals, RankWeightsAreLinearInThePlace) {
  StrategySpec spec;
  spec.weights = Weighting::kRank;
  Factors factors = factors_of({kLong, kLong, kFlat, kLong});
  factors.score = row_of({0.2, 0.7, 0.9, 0.2});
  const Signals signals = build_signals(bars_of(1, 4), spec, std::move(factors));
  EXPECT_EQ(strengths(signals), (std::vector<double>{2, 3, 0, 1}));
}

TEST(BuildSignals, InverseVolLeavesOutANameWithoutVolatility) {
  StrategySpec spec;
  spec.weights = Weighting::kInverseVol;
  Factors factors = factors_of({kLong, kLong, kLong});
  factors.volatility = row_of({0.02, kNaN, 0.01});
  const Signals signals = build_signals(bars_of(1, 3), spec, std::move(factors));
  EXPECT_EQ(directions(signals), (std::vector<int>{kLong, kFlat, kLong}));
  EXPECT_DOUBLE_EQ(strengths(signals)[2] / strengths(signals)[0], 2.0);
}

TEST(BuildSignals, AScoreThatIsMissingKeepsTheHolding) {
  StrategySpec spec;
  spec.weights = Weighting::kScore;
  Factors factors = factors_of({kLong, kLong});
  factors.score = row_of({kNaN, 0.5});
  const Signals signals = build_signals(bars_of(1, 2), spec, std::move(factors));
  EXPECT_EQ(directions(signals), (std::vector<int>{kKeep, kLong}));
}

TEST(BuildSignals, VolumeIsNeededToEnterButNotToStay) {
  StrategySpec spec;
  spec.min_volume_ratio = 1.5;
  Factors factors;
  factors.direction = DirectionPanel(4, 1, kLong);
  Panel ratio(4, 1, kNaN);
  const double ratios[] = {1.4, 1.5, 0.1, kNaN};
  for (std::size_t t = 0; t < 4; ++t) ratio(t, 0) = ratios[t];
  factors.volume_ratio = shared(std::move(ratio));
  const Signals signals = build_signals(bars_of(4, 1), spec, std::move(factors));
  EXPECT_EQ(signals.direction(0, 0), kFlat);
  EXPECT_EQ(signals.direction(1, 0), kLong);
  EXPECT_EQ(signals.direction(2, 0), kLong);
  EXPECT_EQ(signals.direction(3, 0), kLong);
}

TEST(BuildSignals, ANameThatWasNotChosenNeedsVolumeAgain) {
  StrategySpec spec;
  spec.top_n = 1;
  spec.min_volume_ratio = 1.5;
  Factors factors;
  factors.direction = DirectionPanel(2, 2, kLong);
  factors.direction(1, 0) = kFlat;
  factors.score = shared(Panel(2, 2, 1.0));  // a tie: the first symbol is chosen
  Panel ratio(2, 2, 2.0);
  ratio(1, 1) = 1.0;
  factors.volume_ratio = shared(std::move(ratio));
  const Signals signals = build_signals(bars_of(2, 2), spec, std::move(factors));
  EXPECT_EQ(signals.direction(0, 1), kFlat);
  EXPECT_EQ(signals.direction(1, 1), kFlat);
}

TEST(BuildSignals, ANameThatComesBackFromADelistingNeedsVolumeAgain) {
  StrategySpec spec;
  spec.min_volume_ratio = 1.5;
  market::Bars bars = bars_of(4, 2);
  for (const std::size_t t : {1, 2}) bars.fields.at("close")(t, 0) = kNaN;
  const auto last = [&](int delist_after) {
    Factors factors;
    factors.direction = DirectionPanel(4, 2, kLong);
    for (const std::size_t t : {1, 2}) factors.direction(t, 0) = kKeep;
    Panel ratio(4, 2, 2.0);
    ratio(3, 0) = 1.0;
    factors.volume_ratio = shared(std::move(ratio));
    return build_signals(bars, spec, std::move(factors), {.delist_after = delist_after})
        .direction(3, 0);
  };
  EXPECT_EQ(last(2), kFlat);
  EXPECT_EQ(last(3), kLong);
}

TEST(BuildSignals, AMemberThatLeavesTheUniverseIsLeft) {
  market::Bars bars = bars_of(2, 1);
  Panel member(2, 1, 1.0);
  member(1, 0) = 0;
  bars.fields.emplace("in_universe", std::move(member));
  Factors factors;
  factors.direction = DirectionPanel(2, 1, kLong);
  const Signals signals = build_signals(bars, StrategySpec{}, std::move(factors));
  EXPECT_EQ(signals.direction(0, 0), kLong);
  EXPECT_EQ(signals.direction(1, 0), kFlat);
}

TEST(BuildSignals, TopNOfTheShortsTakesTheLowestScoresAndTiesBySymbolOrder) {
  StrategySpec spec;
  spec.top_n = 2;
  Factors factors = factors_of({kShort, kShort, kLong, kShort, kShort, kLong});
  factors.score = row_of({0.3, -0.2, 0.1, 0.1, 0.1, 0.2});
  const Signals signals = build_signals(bars_of(1, 6), spec, std::move(factors));
  EXPECT_EQ(directions(signals), (std::vector<int>{kFlat, kShort, kLong, kShort, kFlat, kLong}));
}

TEST(BuildSignals, ScoreWeightsOfShortsAreOfTheNegativeScore) {
  StrategySpec spec;
  spec.weights = Weighting::kScore;
  Factors factors = factors_of({kShort, kShort, kLong, kShort});
  factors.score = row_of({-0.2, 0.1, 0.6, kNaN});
  const Signals signals = build_signals(bars_of(1, 4), spec, std::move(factors));
  EXPECT_EQ(directions(signals), (std::vector<int>{kShort, kShort, kLong, kKeep}));
  EXPECT_EQ(strengths(signals), (std::vector<double>{0.2, 0, 0.6, 0}));
}

TEST(BuildSignals, RankWeightsOfShortsCountFromTheWorst) {
  StrategySpec spec;
  spec.weights = Weighting::kRank;
  Factors factors = factors_of({kShort, kShort, kLong, kShort, kLong});
  factors.score = row_of({-0.2, -0.7, 0.9, -0.2, 0.1});
  const Signals signals = build_signals(bars_of(1, 5), spec, std::move(factors));
  EXPECT_EQ(strengths(signals), (std::vector<double>{2, 3, 2, 1, 1}));
}

TEST(BuildSignals, InverseVolWeighsShortsAsLongs) {
  StrategySpec spec;
  spec.weights = Weighting::kInverseVol;
  Factors factors = factors_of({kShort, kShort, kLong});
  factors.volatility = row_of({0.5, kNaN, 0.25});
  const Signals signals = build_signals(bars_of(1, 3), spec, std::move(factors));
  EXPECT_EQ(directions(signals), (std::vector<int>{kShort, kFlat, kLong}));
  EXPECT_EQ(strengths(signals), (std::vector<double>{2, 0, 4}));
}

TEST(BuildSignals, TurningFromLongToShortNeedsVolume) {
  StrategySpec spec;
  spec.min_volume_ratio = 1.5;
  Factors factors;
  factors.direction = DirectionPanel(5, 1);
  Panel ratio(5, 1, kNaN);
  const std::int8_t wanted[] = {kLong, kShort, kShort, kShort, kLong};
  const double ratios[] = {2, 1, 2, 0, 1};
  for (std::size_t t = 0; t < 5; ++t) {
    factors.direction(t, 0) = wanted[t];
    ratio(t, 0) = ratios[t];
  }
  factors.volume_ratio = shared(std::move(ratio));
  const Signals signals = build_signals(bars_of(5, 1), spec, std::move(factors));
  const std::int8_t decided[] = {kLong, kFlat, kShort, kShort, kFlat};
  for (std::size_t t = 0; t < 5; ++t) EXPECT_EQ(signals.direction(t, 0), decided[t]) << t;
}

TEST(BuildSignals, AMemberThatLeavesIsClosedAlsoWhereItsConditionIsUnknown) {
  market::Bars bars = bars_of(1, 3);
  bars.fields.at("close")(0, 1) = kNaN;
  bars.fields.emplace("in_universe", Panel(1, 3, 0.0));
  const Signals signals = build_signals(bars, StrategySpec{}, factors_of({kKeep, kKeep, kLong}));
  EXPECT_EQ(directions(signals), (std::vector<int>{kFlat, kKeep, kFlat}));
}

TEST(BuildSignals, AShortMemberThatLeavesTheUniverseIsLeft) {
  market::Bars bars = bars_of(1, 3);
  Panel member(1, 3, 0.0);
  member(0, 2) = 1;
  bars.fields.emplace("in_universe", std::move(member));
  const Signals signals = build_signals(bars, StrategySpec{}, factors_of({kShort, kKeep, kShort}));
  EXPECT_EQ(directions(signals), (std::vector<int>{kFlat, kFlat, kShort}));
}

std::vector<std::uint8_t> decides(const Rebalance& rebalance, std::size_t first_row) {
  StrategySpec spec;
  spec.rebalance = rebalance;
  Factors factors;
  factors.direction = DirectionPanel(6, 1, kLong);
  return build_signals(bars_of(6, 1), spec, std::move(factors), {.first_row = first_row}).decides;
}

TEST(BuildSignals, DecidesAtTheFirstSessionOfAPeriod) {
  using Rows = std::vector<std::uint8_t>;  // Thu 29 Feb, Fri 1 Mar, Sat, Sun, Mon 4 Mar, Tue
  EXPECT_EQ(decides({Period::kDaily}, 2), (Rows{0, 0, 1, 1, 1, 1}));
  EXPECT_EQ(decides({Period::kWeekly}, 0), (Rows{0, 0, 0, 0, 1, 0}));
  EXPECT_EQ(decides({Period::kMonthly}, 0), (Rows{0, 1, 0, 0, 0, 0}));
  EXPECT_EQ(decides({Period::kEveryRows, 2}, 1), (Rows{0, 1, 0, 1, 0, 1}));
}

TEST(Rebalance, ReadsItsOwnText) {
  for (const char* text : {"daily", "weekly", "monthly", "every(21)"}) {
    EXPECT_EQ(to_string(parse_rebalance(text)), text);
  }
  for (const char* text :
       {"", "Daily", "every()", "every(0)", "every(-1)", "every(2", "every(2x)"}) {
    EXPECT_THROW(parse_rebalance(text), Error) << text;
  }
}

TEST(MakeStrategy, RefusesWhatIsOutOfRange) {
  const auto refused = [](auto change) {
    StrategySpec spec = built_in_spec("trend_baseline");
    change(spec);
    EXPECT_THROW(make_strategy(spec), Error);
  };
  refused([](StrategySpec& spec) { spec.params["fast"] = kNaN; });
  refused([](StrategySpec& spec) { spec.top_n = -1; });
  refused([](StrategySpec& spec) { spec.gross = 1.5; });
  refused([](StrategySpec& spec) { spec.net = 0.5; });
  refused([](StrategySpec& spec) { spec.max_weight = 0; });
  refused([](StrategySpec& spec) { spec.band = kNaN; });
  refused([](StrategySpec& spec) { spec.inverse_vol_window = 1; });
  refused([](StrategySpec& spec) { spec.rebalance.every_rows = 0; });
}

}  // namespace
}  // namespace tickwerk::strategy
