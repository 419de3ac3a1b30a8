#include "tickwerk/job/judged_entries.h"

#include "tickwerk/job/job_fixture.h"

namespace tickwerk::job {
namespace {

/// Four entries on three days: probabilities 0.75, 0.25, none and none.
class JudgedEntries : public testing::Test {
 protected:
  JudgedEntries() {
    history_.loaded.bars = bars_of({"A", "B"}, {{1, 2}, {3, 4}, {5, 6}});
    history_.spec.name = "trend";
    config_.strategy.meta_model.min_confidence = 0.5;
    probability_(1, 0) = 0.75;
    probability_(1, 1) = 0.25;
    notes_.strategy = "trend";
    notes_.fit_end = history_.loaded.bars.times[1];
  }

  void judge(const std::vector<strategy::Entry>& entries) {
    history_.spec.meta_model = config_.strategy.meta_model;
    history_.meta_model = count_judged(entries, probability_, history_, notes_.fit_end);
    say_judged(notes_, config_, history_);
  }

  const std::vector<strategy::Entry> entries_ = {{0, 0}, {1, 0}, {1, 1}, {2, 0}};
  History history_;
  RunConfig config_;
  model::MetaModelNotes notes_;
  Panel probability_ = Panel(3, 2, kNaN);
};

TEST_F(JudgedEntries, AreCountedByWhatTheModelSaysAndWhenItCannot) {
  judge(entries_);
  const report::MetaModelCounts& counts = *history_.meta_model;
  EXPECT_EQ(counts.num_entries, 4u);
  EXPECT_EQ(counts.num_judged, 2u);
  EXPECT_EQ(counts.num_refused, 1u);
  EXPECT_EQ(counts.num_before_fit_end, 1u);
  EXPECT_EQ(counts.num_without, 1u);
  EXPECT_EQ(counts.mean_probability, 0.5);
  EXPECT_EQ(counts.last_unjudged, history_.loaded.bars.times[2]);
  EXPECT_TRUE(contains(history_.loaded.notes, "judged 2 of 4 entries and refused 1"));
  EXPECT_TRUE(contains(history_.loaded.notes, "2 of 4 entries, the last on 2024-01-03, have no"));
  EXPECT_TRUE(history_.warnings.empty());
}

TEST_F(JudgedEntries, AreNotRefusedWhereTheyAreWeighed) {
  config_.strategy.meta_model.mode = strategy::MetaMode::kScale;
  judge(entries_);
  EXPECT_EQ(history_.meta_model->num_refused, 0u);
  EXPECT_TRUE(contains(history_.loaded.notes, "weighs 2 of 4 entries"));
}

TEST_F(JudgedEntries, WithoutAProbabilityAreAWarning) {
  judge({{0, 0}});
  EXPECT_FALSE(history_.meta_model->mean_probability);
  EXPECT_TRUE(contains(history_.warnings, "judged none of the strategy's entries"));
}

TEST_F(JudgedEntries, BeforeFitEndAreUnknownForAReasonThatDependsOnTheScheme) {
  judge({{0, 0}});
  EXPECT_TRUE(contains(history_.loaded.notes, "up to 2024-01-02 the meta-model speaks only of"));
  notes_.config.splits.scheme = model::SplitScheme::kPurgedKFold;
  judge({{0, 0}});
  EXPECT_TRUE(contains(history_.loaded.notes, "its purged k-fold folds on what came after"));
}

}  // namespace
}  // namespace tickwerk::job
