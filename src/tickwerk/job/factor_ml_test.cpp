#include "tickwerk/job/factor_ml.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "tickwerk/base/parallel.h"
#include "tickwerk/job/job_fixture.h"
#include "tickwerk/job/ml_alpha.h"
#include "tickwerk/market/load.h"

namespace tickwerk::job {
namespace {

class FactorMl : public JobFixture {
 protected:
  /// Eight symbols over 500 bars; two features whose warm-up is 20 bars.
  RunConfig small(std::vector<std::string> models) const {
    RunConfig config = find_job("FACTOR_ML_JOB").default_config();
    config.store.use = StoreUse::kOff;
    config.load.prices = market(8, 500);
    config.output = folder() / "output";
    config.zoo.features = {.lines =
                               "mom = close / close[-20] - 1\nvol = ts_std(ret(close, 1), 20)"};
    config.zoo.horizon = 5;
    config.zoo.models = std::move(models);
    config.zoo.splits.min_train_dates = 40;
    return config;
  }

  static std::string error_text(const auto& action) {
    try {
      action();
    } catch (const Error& error) {
      return error.what();
    }
    return {};
  }
};

TEST_F(FactorMl, WritesItsFilesAndForgetsTheFolds) {
  const RunConfig config = small({"linear", "lasso_0.001", "forest_3"});
  const JobResult result = run_factor_ml(config);
  EXPECT_EQ(result.files.size(), 8u);
  EXPECT_TRUE(std::is_sorted(result.files.begin(), result.files.end()));
  for (const auto& file : result.files) {
    EXPECT_TRUE(std::filesystem::exists(config.output / file)) << file;
  }
  EXPECT_TRUE(std::filesystem::exists(config.output / "ml_metrics_fwd_trade_5_1d.csv"));
  EXPECT_FALSE(std::filesystem::exists(config.output / "data/ml/folds"));
  EXPECT_TRUE(contains(result.summary, "3 models on 2 features"));
}

TEST_F(FactorMl, LinearModelsWriteTheSameBytesForAnyNumberOfThreads) {
  const int before = num_threads();
  std::vector<std::vector<std::string>> texts;
  for (const int threads : {1, 2}) {
    set_num_threads(threads);
    RunConfig config = small({"linear", "ridge_1", "lasso_0.001"});
    config.output = folder() / fmt::format("output{}", threads);
    texts.emplace_back();
    for (const auto& file : run_factor_ml(config).files) {
      texts.back().push_back(text_of(config.output / file));
    }
  }
  set_num_threads(before);
  EXPECT_EQ(texts[0], texts[1]);
}

TEST_F(FactorMl, AnInterruptedRunGoesOnAndEndsInTheSameBytes) {
  const std::vector<std::string> models = {"ridge_1", "forest_3"};
  RunConfig whole = small(models);
  whole.output = folder() / "whole";
  const JobResult expected = run_factor_ml(whole);

  struct Stop {};
  const RunConfig config = small(models);
  EXPECT_THROW(run_zoo(config,
                       [](const TrainingState& state) {
                         if (state.done > 0.5) throw Stop();
                       }),
               Stop);
  EXPECT_TRUE(std::filesystem::exists(config.output / "data/ml/folds"));
  EXPECT_FALSE(std::filesystem::exists(config.output / "ml_model_zoo_report.html"));
  const JobResult result = run_factor_ml(config);
  EXPECT_TRUE(contains(result.notes, "folds of an interrupted run were used"));
  ASSERT_EQ(result.files, expected.files);
  for (const auto& file : result.files) {
    EXPECT_EQ(text_of(config.output / file), text_of(whole.output / file)) << file;
  }
}

TEST_F(FactorMl, LabelsFromTheCloseHaveTheirOwnName) {
  RunConfig config = small({"linear"});
  config.zoo.label = ZooLabel::kReturn;
  const JobResult result = run_factor_ml(config);
  EXPECT_TRUE(std::filesystem::exists(config.output / "ml_metrics_fwd_return_5_1d.csv"));
}

TEST_F(FactorMl, SaysWhereAWindowTrainsOnFewerBarsThanAskedFor) {
  RunConfig config = small({"linear"});
  config.zoo.splits.min_train_dates = 75;  // 82 dates less 5 purged, of which 20 lack a feature
  EXPECT_TRUE(contains(run_factor_ml(config).warnings,
                       "window 1 of 5 trains on 57 bars where every feature has a value"));
}

TEST_F(FactorMl, RefusesWhatCannotBeTrained) {
  const auto refusal = [&](auto change) {
    RunConfig config = small({"linear"});
    change(config);
    return error_text([&] { run_factor_ml(config); });
  };
  EXPECT_TRUE(contains(refusal([](RunConfig& c) { c.zoo.models = {"linaer"}; }), "linaer"));
  EXPECT_TRUE(contains(refusal([](RunConfig& c) { c.zoo.splits.min_train_dates = 252; }),
                       "a split must train on at least 252 dates"));
  EXPECT_TRUE(contains(refusal([](RunConfig& c) { c.zoo.splits.num_splits = 1000; }),
                       "1000 splits need at least 1001 dates"));
  EXPECT_TRUE(contains(refusal([](RunConfig& c) { c.zoo.horizon = 500; }), "500"));
  EXPECT_TRUE(
      contains(refusal([](RunConfig& c) { c.zoo.features.lines = "x = close * nan"; }), "x"));
}

TEST_F(FactorMl, OnlyTreesRefuseWhatIsBeyondSinglePrecision) {
  RunConfig config = small({"linear", "ridge_1"});
  config.zoo.features.lines += "\nbig = close * 1e39";
  EXPECT_TRUE(contains(run_factor_ml(config).summary, "2 models on 3 features"));
  config.zoo.models.push_back("forest_3");
  const std::string text = error_text([&] { run_factor_ml(config); });
  EXPECT_TRUE(contains(text, "a feature must be finite and within single precision"));
  EXPECT_TRUE(contains(text, "big is "));
}

TEST_F(FactorMl, RowsWithAnInfiniteFeatureAreLeftOutOfEveryModel) {
  RunConfig config = small({"linear", "forest_3"});
  config.zoo.features.lines = "odd = where(close > close[-1], 1 / (close - close), close)";
  const model::ZooRows rows = train_zoo(config).rows;
  EXPECT_GT(rows.num_missing.front(), 1000u);  // of 8 x 500 about half rose
  EXPECT_EQ(rows.num_incomplete, rows.num_missing.front());
  EXPECT_GT(rows.rows.num_rows(), 1000u);
}

TEST(AlphaName, IsANameOfTheLanguage) {
  EXPECT_EQ(alpha_name("ridge_0.1", 20), "ml_alpha_ridge_0_1_20d");
  EXPECT_EQ(alpha_name("gradient_boosting", 5), "ml_alpha_gradient_boosting_5d");
}

TEST_F(FactorMl, AnAlphaReadBackAsAFieldIsWhatWasPredicted) {
  const RunConfig config = small({"ridge_1"});
  const TrainedZoo trained = train_zoo(config);
  const model::Zoo zoo = model::score_zoo(trained.config, trained.rows, trained.folds, {});
  const Panel predicted = model::panel_of_rows(trained.rows.rows, zoo.models.front().predicted);
  for (const char* name : {"alpha.parquet", "alpha.csv"}) {
    run_ml_alpha({.run = config, .out = folder() / name}, {});
    market::LoadConfig load = config.load;
    load.fields = {folder() / name};
    const market::Bars bars = market::load(load).bars;
    const Panel& field = bars.field("ml_alpha_ridge_1_5d");
    std::size_t num_known = 0;
    for (std::size_t t = 0; t < bars.num_rows(); ++t) {
      for (std::size_t s = 0; s < bars.num_symbols(); ++s) {
        num_known += std::isnan(field(t, s)) ? 0 : 1;
        EXPECT_TRUE(field(t, s) == predicted(t, s) ||
                    (std::isnan(field(t, s)) && std::isnan(predicted(t, s))))
            << name << " " << t << " " << s;
      }
    }
    EXPECT_GT(num_known, 1000u);
  }
}

TEST_F(FactorMl, AnAlphaHasNoValueBeforeItsFirstWindowAndAfterItsLast) {
  RunConfig config = small({"ridge_1"});
  const JobResult result = run_ml_alpha({.run = config, .out = {}}, {});
  config.load.fields = {config.output / "ml_alpha_ridge_1_5d.parquet"};
  const market::Bars bars = market::load(config.load).bars;
  const Panel& field = bars.field("ml_alpha_ridge_1_5d");
  const auto windows = nlohmann::json::parse(result.summary_json).at("windows");
  ASSERT_EQ(windows.size(), 5u);
  for (std::size_t t = 0; t < bars.num_rows(); ++t) {
    const std::string day = to_string(bars.times[t], bars.frequency);
    const bool is_tested = day >= windows[0].at("first") && day <= windows[4].at("last");
    for (std::size_t s = 0; s < bars.num_symbols() && !is_tested; ++s) {
      EXPECT_TRUE(std::isnan(field(t, s))) << day;
    }
  }
  for (const auto& window : windows) {
    EXPECT_LT(window.at("fit_end").get<std::string>(), window.at("first").get<std::string>());
  }
}

TEST_F(FactorMl, AnAlphaComesFromOneModelWalkForwardAndPurged) {
  const auto refusal = [&](auto change) {
    AlphaConfig config{.run = small({"ridge_1"}), .out = {}};
    change(config);
    return error_text([&] { run_ml_alpha(config, {}); });
  };
  EXPECT_TRUE(contains(
      refusal([](AlphaConfig& c) { c.run.zoo.splits.scheme = model::SplitScheme::kPurgedKFold; }),
      "must come from a walk-forward"));
  EXPECT_TRUE(contains(
      refusal([](AlphaConfig& c) { c.run.zoo.splits.purge = model::Purge::kNone; }), "purged"));
  EXPECT_TRUE(contains(refusal([](AlphaConfig& c) { c.run.zoo.models.push_back("linear"); }),
                       "of one model, found 2"));
  EXPECT_TRUE(contains(refusal([](AlphaConfig& c) { c.out = "alpha.txt"; }), "alpha.txt"));
}

}  // namespace
}  // namespace tickwerk::job
