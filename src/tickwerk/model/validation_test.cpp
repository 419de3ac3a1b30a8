#include "tickwerk/model/validation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "tickwerk/base/random.h"
#include "tickwerk/model/linear.h"

namespace tickwerk::model {
namespace {

/// Three rows a bar; the target is 2 f - g and some noise.
struct Study {
  static constexpr std::size_t kBars = 400;
  static constexpr std::size_t kRows = 3 * kBars;

  Panel features{2, kRows};
  std::vector<double> target;
  std::vector<std::uint32_t> bar, label_end;

  Study() {
    RandomSequence random({7, 0});
    for (std::size_t r = 0; r < kRows; ++r) {
      features(0, r) = random.uniform() - 0.5;
      features(1, r) = random.uniform();
      target.push_back(2 * features(0, r) - features(1, r) + 0.1 * random.uniform());
      bar.push_back(static_cast<std::uint32_t>(r / 3));
      label_end.push_back(bar.back() + 5);
    }
  }

  std::vector<Split> splits(const SplitConfig& config) const {
    return make_splits(config, {bar, label_end, 5});
  }
  ValidationInputs inputs(std::span<const Split> splits) const {
    return {features.view(), target, {}, splits};
  }
};

const ModelSpec kRidge{.name = "ridge", .kind = ModelKind::kRidge, .alpha = 1};
const ModelSpec kTrees{.name = "trees",
                       .kind = ModelKind::kGradientBoosting,
                       .trees = {.num_trees = 20, .max_depth = 3}};

TEST(Validate, LinearFoldsAreThoseOfAFreshFitOfTheirRows) {
  const Study study;
  for (const TrainWindow window : {TrainWindow::kExpanding, TrainWindow::kRolling}) {
    const auto splits = study.splits({.num_splits = 7,
                                      .window = window,
                                      .window_dates = window == TrainWindow::kRolling ? 40u : 0u,
                                      .min_train_dates = 20});
    const auto folds = validate({.models = {kRidge}}, study.inputs(splits)).at(0);
    ASSERT_EQ(folds.size(), 7u);
    for (const Fold& fold : folds) {
      const Split& split = splits[fold.split];
      const auto fresh = fit_linear(kRidge, {study.features.view(), study.target, {}, split.train});
      std::vector<double> expected(num_rows(split.test));
      fresh->predict(study.features.view(), split.test, expected);
      ASSERT_EQ(fold.predicted.size(), expected.size());
      for (std::size_t k = 0; k < expected.size(); ++k) {
        EXPECT_NEAR(fold.predicted[k], expected[k], 1e-12);
      }
    }
  }
}

TEST(Validate, OutOfFoldIsTheMeanOverTheSplitsThatTestedARow) {
  const Study study;
  const auto splits = study.splits({.scheme = SplitScheme::kCombinatorial,
                                    .num_splits = 4,
                                    .num_test_groups = 2,
                                    .min_train_dates = 20});
  const auto folds = validate({.models = {kRidge}}, study.inputs(splits)).at(0);
  const std::vector<double> mean = out_of_fold(Study::kRows, splits, folds);
  for (const std::size_t row : {0u, 555u, 1199u}) {
    double sum = 0;
    int count = 0;
    for (const Fold& fold : folds) {
      std::size_t place = 0;
      for (const RowRange& range : splits[fold.split].test) {
        if (row >= range.first && row < range.last) {
          sum += fold.predicted[place + row - range.first];
          ++count;
        }
        place += range.last - range.first;
      }
    }
    EXPECT_EQ(count, 3);  // of C(4, 2) = 6 splits
    EXPECT_DOUBLE_EQ(mean[row], sum / count);
  }
}

TEST(Validate, RowsThatNoSplitTestsHaveNoPrediction) {
  const Study study;
  const auto splits = study.splits({.num_splits = 3, .min_train_dates = 20});
  const auto folds = validate({.models = {kRidge}}, study.inputs(splits)).at(0);
  const std::vector<double> mean = out_of_fold(Study::kRows, splits, folds);
  EXPECT_TRUE(std::isnan(mean[0]));
  EXPECT_TRUE(std::isnan(mean[299]));  // bars 0 to 99 train the first window
  EXPECT_FALSE(std::isnan(mean[300]));
}

class Memory final : public FoldKeeper {
 public:
  std::optional<Fold> find(const std::string& model, std::size_t split) override {
    const auto found = folds.find({model, split});
    if (found == folds.end()) return {};
    ++num_found;
    return found->second;
  }
  void keep(const std::string& model, const Fold& fold) override {
    folds[{model, fold.split}] = fold;
  }

  std::map<std::pair<std::string, std::size_t>, Fold> folds;
  int num_found = 0;
};

TEST(Validate, GoesOnWhereItWasInterrupted) {
  const Study study;
  const auto splits = study.splits({.num_splits = 4, .min_train_dates = 20});
  const ValidationConfig config{.models = {kRidge, kTrees}};
  const auto whole = validate(config, study.inputs(splits));
  Memory memory;
  const auto stop_half_way = [](double done, const std::string&) {
    if (done > 0.6) throw Error(Code::kInvalidArgument, "enough");
  };
  EXPECT_THROW(validate(config, study.inputs(splits), &memory, stop_half_way), Error);
  const std::size_t num_kept = memory.folds.size();
  EXPECT_GE(num_kept, 4u);
  EXPECT_LT(num_kept, 8u);
  const auto resumed = validate(config, study.inputs(splits), &memory);
  EXPECT_EQ(memory.num_found, static_cast<int>(num_kept));
  for (std::size_t m = 0; m < 2; ++m) {
    for (std::size_t s = 0; s < 4; ++s) {
      EXPECT_EQ(resumed[m][s].predicted, whole[m][s].predicted) << m << " " << s;
      EXPECT_EQ(resumed[m][s].train_loss, whole[m][s].train_loss);
    }
  }
}

TEST(Validate, ProgressRisesToOne) {
  const Study study;
  const auto splits = study.splits({.num_splits = 3, .min_train_dates = 20});
  double last = 0;
  validate({.models = {kRidge, kTrees}}, study.inputs(splits), nullptr,
           [&](double done, const std::string& what) {
             EXPECT_GE(done, last) << what;
             last = done;
           });
  EXPECT_DOUBLE_EQ(last, 1);
}

TEST(Validate, NamesTheModelAndTheSplitThatFailed) {
  Study study;
  study.features(1, 3) = kNaN;
  const auto splits = study.splits({.num_splits = 3, .min_train_dates = 20});
  try {
    validate({.models = {kRidge}}, study.inputs(splits));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()).find("ridge, window 1 of 3: "), 0u) << error.what();
  }
}

TEST(Validate, RefusesALinearModelOfTwoClasses) {
  const Study study;
  const auto splits = study.splits({.num_splits = 3, .min_train_dates = 20});
  EXPECT_THROW(validate({.models = {kRidge}, .target = Target::kBinary}, study.inputs(splits)),
               Error);
}

TEST(Explain, FindsTheFeatureThatMatters) {
  Study study;
  for (std::size_t r = 0; r < Study::kRows; ++r) {
    study.target[r] = study.features(0, r) > 0 ? 1 : 0;
  }
  const auto splits = study.splits({.num_splits = 2, .min_train_dates = 20});
  const ValidationConfig config{
      .models = {kTrees}, .target = Target::kBinary, .explain = {.what = Explain::kAll}};
  const Fold fold = validate(config, study.inputs(splits)).at(0).at(0);
  EXPECT_GT(fold.explanation.permutation.at(0), 0.5);
  EXPECT_LT(std::abs(fold.explanation.permutation.at(1)), 0.05);
  EXPECT_GT(fold.explanation.contribution.at(0), 10 * fold.explanation.contribution.at(1));
  ASSERT_EQ(fold.explanation.curve.size(), 10u);
  EXPECT_EQ(fold.explanation.curve.back().num_trees, 20u);
  EXPECT_DOUBLE_EQ(fold.explanation.curve.back().train_loss, fold.train_loss);
  EXPECT_LT(fold.explanation.curve.back().test_loss, fold.explanation.curve.front().test_loss);
}

}  // namespace
}  // namespace tickwerk::model
