#include "tickwerk/model/meta_model.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tickwerk/model/meta_model_fixture.h"

namespace tickwerk::model {
namespace {

MetaScores scores_of(const MetaModelConfig& config, const Dataset& dataset) {
  return score_meta_model(config, dataset, validate_meta_model(config, dataset));
}

TEST(MetaModel, ScoresOnlyWhatWasPredictedOutOfFold) {
  const Dataset dataset = entries(Skill::kSome);
  const MetaModelConfig config = config_of(SplitScheme::kWalkForward);
  const MetaModel model = train_meta_model(config, dataset);
  const MetaScores scores = score_meta_model(config, dataset, model);
  std::vector<double> predicted, label;
  for (std::size_t r = 0; r < dataset.num_rows(); ++r) {
    if (std::isnan(model.out_of_fold[r])) continue;
    predicted.push_back(model.out_of_fold[r]);
    label.push_back(dataset.label[r]);
  }
  EXPECT_EQ(predicted.size(), 960u);  // the last four fifths of 600 bars
  EXPECT_DOUBLE_EQ(*scores.pooled.roc_auc, *roc_auc({predicted, label}));
  EXPECT_GT(*scores.roc_auc.mean, 0.85);
  EXPECT_GT(*scores.mean_return_taken, *scores.mean_return);
  EXPECT_EQ(model.fit_end, 609u);
  EXPECT_GT(scores.permutation.at(0), scores.permutation.at(1));
  EXPECT_EQ(scores.curve.size(), 10u);
}

TEST(MetaModel, FindsNothingInChance) {
  const MetaScores scores =
      scores_of(config_of(SplitScheme::kPurgedKFold), entries(Skill::kNone, 1000));
  EXPECT_NEAR(*scores.pooled.roc_auc, 0.5, 3 * *scores.pooled.roc_auc_error);
}

TEST(MetaModel, CalibrationLearnsFromOtherFolds) {
  const Dataset dataset = entries(Skill::kSome);
  const MetaModelConfig config = config_of(SplitScheme::kPurgedKFold);
  const MetaModel model = validate_meta_model(config, dataset);
  const MetaScores scores = score_meta_model(config, dataset, model);
  std::vector<double> corrected, label;
  for (std::size_t k = 0; k < model.folds.size(); ++k) {
    std::vector<double> score, outcome;
    for (std::size_t other = 0; other < model.folds.size(); ++other) {
      if (other == k) continue;
      const auto& predicted = model.folds[other].predicted;
      score.insert(score.end(), predicted.begin(), predicted.end());
      const auto labels = values_of(dataset.label, model.splits[other].test);
      outcome.insert(outcome.end(), labels.begin(), labels.end());
    }
    const IsotonicCurve curve = IsotonicCurve::fit({score, outcome});
    for (const double value : model.folds[k].predicted) corrected.push_back(curve(value));
    const auto labels = values_of(dataset.label, model.splits[k].test);
    label.insert(label.end(), labels.begin(), labels.end());
  }
  EXPECT_DOUBLE_EQ(*scores.calibrated_brier, *brier_score({corrected, label}));
}

TEST(MetaModel, UniquenessSaysHowMuchOfTheEvidenceIsShared) {
  // Each label of ten bars shares its bars with nine others of its symbol.
  const MetaScores scores = scores_of(config_of(SplitScheme::kWalkForward), entries(Skill::kSome));
  EXPECT_NEAR(scores.mean_uniqueness, 0.1, 0.01);
}

TEST(MetaModel, RefusesOneClassAndOtherLabels) {
  Dataset dataset = entries(Skill::kSome);
  const MetaModelConfig config = config_of(SplitScheme::kWalkForward);
  std::fill(dataset.label.begin(), dataset.label.end(), 1.0);
  EXPECT_THROW(train_meta_model(config, dataset), Error);
  dataset = entries(Skill::kSome);
  dataset.label_kind = LabelKind::kReturn;
  EXPECT_THROW(train_meta_model(config, dataset), Error);
}

TEST(MetaModel, OnlyAWalkForwardCouldHavePredictedOnItsDays) {
  EXPECT_TRUE(is_usable_in_backtest(SplitScheme::kWalkForward));
  EXPECT_FALSE(is_usable_in_backtest(SplitScheme::kPurgedKFold));
  EXPECT_FALSE(is_usable_in_backtest(SplitScheme::kCombinatorial));
}

}  // namespace
}  // namespace tickwerk::model
