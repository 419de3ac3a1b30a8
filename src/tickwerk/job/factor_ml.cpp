#include "tickwerk/job/factor_ml.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "tickwerk/base/version.h"
#include "tickwerk/factor/catalogue.h"
#include "tickwerk/factor/evaluate.h"
#include "tickwerk/job/factor_store.h"
#include "tickwerk/job/zoo_trials.h"
#include "tickwerk/model/constant_features.h"
#include "tickwerk/model/finite_features.h"
#include "tickwerk/model/fold_files.h"
#include "tickwerk/model/names.h"
#include "tickwerk/report/zoo_report.h"
#include "tickwerk/trace/step.h"

namespace tickwerk::job {
namespace {

constexpr const char* kFoldFolder = "data/ml/folds";

DatasetConfig dataset_config(const RunConfig& config) {
  const ZooSettings& zoo = config.zoo;
  DatasetConfig dataset;
  dataset.run = config;
  // A label of every bar says by the fill where it begins, and has no costs.
  dataset.run.backtest.fill = zoo.label == ZooLabel::kTrade ? backtest::FillRule::kNextOpen
                                                            : backtest::FillRule::kSameClose;
  dataset.run.backtest.cost_model = backtest::CostModel::kLinear;
  dataset.features = zoo.features;
  dataset.params = zoo.params;
  dataset.rows = DatasetRows::kEveryBar;
  dataset.rule = model::LabelRule::kReturn;
  dataset.horizon = zoo.horizon;
  return dataset;
}

/// Returns of one bar, by which portfolios are marked; [time, symbol] of the bars.
struct DailyPanels {
  Panel from_open;
  Panel from_close;
};

DailyPanels daily_returns(const RunConfig& config, const BuiltDataset& built) {
  const factor::SelectedExpressions chosen = factor::select(
      {.catalogue = fmt::format("{}+{}", factor::trade_label(1), factor::return_label(1))});
  factor::EvaluateOptions options{
      .params = {}, .names = {factor::trade_label(1), factor::return_label(1)}, .run = {}};
  if (config.backtest.delist_haircut != 0) {
    options.params["delist_haircut"] = config.backtest.delist_haircut;
  }
  factor::Evaluation evaluation =
      factor::evaluate(built.sources.with(built.loaded.bars), chosen.module, options);
  DailyPanels panels;
  for (std::size_t i = 0; i < evaluation.definitions.size(); ++i) {
    Panel& into = evaluation.definitions[i].name == factor::trade_label(1) ? panels.from_open
                                                                           : panels.from_close;
    into = std::move(evaluation.values[i]);
  }
  return panels;
}

std::vector<std::pair<std::string, std::string>> settings_of(const RunConfig& config,
                                                             const TrainedZoo& trained) {
  const ZooSettings& zoo = config.zoo;
  std::vector<std::string> names;
  for (const model::ModelSpec& spec : trained.config.models) names.push_back(spec.name);
  std::vector<std::pair<std::string, std::string>> settings = {
      {"catalogue_fingerprint", factor::catalogue_fingerprint()},
      {"factors", zoo.features.catalogue},
      {"horizon", std::to_string(zoo.horizon)},
      {"label", trained.rows.rows.label_name},
      {"min_train_dates", std::to_string(zoo.splits.min_train_dates)},
      {"models", fmt::format("{}", fmt::join(names, ", "))},
      {"purge", zoo.splits.purge == model::Purge::kNone ? "none" : "by_reach"},
      {"scheme", std::string(model::to_string(zoo.splits.scheme))},
      {"seed", std::to_string(config.seed)},
      {"splits", std::to_string(zoo.splits.num_splits)}};
  if (!zoo.features.file.empty()) {
    settings.emplace_back("file", zoo.features.file.filename().string());
  }
  if (zoo.splits.embargo) settings.emplace_back("embargo", std::to_string(*zoo.splits.embargo));
  if (zoo.splits.scheme == model::SplitScheme::kCombinatorial) {
    settings.emplace_back("test_groups", std::to_string(zoo.splits.num_test_groups));
  }
  for (const auto& [name, value] : zoo.params) {
    settings.emplace_back(fmt::format("param.{}", name), fmt::format("{}", value));
  }
  std::sort(settings.begin(), settings.end());
  return settings;
}

/// What a reader of the scores should know that none of them says.
std::vector<std::string> warnings_about(const RunConfig& config, const TrainedZoo& trained) {
  std::vector<std::string> warnings = trained.built.warnings;
  const std::size_t least = config.zoo.splits.min_train_dates;
  for (const model::Split& split : trained.rows.splits) {
    const std::size_t found = model::num_dates(trained.rows.rows, split.train);
    if (found >= least) continue;
    warnings.push_back(fmt::format(
        "{} trains on {} bars where every feature has a value, fewer than {}: windows are cut "
        "before rows that lack a feature leave",
        split.name, found, least));
  }
  return warnings;
}

report::ZooReport report_of(const RunConfig& config,
                            const TrainedZoo& trained,
                            const model::Zoo& zoo) {
  const BuiltDataset& built = trained.built;
  report::ZooReport report{.zoo = zoo, .rows = trained.rows};
  report.splits = config.zoo.splits;
  report.periods_per_year = trained.config.periods_per_year;
  report.tag =
      fmt::format("{}_{}", trained.rows.rows.label_name, suffix(trained.rows.rows.frequency));
  report.label_text = built.description.label_text;
  for (const model::FeatureText& feature : built.description.features) {
    report.expressions.push_back(feature.expression);
  }
  report.data_source = config.load.prices.filename().string();
  report.data_fingerprint = built.loaded.fingerprint;
  report.dataset = built.file.filename().string();
  report.program = fmt::format("tickwerk {}", kVersion);
  report.notes = warnings_about(config, trained);
  for (const auto* notes : {&built.loaded.notes, &built.sources.notes}) {
    report.notes.insert(report.notes.end(), notes->begin(), notes->end());
  }
  report.settings = settings_of(config, trained);
  return report;
}

model::Zoo evaluate(const RunConfig& config, const TrainedZoo& trained) {
  TW_STEP("evaluate");
  const DailyPanels daily = daily_returns(config, trained.built);
  return model::score_zoo(trained.config, trained.rows, trained.folds,
                          factor::DailyReturns{daily.from_open.view(), daily.from_close.view()});
}

}  // namespace

TrainedZoo train_zoo(const RunConfig& config, const TrainingWatch& watch) {
  TrainedZoo trained;
  trained.config.models = model::choose_models(config.zoo.models, config.seed);
  trained.built = build_dataset(dataset_config(config));
  TW_STEP("train_models");
  trained.config.periods_per_year = periods_per_year(trained.built.dataset.frequency);
  trained.rows = model::zoo_rows(trained.built.dataset, config.zoo.splits);
  trained.built.dataset = {};
  model::require_variation(trained.rows.rows);
  if (std::any_of(trained.config.models.begin(), trained.config.models.end(),
                  [](const model::ModelSpec& spec) { return !is_linear(spec.kind); })) {
    model::require_finite(trained.rows.rows);  // trees alone compute in single precision
  }
  trained.files =
      model::FoldFiles(config.output / kFoldFolder,
                       model::fold_key(trained.built.fingerprint, {.models = trained.config.models},
                                       config.zoo.splits, "complete rows"));
  trained.folds = model::train_zoo(trained.config, trained.rows, &trained.files,
                                   watched_by(watch, trained.files));
  return trained;
}

JobResult run_zoo(const RunConfig& config, const TrainingWatch& watch) {
  TrainedZoo trained = train_zoo(config, watch);
  const model::Zoo zoo = evaluate(config, trained);
  TW_STEP("generate_reports");
  const TrialStatistics trials = record_zoo(config, trained, zoo);
  report::ZooReport report = report_of(config, trained, zoo);
  report.num_trials = trials.num_trials;
  report.trial_variance = trials.variance;
  JobResult job;
  job.files = report::write_zoo_report(report, config.output);
  job.files.push_back(trained.built.file);
  std::sort(job.files.begin(), job.files.end());
  for (const auto* notes : {&trained.built.loaded.notes, &trained.built.sources.notes}) {
    job.notes.insert(job.notes.end(), notes->begin(), notes->end());
  }
  if (const std::size_t num_found = trained.files.num_found(); num_found > 0) {
    job.notes.push_back(fmt::format("{} folds of an interrupted run were used", num_found));
  }
  job.warnings = warnings_about(config, trained);
  job.summary = report::zoo_summary(report);
  job.summary_json = report::zoo_summary_json(report);
  job.data_fingerprint = trained.built.loaded.fingerprint;
  job.config = report.settings;
  say_store(trained.built.store, job);
  remove_folds(trained.files, watch);
  return job;
}

JobResult run_factor_ml(const RunConfig& config) { return run_zoo(config, {}); }

}  // namespace tickwerk::job
