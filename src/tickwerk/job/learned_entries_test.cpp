#include "tickwerk/job/learned_entries.h"

#include <gtest/gtest.h>

namespace tickwerk::job {
namespace {

using backtest::FillRule;
using Texts = std::vector<std::string>;

class LearnedFrom : public testing::Test {
 protected:
  LearnedFrom() {
    notes_.strategy = "trend";
    notes_.strategy_language = "long = close > ema(close, slow)";
    notes_.strategy_params = {{"slow", 60}};
    notes_.fill = "next_open";
    same_.name = "mine";
    same_.language = notes_.strategy_language;
    same_.params = notes_.strategy_params;
  }

  model::MetaModelNotes notes_;
  strategy::StrategySpec same_;
};

TEST_F(LearnedFrom, TheSameEntriesUnderAnotherNameWarnOfNothing) {
  LearnedEntries learned(notes_);
  learned.add(same_, FillRule::kNextOpen);
  EXPECT_EQ(learned.warnings(), Texts{});
}

TEST_F(LearnedFrom, OneRunSaysWhatDiffers) {
  strategy::StrategySpec other = same_;
  other.params["slow"] = 50;
  LearnedEntries learned(notes_);
  learned.add(other, FillRule::kSameClose);
  EXPECT_EQ(learned.warnings(),
            (Texts{"the meta-model learned from entries of trend with other parameters",
                   "the meta-model learned from entries that were filled by next_open, these are "
                   "by same_close"}));
}

TEST_F(LearnedFrom, OtherRulesAreSaidAndTheirParametersAreNot) {
  strategy::StrategySpec other = same_;
  other.language = "long = close > 5";
  other.params.clear();
  LearnedEntries learned(notes_);
  learned.add(other, FillRule::kNextOpen);
  EXPECT_EQ(learned.warnings(), Texts{"the meta-model learned from entries of another strategy "
                                      "than mine: of trend with other conditions"});
}

TEST_F(LearnedFrom, ManyRunsAreCounted) {
  LearnedEntries learned(notes_);
  for (const double slow : {40.0, 50.0, 60.0}) {
    strategy::StrategySpec one = same_;
    one.params["slow"] = slow;
    learned.add(one, slow == 40 ? FillRule::kSameClose : FillRule::kNextOpen);
  }
  EXPECT_EQ(learned.warnings(),
            (Texts{"the meta-model learned from entries of trend with other parameters (2 of 3 "
                   "combinations)",
                   "the meta-model learned from entries that were filled by next_open, these are "
                   "by same_close (1 of 3 combinations)"}));
}

TEST_F(LearnedFrom, TradesAreNotWeighedInSilenceByProbabilitiesWorseThanNone) {
  notes_.base_rate = 0.4;  // always saying it scores 0.4 * 0.6 = 0.24
  strategy::StrategySpec scaled = same_;
  scaled.meta_model.mode = strategy::MetaMode::kScale;
  const auto said = [&](double brier, const strategy::StrategySpec& spec) {
    notes_.brier = brier;
    LearnedEntries learned(notes_);
    learned.add(spec, FillRule::kNextOpen);
    return learned.warnings();
  };
  EXPECT_EQ(
      said(0.25, scaled),
      Texts{"trades are weighed by probabilities that were worse than none when they were "
            "tested: Brier 0.2500 against 0.2400 for always saying the base rate of 40.00 %"});
  EXPECT_EQ(said(0.23, scaled), Texts{});
  EXPECT_EQ(said(0.25, same_), Texts{});
}

TEST_F(LearnedFrom, EveryBarIsNoEntry) {
  notes_.strategy = "success_10";
  notes_.strategy_language.clear();
  notes_.strategy_params.clear();
  notes_.fill.clear();
  LearnedEntries learned(notes_);
  learned.add(same_, FillRule::kSameClose);
  EXPECT_EQ(learned.warnings(), Texts{"the meta-model learned from every bar, success_10, and not "
                                      "from entries of mine"});
}

}  // namespace
}  // namespace tickwerk::job
