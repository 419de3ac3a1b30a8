#include "tickwerk/model/meta_model.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tickwerk/base/random.h"

namespace tickwerk::model {
namespace {

enum class Skill { kNone, kSome };

/// Two entries a bar with two features, of which the first may tell the label.
Dataset entries(Skill skill, std::size_t num_bars = 600) {
  Dataset dataset;
  dataset.symbols = {"A", "B"};
  dataset.label_name = "success_10";
  dataset.label_kind = LabelKind::kBinary;
  dataset.label_reach = 10;
  dataset.feature_names = {"told", "noise"};
  dataset.features = Panel(2, 2 * num_bars);
  for (std::size_t t = 0; t < num_bars + 10; ++t) {
    dataset.times.push_back(midnight(Date{static_cast<std::int32_t>(t)}));
  }
  RandomSequence random({11, 0});
  for (std::size_t r = 0; r < 2 * num_bars; ++r) {
    const double luck = random.uniform();
    const double told = random.uniform();
    dataset.bar.push_back(static_cast<std::uint32_t>(r / 2));
    dataset.symbol.push_back(static_cast<std::uint32_t>(r % 2));
    dataset.label_end.push_back(dataset.bar.back() + 10);
    dataset.label.push_back((skill == Skill::kSome ? 0.7 * told + 0.3 * luck : luck) > 0.5 ? 1 : 0);
    dataset.realized_return.push_back(dataset.label.back() > 0 ? 0.03 : -0.01);
    dataset.features(0, r) = told;
    dataset.features(1, r) = random.uniform();
  }
  return dataset;
}

MetaModelConfig config_of(SplitScheme scheme) {
  MetaModelConfig config;
  config.model = {.name = "gradient_boosting",
                  .kind = ModelKind::kGradientBoosting,
                  .trees = {.num_trees = 20, .max_depth = 3}};
  config.splits = {.scheme = scheme, .num_splits = 4, .min_train_dates = 50};
  return config;
}

TEST(MetaModel, ScoresOnlyWhatWasPredictedOutOfFold) {
  const Dataset dataset = entries(Skill::kSome);
  const MetaModelConfig config = config_of(SplitScheme::kWalkForward);
  const MetaModel model = train_meta_model(config, dataset);
  std::vector<double> predicted, label;
  for (std::size_t r = 0; r < dataset.num_rows(); ++r) {
    if (std::isnan(model.out_of_fold[r])) continue;
    predicted.push_back(model.out_of_fold[r]);
    label.push_back(dataset.label[r]);
  }
  EXPECT_EQ(predicted.size(), 960u);  // the last four fifths of 600 bars
  EXPECT_DOUBLE_EQ(*model.scores.pooled.roc_auc, *roc_auc({predicted, label}));
  EXPECT_GT(*model.scores.roc_auc.mean, 0.85);
  EXPECT_GT(*model.scores.mean_return_taken, *model.scores.mean_return);
  EXPECT_EQ(model.fit_end, 609u);
  EXPECT_GT(model.scores.permutation.at(0), model.scores.permutation.at(1));
  EXPECT_EQ(model.scores.curve.size(), 10u);
}

TEST(MetaModel, FindsNothingInChance) {
  const MetaModel model =
      validate_meta_model(config_of(SplitScheme::kPurgedKFold), entries(Skill::kNone, 1000));
  EXPECT_NEAR(*model.scores.pooled.roc_auc, 0.5, 3 * *model.scores.pooled.roc_auc_error);
}

TEST(MetaModel, CalibrationLearnsFromOtherFolds) {
  const MetaModel model =
      validate_meta_model(config_of(SplitScheme::kPurgedKFold), entries(Skill::kSome));
  std::vector<double> corrected, label;
  const Dataset dataset = entries(Skill::kSome);
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
  EXPECT_DOUBLE_EQ(*model.scores.calibrated_brier, *brier_score({corrected, label}));
}

TEST(MetaModel, UniquenessSaysHowMuchOfTheEvidenceIsShared) {
  // Each label of ten bars shares its bars with nine others of its symbol.
  const MetaModel model =
      validate_meta_model(config_of(SplitScheme::kWalkForward), entries(Skill::kSome));
  EXPECT_NEAR(model.scores.mean_uniqueness, 0.1, 0.01);
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
