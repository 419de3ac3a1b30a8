#include "tickwerk/model/zoo.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tickwerk/base/parallel.h"
#include "tickwerk/base/random.h"

namespace tickwerk::model {
namespace {

constexpr std::size_t kSymbols = 10;

struct Market {
  std::size_t num_bars = 240;
  std::size_t reach = 3;
  double signal = 1;  // of the first feature in the label
};

/// Two features of noise; the label is `signal` times the first and some more noise.
Dataset dataset_of(const Market& market) {
  Dataset dataset;
  RandomSequence random({11, 0});
  for (std::size_t t = 0; t < market.num_bars + market.reach; ++t) {
    dataset.times.push_back(midnight(Date{make_date(2020, 1, 1).days + static_cast<int>(t)}));
  }
  for (std::size_t s = 0; s < kSymbols; ++s) dataset.symbols.push_back(fmt::format("S{}", s));
  dataset.feature_names = {"good", "noise"};
  dataset.features = Panel(2, market.num_bars * kSymbols);
  dataset.label_name = "fwd_return_3";
  dataset.label_reach = market.reach;
  for (std::size_t r = 0; r < market.num_bars * kSymbols; ++r) {
    const auto bar = static_cast<std::uint32_t>(r / kSymbols);
    dataset.bar.push_back(bar);
    dataset.symbol.push_back(static_cast<std::uint32_t>(r % kSymbols));
    dataset.label_end.push_back(bar + static_cast<std::uint32_t>(market.reach));
    dataset.features(0, r) = random.uniform() - 0.5;
    dataset.features(1, r) = random.uniform() - 0.5;
    dataset.label.push_back(market.signal * dataset.features(0, r) + random.uniform() - 0.5);
  }
  dataset.realized_return = dataset.label;
  return dataset;
}

/// Labels of `reach` bars as what symbols return each day: here simply the label of the day.
Panel daily_of(const Dataset& dataset) {
  std::vector<double> scaled;
  for (const double label : dataset.label) scaled.push_back(label / 100);
  return panel_of_rows(dataset, scaled);
}

Zoo zoo_of(const Dataset& dataset, const std::vector<std::string>& names) {
  const ZooConfig config{.models = choose_models(names, 42)};
  const ZooRows rows = zoo_rows(dataset, {.min_train_dates = 20});
  const Panel daily = daily_of(rows.rows);
  return score_zoo(config, rows, train_zoo(config, rows),
                   factor::DailyReturns{daily.view(), daily.view()});
}

std::string message_of(const auto& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

TEST(ZooModels, AreTheEightOfTheSpecification) {
  std::vector<std::string> names;
  for (const ModelSpec& spec : zoo_models(7)) {
    names.push_back(spec.name);
    EXPECT_EQ(spec.seed, 7u);
  }
  EXPECT_EQ(names,
            (std::vector<std::string>{"linear", "ridge_0.1", "ridge_1", "ridge_10", "lasso_0.01",
                                      "forest_3", "forest_5", "gradient_boosting"}));
  EXPECT_EQ(zoo_models(7)[1].alpha, 0.1);
  EXPECT_EQ(zoo_models(7)[6].trees.max_depth, 5u);
  EXPECT_EQ(zoo_models(7)[6].kind, ModelKind::kRandomForest);
}

TEST(ChooseModels, KeepsTheOrderAskedForAndReadsNumbersInNames) {
  const std::vector<std::string> names = {"forest_7", "linear", "lasso_0.001"};
  const auto chosen = choose_models(names, 1);
  ASSERT_EQ(chosen.size(), 3u);
  EXPECT_EQ(chosen[0].trees.max_depth, 7u);
  EXPECT_EQ(chosen[1].kind, ModelKind::kLinear);
  EXPECT_EQ(chosen[2].alpha, 0.001);
  EXPECT_EQ(choose_models({}, 1).size(), 8u);
}

TEST(ChooseModels, RefusesWhatIsNoModelAndOneTwice) {
  const auto refusal = [](const std::vector<std::string>& names) {
    return message_of([&] { choose_models(names, 1); });
  };
  EXPECT_NE(refusal({"ridge1"}).find("nearest: ridge_1"), std::string::npos);
  for (const char* name : {"ridge_", "ridge_-1", "ridge_nan", "lasso_inf", "forest_0", "forest_2.5",
                           "forest_31", "ridge_1x", ""}) {
    EXPECT_NE(refusal({name}).find("a model must be one of"), std::string::npos) << name;
  }
  EXPECT_EQ(refusal({"linear", "linear"}), "a model must be asked for once, found linear twice");
}

TEST(ZooRows, DropsRowsThatLackAFeatureWithoutMovingTheWindows) {
  Dataset dataset = dataset_of({});
  const auto whole = make_splits({.min_train_dates = 20}, windows_of(dataset));
  dataset.features(1, 5) = kNaN;                                      // bar 0
  dataset.features(0, 57) = std::numeric_limits<double>::infinity();  // bar 5
  const ZooRows zoo = zoo_rows(dataset, {.min_train_dates = 20});
  EXPECT_EQ(zoo.num_incomplete, 2u);
  EXPECT_EQ(zoo.num_missing, (std::vector<std::size_t>{1, 1}));
  EXPECT_EQ(zoo.rows.num_rows(), dataset.num_rows() - 2);
  ASSERT_EQ(zoo.splits.size(), whole.size());
  for (std::size_t i = 0; i < whole.size(); ++i) {
    EXPECT_EQ(num_rows(zoo.splits[i].train), num_rows(whole[i].train) - 2);
    EXPECT_EQ(num_rows(zoo.splits[i].test), num_rows(whole[i].test));
    EXPECT_EQ(zoo.rows.bar[zoo.splits[i].test.front().first],
              dataset.bar[whole[i].test.front().first]);
  }
}

// 240 dates in six parts of 40; labels read 3 bars ahead, so the last 3 dates before a window go.
TEST(ZooRows, TrainsOnNoDateWhoseLabelReachesTheWindow) {
  const Dataset dataset = dataset_of({});
  const ZooRows zoo = zoo_rows(dataset, {.min_train_dates = 20});
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(num_dates(zoo.rows, zoo.splits[i].train), 40 * (i + 1) - 3);
    EXPECT_EQ(num_dates(zoo.rows, zoo.splits[i].test), 40u);
  }
}

TEST(ZooRows, NamesTheFeatureThatLeavesASplitWithoutRows) {
  Dataset dataset = dataset_of({});
  for (std::size_t r = 0; r < dataset.num_rows(); ++r) dataset.features(1, r) = kNaN;
  EXPECT_EQ(message_of([&] { zoo_rows(dataset, {.min_train_dates = 20}); }),
            "a split must have training rows with a finite value of every feature, found none; "
            "noise has none in 2400 of 2400 rows (window 1 of 5)");
}

TEST(ZooRows, RefusesFewerDatesThanParts) {
  const Dataset dataset = dataset_of({.num_bars = 5, .reach = 1});
  EXPECT_NE(message_of([&] {
              zoo_rows(dataset, {.min_train_dates = 1});
            }).find("5 splits need at least 6 dates"),
            std::string::npos);
}

TEST(ScoreZoo, AConstantFeatureCountsForNothingAndBreaksNothing) {
  Dataset dataset = dataset_of({});
  for (std::size_t r = 0; r < dataset.num_rows(); ++r) dataset.features(1, r) = 4;
  const Zoo zoo = zoo_of(dataset, {"linear", "lasso_0.01", "forest_3"});
  for (const ZooModel& model : zoo.models) {
    EXPECT_EQ(model.importance[1].value, 0) << model.spec.name;
    EXPECT_DOUBLE_EQ(model.importance[0].mean_share, 1) << model.spec.name;
    EXPECT_EQ(model.importance[0].num_same_sign, 5u);
  }
}

// The label is the feature and noise of the same variance: the best r2 there is is 1/2.
TEST(ScoreZoo, EveryModelFindsWhatIsThere) {
  const Zoo zoo = zoo_of(dataset_of({.num_bars = 600}), {"linear", "forest_5"});
  for (const ZooModel& model : zoo.models) {
    EXPECT_GT(*model.scores.rank_ic_summary.mean, 0.5) << model.spec.name;
    EXPECT_NEAR(*model.scores.regression.r2, 0.5, 0.1) << model.spec.name;
    EXPECT_GT(model.scores.rank_ic_summary.t->t, 10) << model.spec.name;
    EXPECT_GT(model.importance[0].mean_share, 0.8) << model.spec.name;
  }
}

TEST(ScoreZoo, PredictsEveryTestedRowAndNoOther) {
  const Zoo zoo = zoo_of(dataset_of({}), {"linear"});
  for (std::size_t r = 0; r < zoo.models[0].predicted.size(); ++r) {
    EXPECT_EQ(std::isnan(zoo.models[0].predicted[r]), r < 40 * kSymbols) << r;
  }
}

TEST(ScoreZoo, GapIsTrainLessTest) {
  const Zoo zoo = zoo_of(dataset_of({.signal = 0}), {"gradient_boosting"});
  for (const SplitScores& split : zoo.models[0].splits) {
    EXPECT_GT(*split.train_r2, 0.3);
    EXPECT_LT(*split.test.r2, 0);
    EXPECT_DOUBLE_EQ(*split.gap, *split.train_r2 - *split.test.r2);
  }
}

TEST(ScoreZoo, DeflatesByTheModelsAndTheSpreadOfTheirRatios) {
  const Zoo zoo = zoo_of(dataset_of({.signal = 0.1}), {"linear", "lasso_0.01", "forest_3"});
  ASSERT_TRUE(zoo.sharpe_variance);
  double mean = 0, squares = 0;
  for (const ZooModel& model : zoo.models) {
    mean += *model.scores.long_short_summary->sharpe / std::sqrt(252) / 3;
  }
  for (const ZooModel& model : zoo.models) {
    const double apart = *model.scores.long_short_summary->sharpe / std::sqrt(252) - mean;
    squares += apart * apart;
  }
  EXPECT_NEAR(*zoo.sharpe_variance, squares / 2, 1e-12);
  for (const ZooModel& model : zoo.models) {
    const factor::PortfolioSummary again = factor::summarize_portfolio(
        model.scores.long_short, {.num_trials = 3, .trial_variance = zoo.sharpe_variance});
    EXPECT_EQ(model.scores.long_short_summary->deflated_sharpe, again.deflated_sharpe);
  }
  ASSERT_TRUE(zoo.overfitting);
  EXPECT_GE(zoo.overfitting->probability, 0);
}

TEST(ScoreZoo, OneModelIsNotDeflated) {
  const Zoo zoo = zoo_of(dataset_of({}), {"linear"});
  EXPECT_FALSE(zoo.sharpe_variance);
  EXPECT_FALSE(zoo.overfitting);
  EXPECT_FALSE(zoo.models[0].scores.long_short_summary->deflated_sharpe);
}

TEST(ScoreZoo, LinearModelsGiveTheSameBitsForAnyNumberOfThreads) {
  const Dataset dataset = dataset_of({});
  const int before = num_threads();
  std::vector<std::vector<double>> predicted;
  for (const int threads : {1, 2}) {
    set_num_threads(threads);
    predicted.push_back(zoo_of(dataset, {"ridge_1"}).models[0].predicted);
  }
  set_num_threads(before);
  ASSERT_EQ(predicted[0].size(), predicted[1].size());
  for (std::size_t r = 40 * kSymbols; r < predicted[0].size(); ++r) {
    EXPECT_EQ(predicted[0][r], predicted[1][r]);
  }
}

}  // namespace
}  // namespace tickwerk::model
