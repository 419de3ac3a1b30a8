#include "tickwerk/strategy/confidence.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <random>

namespace tickwerk::strategy {
namespace {

constexpr double kNo = kNaN;

/// Of one symbol, a value a bar: closes and opens are 1 where there is a bar.
struct Case {
  std::vector<int> direction;
  std::vector<double> probability;
  std::vector<int> has_bar = {};      // empty = everywhere
  std::vector<int> decides = {};      // empty = everywhere
  std::vector<double> strength = {};  // empty = all equal
};

struct Market {
  market::Bars bars;
  Signals signals;
  Panel probability;
};

Market market_of(std::size_t num_rows, std::size_t num_symbols) {
  Market market;
  for (std::size_t t = 0; t < num_rows; ++t) {
    market.bars.times.push_back(midnight(Date{make_date(2024, 1, 1).days + static_cast<int>(t)}));
  }
  for (std::size_t i = 0; i < num_symbols; ++i) {
    market.bars.symbols.push_back(fmt::format("S{}", i));
  }
  market.bars.fields.emplace("close", Panel(num_rows, num_symbols, 1.0));
  market.bars.fields.emplace("open", Panel(num_rows, num_symbols, 1.0));
  market.signals.direction = DirectionPanel(num_rows, num_symbols, kFlat);
  market.signals.decides.assign(num_rows, 1);
  market.probability = Panel(num_rows, num_symbols, kNaN);
  return market;
}

/// A second symbol always trades, so that the market is open.
Market market_of(const Case& of) {
  const std::size_t num_rows = of.direction.size();
  Market market = market_of(num_rows, 2);
  if (!of.strength.empty()) market.signals.strength = Panel(num_rows, 2, 1.0);
  for (std::size_t t = 0; t < num_rows; ++t) {
    market.signals.direction(t, 0) = static_cast<std::int8_t>(of.direction[t]);
    market.probability(t, 0) = of.probability[t];
    if (!of.decides.empty()) market.signals.decides[t] = of.decides[t] != 0;
    if (!of.strength.empty()) market.signals.strength(t, 0) = of.strength[t];
    if (!of.has_bar.empty() && of.has_bar[t] == 0) {
      for (const char* field : {"open", "close"})
        market.bars.fields.find(field)->second(t, 0) = kNaN;
    }
  }
  return market;
}

std::vector<int> directions(const Case& of, const ConfidenceRules& rules = {}) {
  const Market market = market_of(of);
  const Signals judged = judge(market.bars, market.signals, market.probability.view(), rules);
  std::vector<int> found;
  for (std::size_t t = 0; t < of.direction.size(); ++t) found.push_back(judged.direction(t, 0));
  return found;
}

std::vector<double> strengths(const Case& of) {
  const Market market = market_of(of);
  const Signals judged =
      judge(market.bars, market.signals, market.probability.view(), {.mode = MetaMode::kScale});
  std::vector<double> found;
  for (std::size_t t = 0; t < of.direction.size(); ++t) found.push_back(judged.strength(t, 0));
  return found;
}

std::vector<std::uint32_t> entry_bars(const Case& of, const EntryRules& rules = {}) {
  const Market market = market_of(of);
  std::vector<std::uint32_t> bars;
  for (const Entry& entry : find_entries(market.bars, market.signals, rules)) {
    EXPECT_EQ(entry.symbol, 0u);
    bars.push_back(entry.bar);
  }
  return bars;
}

TEST(Confidence, RefusesATradeUntilTheStrategyHasLeftIt) {
  EXPECT_EQ(directions({.direction = {0, 1, 1, 1, 0, 1, 1},
                        .probability = {0.9, 0.4, 0.9, 0.9, 0.9, 0.6, 0.1}}),
            (std::vector<int>{0, 0, 0, 0, 0, 1, 1}));
}

TEST(Confidence, HoldsATakenTradeWhateverComesLater) {
  EXPECT_EQ(directions({.direction = {1, 1, 1, 0}, .probability = {0.5, 0.1, 0, 0.9}}),
            (std::vector<int>{1, 1, 1, 0}));
}

TEST(Confidence, TakesATradeThatTheModelSaysNothingOf) {
  EXPECT_EQ(directions({.direction = {1, 1, 0, 1}, .probability = {kNo, 0.1, 0.1, kNo}}),
            (std::vector<int>{1, 1, 0, 1}));
  EXPECT_EQ(strengths({.direction = {1, 1}, .probability = {kNo, 0.1}}),
            (std::vector<double>{1, 1}));
}

TEST(Confidence, ScalesATradeByItsEntryForItsWholeLife) {
  EXPECT_EQ(strengths({.direction = {1, 1, 0, 1, 1}, .probability = {0.25, 0.9, 0.9, 0.5, 0.1}}),
            (std::vector<double>{0.25, 0.25, 1, 0.5, 0.5}));
  EXPECT_EQ(
      strengths({.direction = {1, 1, 1}, .probability = {0.25, 0.9, 0.9}, .strength = {4, 2, 0}}),
      (std::vector<double>{1, 0.5, 0}));
}

TEST(Confidence, ScalingLeavesDirectionsAsTheyAre) {
  EXPECT_EQ(directions({.direction = {1, 2, 1, 0, -1}, .probability = {0, 0, 0, 0, 0}},
                       {.mode = MetaMode::kScale}),
            (std::vector<int>{1, 2, 1, 0, -1}));
}

TEST(Confidence, LeavesShortsAloneAndJudgesTheLongAfterThem) {
  EXPECT_EQ(directions({.direction = {-1, -1, 1, 1, -1, 1},
                        .probability = {0.1, 0.1, 0.4, 0.9, 0.1, 0.9}}),
            (std::vector<int>{-1, -1, 0, 0, -1, 1}));
}

TEST(Confidence, AConditionThatIsMissingEndsNoTrade) {
  EXPECT_EQ(directions({.direction = {1, 2, 1, 0}, .probability = {0.1, 0.9, 0.9, 0.9}}),
            (std::vector<int>{0, 2, 0, 0}));
  EXPECT_EQ(entry_bars({.direction = {1, 2, 1, 0}, .probability = {0, 0, 0, 0}}),
            (std::vector<std::uint32_t>{0}));
}

TEST(Confidence, OnlyBarsThatDecideAreEntriesAndExits) {
  // Flat on bar 1 does not decide: the trade of bar 0 goes on. Long on bar 3 decides nothing.
  const Case of{.direction = {1, 0, 1, 1, 0, 1, 1},
                .probability = {0.9, 0.1, 0.1, 0.1, 0.1, 0.9, 0.1},
                .decides = {1, 0, 1, 0, 1, 0, 1}};
  EXPECT_EQ(entry_bars(of), (std::vector<std::uint32_t>{0, 6}));
  EXPECT_EQ(directions(of), (std::vector<int>{1, 0, 1, 1, 0, 1, 0}));
}

TEST(Confidence, AnEntryThatMetNoPriceIsJudgedAgain) {
  // Decided on bar 0, no bar 1; decided again on bar 2.
  const Case of{
      .direction = {1, 2, 1, 1}, .probability = {0.9, 0.9, 0.1, 0.9}, .has_bar = {1, 0, 1, 1}};
  EXPECT_EQ(entry_bars(of), (std::vector<std::uint32_t>{0, 2}));
  EXPECT_EQ(directions(of), (std::vector<int>{1, 2, 0, 0}));
  // At the same close it was held at once.
  EXPECT_EQ(entry_bars(of, {.fill = EntryFill::kSameClose}), (std::vector<std::uint32_t>{0}));
}

TEST(Confidence, AnExitThatMetNoPriceEndsNoTrade) {
  const Case of{.direction = {1, 0, 2, 1, 1},
                .probability = {0.1, 0.9, 0.9, 0.9, 0.9},
                .has_bar = {1, 1, 0, 1, 1}};
  EXPECT_EQ(entry_bars(of), (std::vector<std::uint32_t>{0}));
  EXPECT_EQ(directions(of), (std::vector<int>{0, 0, 2, 0, 0}));
}

TEST(Confidence, ANameThatCameBackAfterDelistingIsANewTrade) {
  const Case of{.direction = {1, 1, 2, 2, 1, 1},
                .probability = {0.9, 0.9, 0.9, 0.9, 0.1, 0.9},
                .has_bar = {1, 1, 0, 0, 1, 1}};
  EXPECT_EQ(entry_bars(of, {.delist_after = 2}), (std::vector<std::uint32_t>{0, 4}));
  EXPECT_EQ(directions(of, {.entry = {.delist_after = 2}}), (std::vector<int>{1, 1, 2, 2, 0, 0}));
  EXPECT_EQ(entry_bars(of, {.delist_after = 3}), (std::vector<std::uint32_t>{0}));
}

TEST(Confidence, NothingIsHeldBeforeTheFirstRow) {
  const Case of{.direction = {1, 1, 1, 1}, .probability = {0.1, 0.1, 0.9, 0.1}};
  EXPECT_EQ(entry_bars(of, {.first_row = 2}), (std::vector<std::uint32_t>{2}));
  EXPECT_EQ(directions(of, {.entry = {.first_row = 2}}), (std::vector<int>{1, 1, 1, 1}));
}

TEST(Confidence, TheNextOpenNeedsOpens) {
  Market market = market_of({.direction = {1}, .probability = {1}});
  market.bars.fields.erase("open");
  EXPECT_THROW(find_entries(market.bars, market.signals, {}), Error);
  EXPECT_EQ(find_entries(market.bars, market.signals, {.fill = EntryFill::kSameClose}).size(), 1u);
}

TEST(Confidence, NobodyMovesUpForARefusedChoice) {
  // top_n 1 takes S0 on both bars; it is refused, and S1 stays out.
  Market market = market_of(2, 2);
  Factors factors;
  factors.direction = DirectionPanel(2, 2, kLong);
  Panel score(2, 2, 1.0);
  score(0, 0) = score(1, 0) = 2;
  factors.score = std::make_shared<const Panel>(std::move(score));
  StrategySpec spec;
  spec.top_n = 1;
  const Signals own = build_signals(market.bars, spec, std::move(factors));
  market.probability(0, 0) = 0.2;
  const Signals judged = judge(market.bars, own, market.probability.view(), {});
  for (const std::size_t t : {0u, 1u}) {
    EXPECT_EQ(judged.direction(t, 0), kFlat);
    EXPECT_EQ(judged.direction(t, 1), kFlat);
  }
}

TEST(Confidence, VolumeIsAskedBeforeTheModel) {
  // No volume on bar 0: the entry is that of bar 1, and so is its probability.
  Market market = market_of(3, 1);
  Factors factors;
  factors.direction = DirectionPanel(3, 1, kLong);
  Panel ratio(3, 1, 2.0);
  ratio(0, 0) = 0.5;
  factors.volume_ratio = std::make_shared<const Panel>(std::move(ratio));
  StrategySpec spec;
  spec.min_volume_ratio = 1;
  const Signals own = build_signals(market.bars, spec, std::move(factors));
  EXPECT_EQ(find_entries(market.bars, own, {}), (std::vector<Entry>{{1, 0}}));
}

TEST(Confidence, LeavingTheUniverseEndsATrade) {
  Market market = market_of(4, 1);
  Panel members(4, 1, 1.0);
  members(1, 0) = 0;
  market.bars.fields.emplace("in_universe", std::move(members));
  Factors factors;
  factors.direction = DirectionPanel(4, 1, kLong);
  const Signals own = build_signals(market.bars, {}, std::move(factors));
  EXPECT_EQ(find_entries(market.bars, own, {}), (std::vector<Entry>{{0, 0}, {2, 0}}));
}

/// Everything at random: gaps, days without a market, missing conditions, shorts, schedules.
Market random_market(std::uint32_t seed, std::size_t num_rows, std::size_t num_symbols) {
  std::mt19937 random(seed);
  const auto chance = [&](int of_hundred) { return static_cast<int>(random() % 100) < of_hundred; };
  Market market = market_of(num_rows, num_symbols);
  market.signals.strength = Panel(num_rows, num_symbols, 1.0);
  Panel& close = market.bars.fields.find("close")->second;
  Panel& open = market.bars.fields.find("open")->second;
  for (std::size_t t = 0; t < num_rows; ++t) {
    const bool is_closed = chance(5);
    market.signals.decides[t] = chance(70);
    for (std::size_t i = 0; i < num_symbols; ++i) {
      const bool goes_on = t > 0 && chance(60);
      const int drawn = static_cast<int>(random() % 10);
      const int fresh = drawn < 4 ? kLong : drawn < 7 ? kFlat : drawn < 8 ? kShort : kKeep;
      market.signals.direction(t, i) =
          goes_on ? market.signals.direction(t - 1, i) : static_cast<std::int8_t>(fresh);
      market.signals.strength(t, i) = static_cast<double>(random() % 4);
      if (!chance(15)) market.probability(t, i) = static_cast<double>(random() % 101) / 100;
      if (is_closed || chance(20)) close(t, i) = kNaN;
      if (is_closed || close(t, i) != close(t, i) || chance(5)) open(t, i) = kNaN;
      if (close(t, i) != close(t, i)) market.signals.direction(t, i) = kKeep;
    }
  }
  return market;
}

/// What one symbol holds after each bar, told bar by bar in words: the slow reference.
struct SlowSymbol {
  std::map<std::size_t, std::size_t> entry_of;  // bar that decides for long to the bar of its entry

  SlowSymbol(const Market& market, std::size_t i, const EntryRules& rules) {
    enum class State { kOut, kBuying, kIn, kSelling } state = State::kOut;
    std::size_t entry = 0;
    int bars_missing = 0;
    const Panel& close = market.bars.close();
    const Panel& price = rules.fill == EntryFill::kNextOpen ? market.bars.field("open") : close;
    const auto meet = [&](std::size_t t) {
      if (std::isnan(price(t, i))) return;
      if (state == State::kBuying) state = State::kIn;
      if (state == State::kSelling) state = State::kOut;
    };
    for (std::size_t t = rules.first_row; t < market.bars.num_rows(); ++t) {
      if (rules.fill == EntryFill::kNextOpen) meet(t);
      bool someone_trades = false;
      for (std::size_t k = 0; k < market.bars.num_symbols(); ++k) {
        someone_trades = someone_trades || !std::isnan(close(t, k));
      }
      const bool missing = std::isnan(close(t, i));
      if (!missing) bars_missing = 0;
      if (missing && someone_trades && ++bars_missing == rules.delist_after &&
          (state == State::kIn || state == State::kSelling)) {
        state = State::kOut;
      }
      if (market.signals.decides[t] != 0) {
        if (state == State::kBuying) state = State::kOut;
        if (state == State::kSelling) state = State::kIn;
        const int wanted = missing ? int{kKeep} : market.signals.direction(t, i);
        if (wanted == kLong) {
          if (state == State::kOut) entry = t;
          if (state == State::kOut) state = State::kBuying;
          entry_of[t] = entry;
        } else if (wanted != kKeep && state == State::kIn) {
          state = State::kSelling;
        }
      }
      if (rules.fill == EntryFill::kSameClose) meet(t);
    }
  }
};

TEST(Confidence, AgreesWithASlowReferenceOnRandomSignals) {
  for (std::uint32_t seed = 1; seed <= 200; ++seed) {
    const Market market = random_market(seed, 60, 5);
    const ConfidenceRules rules{
        .entry = {.fill = seed % 2 != 0 ? EntryFill::kNextOpen : EntryFill::kSameClose,
                  .delist_after = 1 + static_cast<int>(seed % 4),
                  .first_row = seed % 7},
        .mode = seed % 3 != 0 ? MetaMode::kFilter : MetaMode::kScale,
        .min_confidence = 0.6};
    const Signals judged = judge(market.bars, market.signals, market.probability.view(), rules);
    const std::vector<Entry> entries = find_entries(market.bars, market.signals, rules.entry);
    std::size_t num_entries = 0;
    EXPECT_EQ(judged.decides, market.signals.decides);
    for (std::size_t i = 0; i < 5; ++i) {
      const SlowSymbol slow(market, i, rules.entry);
      for (std::size_t t = 0; t < 60; ++t) {
        int direction = market.signals.direction(t, i);
        double strength = market.signals.strength(t, i);
        if (const auto found = slow.entry_of.find(t); found != slow.entry_of.end()) {
          num_entries += found->second == t;
          const double p = market.probability(found->second, i);
          if (rules.mode == MetaMode::kFilter && p < 0.6) direction = kFlat;
          if (rules.mode == MetaMode::kScale && !std::isnan(p)) strength *= p;
        }
        ASSERT_EQ(judged.direction(t, i), direction) << seed << ", bar " << t << ", symbol " << i;
        ASSERT_EQ(judged.strength(t, i), strength) << seed << ", bar " << t << ", symbol " << i;
      }
    }
    EXPECT_EQ(entries.size(), num_entries) << seed;
  }
}

template <class T>
BasicPanel<T> first_rows(const BasicPanel<T>& from, std::size_t num_rows) {
  BasicPanel<T> cut(num_rows, from.num_symbols());
  std::copy_n(from.row(0), num_rows * from.stride(), cut.row(0));
  return cut;
}

TEST(Confidence, CuttingTheFutureOffChangesNothing) {
  const Market full = random_market(3, 60, 5);
  const Signals judged = judge(full.bars, full.signals, full.probability.view(), {});
  for (std::size_t end = 1; end < 60; ++end) {
    Market cut = market_of(end, 5);
    for (const char* field : {"open", "close"}) {
      cut.bars.fields.find(field)->second = first_rows(full.bars.field(field), end);
    }
    cut.signals.direction = first_rows(full.signals.direction, end);
    cut.signals.strength = first_rows(full.signals.strength, end);
    cut.signals.decides.assign(full.signals.decides.begin(),
                               full.signals.decides.begin() + static_cast<std::ptrdiff_t>(end));
    const Panel probability = first_rows(full.probability, end);
    const Signals part = judge(cut.bars, cut.signals, probability.view(), {});
    for (std::size_t t = 0; t < end; ++t) {
      for (std::size_t i = 0; i < 5; ++i) ASSERT_EQ(part.direction(t, i), judged.direction(t, i));
    }
  }
}

}  // namespace
}  // namespace tickwerk::strategy
