#include "tickwerk/model/boosting.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "tickwerk/base/parallel.h"
#include "tickwerk/base/random.h"
#include "tickwerk/model/boosting_rows.h"

namespace tickwerk::model {
namespace {

/// One feature 0, 1, 2, ... and the target 1 below `step`, 4 from there on.
Rows step_function(std::size_t num_rows, std::size_t step) {
  Rows rows(1, num_rows);
  for (std::size_t row = 0; row < num_rows; ++row) {
    rows.features.span()(0, row) = static_cast<double>(row);
    rows.target[row] = row < step ? 1 : 4;
  }
  return rows;
}

ModelSpec one_stump() {
  return {.name = "stump",
          .trees = {.num_trees = 1, .max_depth = 1, .learning_rate = 1, .lambda = 0}};
}

std::string message_of(const std::function<void()>& call, Code code) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_EQ(static_cast<int>(error.code()), static_cast<int>(code)) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "must throw";
  return {};
}

std::string refusal(const ModelSpec& spec, Target target, const Rows& rows) {
  return message_of([&] { fit_boosting(spec, target, rows.training()); }, Code::kInvalidArgument);
}

TEST(Boosting, StumpFindsTheStep) {
  const Rows rows = step_function(20, 15);
  const auto model = fit_boosting(one_stump(), Target::kValue, rows.training());
  const std::vector<double> predicted = rows.predicted_by(*model);
  for (std::size_t row = 0; row < 20; ++row) EXPECT_NEAR(predicted[row], row < 15 ? 1 : 4, 1e-6);
}

TEST(Boosting, LearningRateAndLambdaShrinkTheLeaf) {
  // From the mean 2.5 a leaf of 10 rows 1.5 away moves by 15 / (10 + lambda) times the rate.
  const Rows rows = step_function(20, 10);
  ModelSpec spec = one_stump();
  spec.trees.learning_rate = 0.5;
  spec.trees.lambda = 5;
  const std::vector<double> predicted =
      rows.predicted_by(*fit_boosting(spec, Target::kValue, rows.training()));
  EXPECT_NEAR(predicted.front(), 2.5 - 0.5 * 15 / 15, 1e-6);
  EXPECT_NEAR(predicted.back(), 2.5 + 0.5 * 15 / 15, 1e-6);
}

TEST(Boosting, WeightsCountRowsSoOften) {
  // Two rows that no split can tell apart: their mean, the second counting three times.
  Rows rows(1, 2);
  rows.target = {0, 4};
  rows.weights = {1, 3};
  const auto model = fit_boosting(one_stump(), Target::kValue, rows.training());
  for (const double value : rows.predicted_by(*model)) EXPECT_NEAR(value, 3, 1e-6);
}

TEST(Boosting, ProbabilityIsTheShareOfOnesInALeaf) {
  // One Newton step from the overall log odds 0: a leaf of 8 rows with 6 ones has the gradient
  // 8 / 2 - 6 = -2 and the curvature 8 / 4 = 2, hence the log odds 1; the other, with 2 ones, -1.
  Rows rows(1, 16);
  for (std::size_t row = 0; row < 16; ++row) {
    rows.features.span()(0, row) = row < 8 ? 0 : 1;
    rows.target[row] = row % 8 < (row < 8 ? 6 : 2) ? 1 : 0;
  }
  const std::vector<double> predicted =
      rows.predicted_by(*fit_boosting(one_stump(), Target::kBinary, rows.training()));
  EXPECT_NEAR(predicted.front(), 1 / (1 + std::exp(-1.0)), 1e-6);
  EXPECT_NEAR(predicted.back(), 1 / (1 + std::exp(1.0)), 1e-6);
}

TEST(Boosting, MissingGoWhereTheyFitBetter) {
  Rows rows = step_function(20, 10);
  for (const std::size_t row : {3u, 4u, 5u}) {
    rows.features.span()(0, row) = kNaN;
    rows.target[row] = 4;
  }
  const std::vector<double> predicted =
      rows.predicted_by(*fit_boosting(one_stump(), Target::kValue, rows.training()));
  EXPECT_NEAR(predicted[0], 1, 1e-6);
  EXPECT_NEAR(predicted[4], 4, 1e-6);
}

TEST(Boosting, SeesOnlyTheRangesGiven) {
  Rows rows = random_rows({.num_features = 4, .num_rows = 900});
  rows.ranges = {{100, 300}, {300, 300}, {600, 900}};
  Rows cut(4, 500);
  for (std::size_t row = 0; row < 500; ++row) {
    const std::size_t from = row < 200 ? row + 100 : row + 400;
    for (std::size_t f = 0; f < 4; ++f) cut.features.span()(f, row) = rows.features.view()(f, from);
    cut.target[row] = rows.target[from];
    cut.weights.push_back(rows.weights[from]);
  }
  const ModelSpec spec{.name = "boosting", .trees = {.num_trees = 10}};
  const auto of_ranges = fit_boosting(spec, Target::kValue, rows.training());
  const auto of_cut = fit_boosting(spec, Target::kValue, cut.training());
  EXPECT_EQ(of_ranges->bytes(), of_cut->bytes());
  EXPECT_EQ(rows.predicted_by(*of_ranges), cut.predicted_by(*of_cut));
}

TEST(Boosting, SameSeedGivesTheSameBytes) {
  const Rows rows = random_rows({.num_features = 5, .num_rows = 2000});
  ModelSpec spec{.name = "boosting", .trees = {.num_trees = 8, .subsample = 0.5, .colsample = 0.6}};
  const std::string first = fit_boosting(spec, Target::kBinary, rows.binary())->bytes();
  EXPECT_EQ(first, fit_boosting(spec, Target::kBinary, rows.binary())->bytes());
  spec.seed = 43;
  EXPECT_NE(first, fit_boosting(spec, Target::kBinary, rows.binary())->bytes());
}

TEST(Boosting, AnyNumberOfThreadsGivesTheSameBytes) {
  const Rows rows = random_rows({.num_features = 6, .num_rows = 20'000});
  const int before = num_threads();
  for (const ModelKind kind : {ModelKind::kGradientBoosting, ModelKind::kRandomForest}) {
    const ModelSpec spec{
        .name = "trees", .kind = kind, .trees = {.num_trees = 10, .subsample = 0.7}};
    std::vector<std::string> bytes;
    for (const int threads : {1, 2, 3}) {
      set_num_threads(threads);
      bytes.push_back(fit_boosting(spec, Target::kBinary, rows.binary())->bytes());
    }
    EXPECT_EQ(bytes[0], bytes[1]);
    EXPECT_EQ(bytes[0], bytes[2]);
  }
  set_num_threads(before);
}

TEST(Boosting, FirstTreesAreTheShorterTraining) {
  const Rows rows = random_rows({.num_features = 3, .num_rows = 500});
  ModelSpec spec{.name = "boosting", .trees = {.num_trees = 12}};
  const auto all = fit_boosting(spec, Target::kValue, rows.training());
  spec.trees.num_trees = 5;
  const auto five = fit_boosting(spec, Target::kValue, rows.training());
  std::vector<double> first_five(500);
  all->predict_by_first(5, rows.features.view(), rows.ranges, first_five);
  EXPECT_EQ(first_five, rows.predicted_by(*five));
  EXPECT_EQ(all->num_trees(), 12u);
  const std::string said =
      message_of([&] { all->predict_by_first(13, rows.features.view(), rows.ranges, first_five); },
                 Code::kInvalidArgument);
  EXPECT_NE(said.find("13"), std::string::npos) << said;
}

TEST(Boosting, ContributionsAddUpToTheLogOdds) {
  const Rows rows = random_rows({.num_features = 4, .num_rows = 9000});
  const auto model = fit_boosting({.name = "boosting", .trees = {.num_trees = 5, .max_depth = 3}},
                                  Target::kBinary, rows.binary());
  const std::vector<RowRange> some = {{10, 20}, {500, 8999}};
  const Panel contributions = model->predict_contributions(rows.features.view(), some);
  ASSERT_EQ(contributions.num_rows(), 5u);
  std::vector<double> predicted(num_rows(some));
  model->predict(rows.features.view(), some, predicted);
  for (std::size_t row = 0; row < predicted.size(); ++row) {
    double sum = 0;
    for (std::size_t f = 0; f < 5; ++f) sum += contributions.view()(f, row);
    EXPECT_NEAR(1 / (1 + std::exp(-sum)), predicted[row], 1e-6);
  }
}

TEST(Boosting, ImportanceIsTheGainOfTheOnlySplit) {
  // Twenty rows 1.5 from their mean: all of 20 x 2.25 is gained; the constant feature has nothing.
  Rows rows(2, 20);
  for (std::size_t row = 0; row < 20; ++row) {
    rows.features.span()(1, row) = static_cast<double>(row);
    rows.target[row] = row < 10 ? 1 : 4;
  }
  const std::vector<Importance> importance =
      fit_boosting(one_stump(), Target::kValue, rows.training())->importance();
  ASSERT_EQ(importance.size(), 2u);
  EXPECT_EQ(importance[0].value, 0);
  EXPECT_NEAR(importance[1].value, 45, 1e-5);
}

TEST(Boosting, ForestIsOneRoundOfTrees) {
  const Rows rows = random_rows({.num_features = 4, .num_rows = 1000});
  std::vector<std::size_t> said;
  const auto forest = fit_boosting({.name = "forest_5",
                                    .kind = ModelKind::kRandomForest,
                                    .trees = {.num_trees = 30, .max_depth = 5}},
                                   Target::kValue, rows.training(),
                                   [&](std::size_t done, std::size_t) { said.push_back(done); });
  EXPECT_EQ(forest->num_trees(), 30u);
  EXPECT_EQ(forest->trees_per_round(), 30u);
  EXPECT_EQ(said, (std::vector<std::size_t>{0, 30}));
  // A mean of leaves, each a mean of targets: within what it was taught.
  const auto [least, most] = std::minmax_element(rows.target.begin(), rows.target.end());
  for (const double value : rows.predicted_by(*forest)) {
    EXPECT_GT(value, *least - 1e-3);
    EXPECT_LT(value, *most + 1e-3);
  }
}

TEST(Boosting, ProgressMayInterruptBetweenTrees) {
  const Rows rows = random_rows({.num_features = 2, .num_rows = 100});
  std::size_t seen = 0;
  EXPECT_THROW(fit_boosting({.name = "boosting"}, Target::kValue, rows.training(),
                            [&](std::size_t done, std::size_t all) {
                              EXPECT_EQ(all, 100u);
                              seen = done;
                              if (done == 3) throw std::runtime_error("interrupted");
                            }),
               std::runtime_error);
  EXPECT_EQ(seen, 3u);
}

TEST(Boosting, RefusesWhatCannotBeLearned) {
  const double infinity = std::numeric_limits<double>::infinity();
  const ModelSpec spec{.name = "boosting"};
  Rows rows = random_rows({.num_features = 3, .num_rows = 50});

  Rows broken = rows.copy();
  broken.features.span()(2, 17) = -infinity;
  EXPECT_NE(refusal(spec, Target::kValue, broken).find("found -inf in feature 2 (from 0), row 17"),
            std::string::npos);
  broken.ranges = {{0, 17}, {18, 50}};
  EXPECT_NO_THROW(fit_boosting(spec, Target::kValue, broken.training()));

  broken = rows.copy();
  broken.features.span()(0, 3) = 1e39;  // infinite in single precision
  EXPECT_NE(refusal(spec, Target::kValue, broken).find("1e+39"), std::string::npos);

  broken = rows.copy();
  broken.target[9] = kNaN;
  EXPECT_NE(refusal(spec, Target::kValue, broken).find("found nan in row 9"), std::string::npos);
  EXPECT_NE(refusal(spec, Target::kBinary, rows).find("must be 0 or 1"), std::string::npos);

  broken = rows.copy();
  broken.weights[4] = -1;
  EXPECT_NE(refusal(spec, Target::kValue, broken).find("found -1 in row 4"), std::string::npos);
  std::fill(broken.weights.begin(), broken.weights.end(), 0.0);
  EXPECT_NE(refusal(spec, Target::kValue, broken).find("not all be zero"), std::string::npos);

  broken = rows.copy();
  broken.ranges = {{7, 7}};
  EXPECT_NE(refusal(spec, Target::kValue, broken).find("found none"), std::string::npos);

  broken = rows.copy();
  std::fill(broken.target.begin(), broken.target.end(), 1.0);
  EXPECT_NE(refusal(spec, Target::kBinary, broken).find("50 rows of class 1 alone"),
            std::string::npos);

  ModelSpec wrong = spec;
  wrong.trees.subsample = 0;
  EXPECT_NE(refusal(wrong, Target::kValue, rows).find("subsample"), std::string::npos);
  wrong = spec;
  wrong.trees.num_trees = 0;
  EXPECT_NE(refusal(wrong, Target::kValue, rows).find("num_trees"), std::string::npos);
}

TEST(Boosting, AllMissingFeatureIsNeverSplitOn) {
  Rows rows = random_rows({.num_features = 2, .num_rows = 200});
  for (std::size_t row = 0; row < 200; ++row) rows.features.span()(0, row) = kNaN;
  const auto model = fit_boosting({.name = "boosting"}, Target::kValue, rows.training());
  EXPECT_EQ(model->importance()[0].value, 0);
  EXPECT_GT(model->importance()[1].value, 0);
}

TEST(Boosting, RefusesAnotherNumberOfFeatures) {
  const Rows rows = random_rows({.num_features = 3, .num_rows = 50});
  const Rows other = random_rows({.num_features = 2, .num_rows = 50});
  const auto model = fit_boosting({.name = "boosting"}, Target::kValue, rows.training());
  EXPECT_NE(message_of([&] { other.predicted_by(*model); }, Code::kInvalidArgument)
                .find("the 3 features of the model: found 2"),
            std::string::npos);
}

}  // namespace
}  // namespace tickwerk::model
