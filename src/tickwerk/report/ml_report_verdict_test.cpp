#include "tickwerk/report/ml_report_verdict.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tickwerk/report/ml_report_fixture.h"
#include "tickwerk/report/text_fixture.h"

namespace tickwerk::report {
namespace {

/// An error of 0.02 and labels that overlap by 1 in 4: widened, 0.04.
Skill skill_at(double roc_auc) {
  MlSample sample;
  sample.model.scores.pooled.roc_auc = roc_auc;
  return judge(sample.report()).skill;
}

TEST(MlVerdict, WidensTheErrorByOverlap) {
  EXPECT_DOUBLE_EQ(*widened(0.02, 0.25), 0.04);
  EXPECT_DOUBLE_EQ(*widened(0.02, 1), 0.02);
  EXPECT_FALSE(widened({}, 0.25));
  EXPECT_FALSE(widened(0.02, 0));
  EXPECT_DOUBLE_EQ(*judge(MlSample().report()).error, 0.04);
}

TEST(MlVerdict, ShowsNoSkillWithinTwoErrorsOfChance) {
  EXPECT_EQ(skill_at(0.5), Skill::kNone);
  EXPECT_EQ(skill_at(0.5625), Skill::kNone);  // beyond two errors of independent rows
  EXPECT_EQ(skill_at(0.579), Skill::kNone);
  EXPECT_EQ(skill_at(0.421), Skill::kNone);
  EXPECT_EQ(skill_at(0.581), Skill::kShown);
  EXPECT_EQ(skill_at(0.419), Skill::kWorse);
  EXPECT_EQ(verdict(MlSample().report()),
            "No skill shown: on entries it was not fitted to, AUC 0.5625 with an error of 0.0400; "
            "0.5, which is chance, lies within two errors.");
}

TEST(MlVerdict, SaysInWordsWhatAnAucMeans) {
  MlSample sample;
  sample.model.scores.mean_uniqueness = 1;
  EXPECT_EQ(verdict(sample.report()),
            "Some skill shown: on entries it was not fitted to, one that succeeded ranks above one "
            "that failed in 56.25 % of pairs, where chance gives 50 % (AUC 0.5625 with an error of "
            "0.0200).");
}

TEST(MlVerdict, WantsTheMeanOverFoldsBeyondTwoErrorsToo) {
  MlSample sample;
  sample.model.scores.mean_uniqueness = 1;
  // 0.12 / sqrt(12) = 0.0346; 0.0625 is less than two of it.
  sample.model.scores.roc_auc.deviation = 0.12;
  EXPECT_EQ(judge(sample.report()).skill, Skill::kUnsteady);
  EXPECT_NEAR(*judge(sample.report()).error_of_mean, 0.12 / std::sqrt(12.0), 1e-15);
  sample.model.scores.roc_auc.deviation = 0.10;
  EXPECT_EQ(judge(sample.report()).skill, Skill::kShown);
  // Each part is in 2 of 12 groups at a time: only 6 of them are independent.
  sample.notes.config.splits.scheme = model::SplitScheme::kCombinatorial;
  EXPECT_NEAR(*judge(sample.report()).error_of_mean, 0.10 / std::sqrt(6.0), 1e-15);
  EXPECT_EQ(judge(sample.report()).skill, Skill::kUnsteady);
}

TEST(MlVerdict, BelievesNothingAfterALeak) {
  MlSample sample;
  sample.model.scores.pooled.roc_auc = 0.7;
  sample.audit.push_back({.check = "feature told",
                          .verdict = model::AuditVerdict::kLeak,
                          .text = "repeats the label"});
  EXPECT_EQ(judge(sample.report()).skill, Skill::kVoid);
  EXPECT_EQ(verdict(sample.report()),
            "No figure here may be believed: the leakage audit found a leak (feature told).");
  MlSample unpurged;
  unpurged.notes.config.splits.purge = model::Purge::kNone;
  EXPECT_EQ(judge(unpurged.report()).skill, Skill::kVoid);
  EXPECT_TRUE(holds(verdict(unpurged.report()), "not purged"));
}

TEST(MlVerdict, DoesNotJudgeWithoutAnError) {
  MlSample sample;
  sample.model.scores.pooled.roc_auc_error = {};
  EXPECT_EQ(judge(sample.report()).skill, Skill::kUnknown);
  EXPECT_TRUE(holds(verdict(sample.report()), "600 of label 1 and 600 of label 0"));
}

TEST(MlFindings, CallReturnsChanceWhereNoSkillIsShown) {
  MlSample sample;
  const std::string said = findings(sample.report()).front();
  EXPECT_TRUE(holds(said, "takes 40.00 % of the tested entries"));
  EXPECT_TRUE(holds(said, "return is +1.25 %, that of all +0.25 %"));
  EXPECT_TRUE(holds(said, "difference is +1.00 % with an error of 0.00 %"));
  EXPECT_TRUE(holds(said, "take it for chance"));
  sample.model.scores.mean_uniqueness = 1;
  EXPECT_FALSE(holds(findings(sample.report()).front(), "take it for chance"));
}

TEST(MlFindings, CompareProbabilitiesWithTheBaseRate) {
  // 0.5 * 0.5 = 0.25 against 0.24: 4 % less.
  EXPECT_TRUE(any_holds(findings(MlSample().report()), "Probabilities are 4.00 % better"));
  EXPECT_DOUBLE_EQ(*brier_of_base_rate(MlSample().model.scores.pooled), 0.25);
  EXPECT_DOUBLE_EQ(*log_loss_of_base_rate(MlSample().model.scores.pooled), std::log(2.0));
  model::ClassificationScores certain;
  certain.base_rate = 0.0;
  EXPECT_EQ(log_loss_of_base_rate(certain), 0.0);
}

TEST(MlFindings, CountRowsThatShareNoBar) {
  EXPECT_TRUE(
      any_holds(findings(MlSample().report()), "1,200 tested rows carry as much as about 300"));
}

TEST(MlWarnings, AreNoneWhereNothingSpeaksAgainst) {
  EXPECT_EQ(warnings(MlSample().report()), std::vector<std::string>{});
}

TEST(MlWarnings, NameWhatSpeaksAgainst) {
  MlSample sample;
  sample.audit.clear();
  sample.model.scores.folds[3].scores.roc_auc = 0.4375;
  sample.model.scores.pooled.brier = 0.26;
  sample.summary.features[0].missing = 0.75;
  sample.notes.config.splits.scheme = model::SplitScheme::kPurgedKFold;
  const std::vector<std::string> said = warnings(sample.report());
  EXPECT_EQ(said.size(), 5u);
  EXPECT_TRUE(any_holds(said, "No leakage audit was run"));
  EXPECT_TRUE(any_holds(said, "AUC is below 0.5 in 1 of 12 folds"));
  EXPECT_TRUE(any_holds(said, "worse than none: Brier 0.2600 against 0.2500"));
  EXPECT_TRUE(any_holds(said, "more than half of the rows: told (75.00 %)"));
  EXPECT_TRUE(any_holds(said, "never for a backtest"));
}

TEST(MlWarnings, SeeWhatTreesLearnedByHeart) {
  MlSample sample;
  for (model::Fold& fold : sample.model.folds) fold.train_loss = 0.5;
  sample.model.scores.curve = {{10, 0.5625, 0.65625}, {20, 0.5, 0.6875}};
  const std::vector<std::string> said = warnings(sample.report());
  ASSERT_EQ(said.size(), 1u);
  EXPECT_EQ(said.front(),
            "Training rows are predicted far better than tested ones (log loss 0.5000 against "
            "0.6875, mean over folds): the trees memorise. Its lowest on tested rows is 0.6562 "
            "after 10 trees, 0.6875 after all 20.");
}

TEST(MlWarnings, CountRowsThatAreTooFew) {
  MlSample sample;
  model::ClassificationScores few = sample_scores(1, 0.5625);
  few.num_rows = 50;
  few.at_threshold = {
      .true_positives = 2, .false_positives = 20, .true_negatives = 18, .false_negatives = 10};
  sample.model.scores.folds[0].scores = few;
  sample.model.scores.pooled.at_threshold.true_positives = 3;
  sample.model.scores.pooled.at_threshold.false_positives = 4;
  const std::vector<std::string> said = warnings(sample.report());
  EXPECT_EQ(said.size(), 2u);
  EXPECT_TRUE(any_holds(said, "window 1 of 12 (12 of label 1, 38 of label 0)"));
  EXPECT_TRUE(any_holds(said, "Only 7 of the tested entries would be taken"));

  // Ten folds of 100 rows learn each other's curves from 900.
  MlSample small;
  small.model.scores.folds.resize(10);
  small.model.folds.resize(10);
  EXPECT_TRUE(any_holds(warnings(small.report()), "as few as 900 rows"));
}

TEST(MlWarnings, DistrustWhatIsTooGood) {
  MlSample sample;
  sample.model.scores.pooled.roc_auc = 0.8;
  EXPECT_TRUE(any_holds(warnings(sample.report()), "more often a leak than a market"));
}

}  // namespace
}  // namespace tickwerk::report
