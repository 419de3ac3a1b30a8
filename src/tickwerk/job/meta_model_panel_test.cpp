#include "tickwerk/job/meta_model_panel.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "tickwerk/job/backtest_job.h"
#include "tickwerk/job/daily_job.h"
#include "tickwerk/job/job_fixture.h"
#include "tickwerk/job/judged_history.h"
#include "tickwerk/job/meta_model_comparison.h"
#include "tickwerk/job/ml_dataset.h"
#include "tickwerk/job/sweep.h"
#include "tickwerk/model/own_rows.h"
#include "tickwerk/model/trade_labels.h"

namespace tickwerk::job {
namespace {

using model::SplitScheme;

constexpr std::size_t kSessions = 500;
constexpr std::size_t kTrained = 400;  // sessions

/// A market whose first 400 sessions a meta-model of three features learned from.
class MetaModel : public JobFixture {
 protected:
  void SetUp() override {
    JobFixture::SetUp();
    prices_ = market(12, kSessions);
    const market::LoadedBars all = market::load(plain().load);
    last_trained_ = date_of(all.bars.times[kTrained - 1]);
  }

  RunConfig plain() const { return config_of(prices_); }

  RunConfig judged(double min_confidence = 0.5) const {
    RunConfig config = plain();
    config.strategy.meta_model = {.file = files_.model, .min_confidence = min_confidence};
    return config;
  }

  DatasetConfig dataset_config() const {
    DatasetConfig config;
    config.run = plain();
    config.features = {.catalogue = "ta_rsi_14_v1",
                       .lines =
                           "calm = -ts_std(close / close[-1] - 1, 20)\nmove = close / "
                           "close[-5] - 1\n"};
    return config;
  }

  template <class Change>
  void train(SplitScheme scheme, Change change) {
    DatasetConfig config = dataset_config();
    config.run.load.to = last_trained_;
    const BuiltDataset built = build_dataset(config);
    model::MetaModelConfig rules;
    rules.model = {.name = "gradient_boosting",
                   .kind = model::ModelKind::kGradientBoosting,
                   .trees = {.num_trees = 20, .max_depth = 3}};
    rules.splits = {.scheme = scheme, .num_splits = 3, .min_train_dates = 20};
    rules.explain = {.what = model::Explain::kNothing};
    const model::MetaModel trained = model::train_meta_model(rules, built.dataset);
    notes_ = {};
    notes_.strategy = built.spec.name;
    notes_.frequency = built.dataset.frequency;
    notes_.source.catalogue = config.features.catalogue;
    notes_.source.language = config.features.lines;
    notes_.features = built.description.features;
    notes_.catalogue_fingerprint = built.description.catalogue_fingerprint;
    notes_.strategy_language = built.spec.language;
    notes_.strategy_params = built.spec.params;
    notes_.config = rules;
    notes_.fit_begin = built.dataset.times[built.dataset.bar.front()];
    notes_.fit_end = built.dataset.times[trained.fit_end];
    change(notes_);
    files_ = model::meta_model_files(folder() / "models", built.spec.name, scheme);
    std::filesystem::create_directories(folder() / "models");
    model::save_meta_model(files_, notes_, trained, built.dataset);
  }
  void train(SplitScheme scheme = SplitScheme::kWalkForward) {
    train(scheme, [](model::MetaModelNotes&) {});
  }

  static History run(const RunConfig& config) {
    History history;
    load_history(config, history);
    build_signals(config, history);
    run_history(config, history);
    return history;
  }

  std::filesystem::path prices_;
  Date last_trained_;
  model::MetaModelFiles files_;
  model::MetaModelNotes notes_;
};

TEST_F(MetaModel, WhatIsJudgedIsWhatWasLabelled) {
  const History history = run(plain());
  const market::Bars& bars = history.loaded.bars;
  const auto rules = confidence_rules(history.spec, plain().backtest, 0);
  const auto entries = strategy::find_entries(bars, history.signals, rules.entry);
  const model::OwnRows rows(bars.close().view());
  const model::TradeLabels labels = model::trade_labels(bars, rows, history.signals, {});
  EXPECT_EQ(labels.num_entries, entries.size());
  EXPECT_GT(labels.trades.size(), 100u);
  for (const model::Trade& trade : labels.trades) {
    EXPECT_NE(std::ranges::find(entries, strategy::Entry{trade.bar, trade.symbol}), entries.end());
  }
}

TEST_F(MetaModel, UpToFitEndOnlyTheWalkForwardSpeaksAndOnlyOfItsOwnDays) {
  train();
  History history;
  load_history(judged(), history);
  const market::Bars& bars = history.loaded.bars;
  const Panel all = MetaModelPanel(judged(), history).of_all();
  std::size_t num_said = 0;
  for (std::size_t t = 0; t < bars.num_rows(); ++t) {
    for (std::size_t i = 0; i < bars.num_symbols(); ++i) {
      if (bars.times[t] <= notes_.fit_end) num_said += !std::isnan(all(t, i));
    }
  }
  const auto saved = model::load_meta_model(files_.model);
  EXPECT_GT(saved.walk_forward.size(), 50u);
  EXPECT_EQ(num_said, saved.walk_forward.size());
  for (const model::DatedProbability& said : saved.walk_forward) {
    EXPECT_EQ(all(bars.first_row_at(said.time), bars.column(said.symbol)), said.probability);
  }
}

TEST_F(MetaModel, AfterFitEndTheFinalFitJudgesByTheFeaturesOfADatasetOfAllBars) {
  train();
  const BuiltDataset full = build_dataset(dataset_config());
  const auto saved = model::load_meta_model(files_.model);
  std::vector<double> expected(full.dataset.num_rows());
  const model::RowRange rows{0, expected.size()};
  saved.model->predict(full.dataset.features.view(), {&rows, 1}, expected);

  History history;
  load_history(judged(), history);
  const Panel all = MetaModelPanel(judged(), history).of_all();
  std::size_t num_compared = 0;
  for (std::size_t r = 0; r < expected.size(); ++r) {
    if (full.dataset.times[full.dataset.bar[r]] <= notes_.fit_end) continue;
    ++num_compared;
    EXPECT_EQ(all(full.dataset.bar[r], full.dataset.symbol[r]), expected[r]);
  }
  EXPECT_GT(num_compared, 20u);
}

TEST_F(MetaModel, PredictingEntriesAloneGivesTheSameBits) {
  train();
  const History history = run(judged());
  const MetaModelPanel panel(judged(), history);
  const auto rules = confidence_rules(history.spec, judged().backtest, 0);
  const auto entries =
      strategy::find_entries(history.loaded.bars, history.own_signals, rules.entry);
  const Panel all = panel.of_all(), some = panel.of(entries);
  for (const strategy::Entry& entry : entries) {
    const double a = all(entry.bar, entry.symbol), b = some(entry.bar, entry.symbol);
    EXPECT_TRUE(a == b || (std::isnan(a) && std::isnan(b)));
  }
}

TEST_F(MetaModel, NoConfidenceAskedForChangesNoOrder) {
  train();
  const backtest::BacktestResult own = run(plain()).result;
  const History all_taken = run(judged(0));
  EXPECT_EQ(all_taken.meta_model->num_refused, 0u);
  EXPECT_GT(all_taken.meta_model->num_judged, 50u);
  EXPECT_EQ(all_taken.result.num_fills, own.num_fills);
  EXPECT_EQ(all_taken.result.equity.back().equity, own.equity.back().equity);
}

TEST_F(MetaModel, FullConfidenceAskedForLeavesOnlyWhatItDoesNotJudge) {
  train();
  const History history = run(judged(1));
  EXPECT_EQ(history.meta_model->num_refused, history.meta_model->num_judged);
  const market::Bars& bars = history.loaded.bars;
  const auto after = bars.first_row_at(Timestamp{notes_.fit_end.ns + 1});
  for (std::size_t t = after + 1; t < bars.num_rows(); ++t) {
    for (std::size_t i = 0; i < bars.num_symbols(); ++i) {
      const bool entered = history.signals.direction(t, i) == strategy::kLong &&
                           history.own_signals.direction(t - 1, i) == strategy::kFlat;
      EXPECT_FALSE(entered) << t;
    }
  }
}

TEST_F(MetaModel, CuttingTheFutureOffChangesNoJudgement) {
  train();
  const History full = run(judged());
  for (const std::size_t end : {120u, 300u, 401u, 450u}) {
    RunConfig config = judged();
    config.load.to = date_of(full.loaded.bars.times[end - 1]);
    const History cut = run(config);
    ASSERT_EQ(cut.loaded.bars.num_rows(), end);
    for (std::size_t t = 0; t < end; ++t) {
      for (std::size_t i = 0; i < cut.loaded.bars.num_symbols(); ++i) {
        // Symbols that list later are no columns of the data cut short.
        const std::size_t same = full.loaded.bars.column(cut.loaded.bars.symbols[i]);
        ASSERT_EQ(cut.signals.direction(t, i), full.signals.direction(t, same)) << t;
      }
    }
  }
}

TEST_F(MetaModel, FoldsThatTrainOnTheFutureAreRefusedWhereTheyDid) {
  for (const SplitScheme scheme : {SplitScheme::kPurgedKFold, SplitScheme::kCombinatorial}) {
    train(scheme);
    RunConfig config = judged();
    config.load.to = date_of(notes_.fit_end);
    const Error error = error_of([&] { run(config); });
    EXPECT_EQ(error.code(), Code::kInvalidArgument);
    EXPECT_TRUE(contains(error.what(), "train on the future"));
    EXPECT_TRUE(contains(error.what(), to_string(date_of(notes_.fit_end))));

    const History history = run(judged());
    EXPECT_GT(history.meta_model->num_before_fit_end, 100u);
    EXPECT_GT(history.meta_model->num_judged, 20u);
    EXPECT_EQ(history.meta_model->num_without, 0u);
    EXPECT_TRUE(contains(history.loaded.notes, "taken as the strategy says"));
    EXPECT_TRUE(contains(history.loaded.notes, to_string(date_of(notes_.fit_end))));
  }
}

TEST_F(MetaModel, OtherFeaturesAreRefusedWithBothTexts) {
  train(SplitScheme::kWalkForward,
        [](model::MetaModelNotes& notes) { notes.features[1].expression = "close / open"; });
  const Error error = error_of([&] { run(judged()); });
  EXPECT_EQ(error.code(), Code::kInvalidArgument);
  EXPECT_TRUE(contains(error.what(), notes_.features[1].name + " = close / open"));
  EXPECT_TRUE(contains(error.what(), "found " + notes_.features[1].name + " = "));

  train(SplitScheme::kWalkForward,
        [](model::MetaModelNotes& notes) { notes.features[2].name = "gone"; });
  EXPECT_TRUE(contains(error_of([&] { run(judged()); }).what(), "gone"));
}

TEST_F(MetaModel, AnotherCatalogueOrFrequencyIsRefused) {
  train(SplitScheme::kWalkForward,
        [](model::MetaModelNotes& notes) { notes.catalogue_fingerprint = "another"; });
  EXPECT_TRUE(contains(error_of([&] { run(judged()); }).what(), "found another"));
  train(SplitScheme::kWalkForward,
        [](model::MetaModelNotes& notes) { notes.frequency = Frequency::kFiveMinutes; });
  EXPECT_EQ(error_of([&] { run(judged()); }).code(), Code::kInvalidArgument);
}

TEST_F(MetaModel, AMissingFileIsNotFound) {
  RunConfig config = plain();
  config.strategy.meta_model.file = folder() / "none.ubj";
  const Error error = error_of([&] { run(config); });
  EXPECT_EQ(error.code(), Code::kNotFound);
  EXPECT_TRUE(contains(error.what(), "meta-model"));
}

TEST_F(MetaModel, EntriesOfAnotherStrategyAreSaid) {
  train();
  EXPECT_TRUE(run(judged()).warnings.empty());
  RunConfig config = judged();
  config.strategy = strategy::built_in_spec("trend_baseline");
  config.strategy.meta_model.file = files_.notes;
  EXPECT_TRUE(contains(run(config).warnings, "another strategy than trend_baseline"));
}

TEST_F(MetaModel, TheReportComparesAtTheSameExposure) {
  train();
  RunConfig config = judged(0.6);
  config.strategy.max_weight = 0.1;  // so that fewer trades are less exposure
  const History history = run(config);
  const report::MetaModelComparison compared = compare_with_own(config, history);
  ASSERT_TRUE(compared.own_scaled.has_value());
  EXPECT_LT(*compared.with.exposure, *compared.own.exposure);
  EXPECT_NEAR(*compared.own_scaled->exposure, *compared.with.exposure,
              1e-4 * *compared.with.exposure);
  EXPECT_LT(compared.scale, 1);

  const JobResult job = run_backtest(config);
  EXPECT_TRUE(contains(text_of(config.output / "performance_report_1d.md"),
                       "## With and without the meta-model"));
  const auto metrics = nlohmann::json::parse(text_of(config.output / "metrics.json"));
  EXPECT_EQ(metrics["meta_model"]["num_entries"], history.meta_model->num_entries);
  EXPECT_EQ(metrics["meta_model"]["with_meta_model"]["cagr"], metrics["cagr"]);
  EXPECT_EQ(metrics["configuration"]["meta_mode"], "filter");

  RunConfig own = plain();
  own.strategy.max_weight = 0.1;
  run_backtest(own);
  const auto without = nlohmann::json::parse(text_of(own.output / "metrics.json"));
  EXPECT_FALSE(without.contains("meta_model"));
  EXPECT_EQ(metrics["meta_model"]["as_it_is"]["cagr"], without["cagr"]);
  EXPECT_EQ(metrics["meta_model"]["as_it_is"]["num_episodes"], without["num_episodes"]);
}

TEST_F(MetaModel, OrdersOfTheDayAreThoseOfTheBacktest) {
  train();
  RunConfig config = judged();
  const JobResult daily = run_daily(config);
  const std::string orders = text_of(config.output / "orders_1d.csv");
  EXPECT_TRUE(contains(text_of(config.output / "performance_report_1d.md"), "meta-model"));
  run_backtest(config);
  EXPECT_EQ(text_of(config.output / "orders_1d.csv"), orders);
}

TEST_F(MetaModel, ASweepJudgesAsABacktestDoes) {
  train();
  const RunConfig config = judged();
  const std::vector<std::string> grid{"fast=2,3", "min_confidence=0.4,0.6"};
  SweepConfig sweep{.grid = parse_grid(grid)};
  sweep.settings = {{"min_confidence"},
                    [](const std::string&, const std::string& value, RunConfig& changed) {
                      changed.strategy.meta_model.min_confidence = std::stod(value);
                    }};
  History history;
  load_history(config, history);
  history.probability = MetaModelPanel(config, history).of_all();
  const SweepResult result = run_combinations(config, sweep, history, nullptr);
  for (std::size_t k = 0; k < sweep.grid.size(); ++k) {
    RunConfig alone = config;
    const auto places = sweep.grid.places(k);
    alone.strategy.params["fast"] = sweep.grid.parameters()[0].values[places[0]];
    alone.strategy.meta_model.min_confidence = sweep.grid.parameters()[1].values[places[1]];
    const History of_one = run(alone);
    const TrialFigures figures = measure({.equity = of_one.result.equity,
                                          .start_capital = alone.backtest.start_capital,
                                          .frequency = of_one.loaded.bars.frequency,
                                          .rf = alone.rf,
                                          .num_orders = of_one.result.num_orders,
                                          .num_fills = of_one.result.num_fills});
    EXPECT_EQ(result.outcomes[k].figures.metric("total_return"), figures.metric("total_return"));
    EXPECT_EQ(result.outcomes[k].figures.num_returns, figures.num_returns);
  }
}

TEST_F(MetaModel, EveryModelModeAndConfidenceIsATrialOfItsOwn) {
  train();
  const auto key = [](const RunConfig& config) { return trial_settings(config, Timestamp{}); };
  const std::string own = key(plain()), filtered = key(judged());
  EXPECT_NE(own, filtered);
  EXPECT_NE(filtered, key(judged(0.6)));
  RunConfig scaled = judged();
  scaled.strategy.meta_model.mode = strategy::MetaMode::kScale;
  EXPECT_NE(filtered, key(scaled));
  EXPECT_EQ(filtered, key(judged()));
  train(SplitScheme::kWalkForward,
        [](model::MetaModelNotes& notes) { notes.label_text = "of another training"; });
  EXPECT_NE(filtered, key(judged()));
}

}  // namespace
}  // namespace tickwerk::job
