#include "tickwerk/job/ml_dataset.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "tickwerk/factor/catalogue.h"
#include "tickwerk/factor/evaluate.h"
#include "tickwerk/job/benchmark.h"
#include "tickwerk/job/factor_store.h"
#include "tickwerk/job/ml_dataset_text.h"
#include "tickwerk/model/dataset_builder.h"
#include "tickwerk/strategy/signals.h"
#include "tickwerk/trace/step.h"

namespace tickwerk::job {
namespace {

using backtest::FillRule;
using model::LabelRule;

constexpr const char* kFolder = "data/ml";

/// What the steps hand on beside the result.
struct Work {
  std::vector<model::FeaturePanel> features;
  Panel values;  // of the label's expression; empty for trades and barriers
  model::LabelColumn label;
  model::LabelConfig rules;
};

bool is_every_bar(const DatasetConfig& config) { return config.rows == DatasetRows::kEveryBar; }

/// The expression that stands for the realized return; empty for none.
std::string label_expression(const DatasetConfig& config) {
  if (!config.label.empty()) return config.label;
  if (!is_every_bar(config) || config.rule == LabelRule::kTripleBarrier) return {};
  return config.run.backtest.fill == FillRule::kNextOpen ? factor::trade_label(config.horizon)
                                                         : factor::return_label(config.horizon);
}

/// `fwd_trade_10`, `success_10`: what the label is called.
std::string label_name(const DatasetConfig& config) {
  std::string expression = label_expression(config);
  if (config.rule == LabelRule::kReturn && !expression.empty()) return expression;
  return config.label.empty() ? fmt::format("{}_{}", to_string(config.rule), config.horizon)
                              : fmt::format("{}_{}", to_string(config.rule), config.label);
}

void check_config(const DatasetConfig& config) {
  if (config.rule == LabelRule::kTripleBarrier && !config.label.empty()) {
    throw Error(
        Code::kInvalidArgument,
        fmt::format("barriers must be of prices, found the label {} beside them", config.label));
  }
  if (config.rule == LabelRule::kOutperformance && config.run.benchmark.empty()) {
    throw Error(Code::kInvalidArgument,
                "outperformance must have a benchmark, found none: give --benchmark");
  }
  if (config.run.backtest.cost_model != backtest::CostModel::kLinear) {
    throw Error(Code::kInvalidArgument,
                "costs of labels must not depend on the size of orders, found the model sqrt");
  }
}

model::LabelConfig rules_of(const DatasetConfig& config) {
  const backtest::BacktestConfig& backtest = config.run.backtest;
  return {.rule = config.rule,
          .horizon = static_cast<std::size_t>(std::max(config.horizon, 0)),
          .success_threshold = config.success_threshold,
          .barrier_up = config.barrier_up,
          .barrier_down = config.barrier_down,
          .fill = backtest.fill,
          .costs = backtest.costs,
          .delist_after = backtest.delist_after,
          .delist_haircut = backtest.delist_haircut};
}

void load(const DatasetConfig& config, BuiltDataset& built, Work& work) {
  TW_STEP("load_data");
  built.loaded = market::load(config.run.load);
  const market::Bars& bars = built.loaded.bars;
  work.rules = rules_of(config);
  model::check(work.rules, bars.num_rows());
  built.sources = factor::load_sources(config.run.sources, bars);
  built.warnings = built.sources.warnings;
}

/// Which definitions are evaluated: the features, then the label's expression where there is one.
struct Chosen {
  expr::Module module;
  std::vector<std::string> names;
  std::map<std::string, double, std::less<>> params;
};

Chosen choose(const DatasetConfig& config) {
  const std::string label = label_expression(config);
  factor::Selection selection = config.features;
  const bool is_made = !label.empty() && config.label.empty();
  if (is_made) selection.horizons = {config.horizon};
  if (!is_made && !label.empty() && !factor::catalogue_set_of(label).empty()) {
    selection.catalogue += (selection.catalogue.empty() ? "" : "+") + label;
  }
  factor::SelectedExpressions selected = factor::select(selection);
  Chosen chosen{.module = std::move(selected.module), .names = {}, .params = config.params};
  for (std::string& name : selected.names) {
    if (name != label) chosen.names.push_back(std::move(name));
  }
  if (!label.empty()) chosen.names.push_back(label);
  const double haircut = config.run.backtest.delist_haircut;
  if (is_made && haircut != 0) chosen.params.try_emplace("delist_haircut", haircut);
  return chosen;
}

/// Refuses what reads ahead among the features before anything is evaluated.
void check_roles(const factor::Evaluation& compiled, const std::string& label) {
  for (const expr::Definition& definition : compiled.definitions) {
    const std::int64_t ahead = compiled.graph[definition.node].reach.lookahead;
    if (definition.name == label) {
      if (definition.role == expr::Role::kLabel && ahead > 0) continue;
      throw Error(Code::kInvalidArgument,
                  fmt::format("a label must read the future, found {} = {}, which does not ({})",
                              label, definition.text, definition.place));
    }
    if (definition.role != expr::Role::kLabel) continue;
    throw Error(Code::kInvalidArgument,
                fmt::format("a feature must not read the future: {} is a label, which reads {} "
                            "bars ahead ({})",
                            definition.name, ahead, definition.place));
  }
}

void take_features(factor::Evaluation evaluation,
                   const std::string& label,
                   BuiltDataset& built,
                   Work& work) {
  for (std::size_t i = 0; i < evaluation.definitions.size(); ++i) {
    const expr::Definition& definition = evaluation.definitions[i];
    const expr::Reach& reach = evaluation.graph[definition.node].reach;
    Panel& values = evaluation.values[i];
    if (definition.name == label) {
      built.description.label_text = fmt::format("{} = {}", label, definition.text);
      work.values = std::move(values);
      work.rules.horizon = static_cast<std::size_t>(reach.lookahead);
      continue;
    }
    if (evaluation.graph[definition.node].shape == expr::Shape::kConstant) {
      throw Error(Code::kInvalidArgument,
                  fmt::format("a feature must have a value a bar, found the constant {} ({})",
                              definition.name, definition.place));
    }
    built.description.features.push_back(
        {.name = definition.name, .expression = definition.text, .reach = reach});
    if (definition.depends_on_level) built.price_levels.push_back(definition.name);
    work.features.push_back({.name = definition.name, .values = std::move(values)});
  }
}

void evaluate_features(const DatasetConfig& config, BuiltDataset& built, Work& work) {
  TW_ZONE("evaluate_features");
  const factor::Sources sources = built.sources.with(built.loaded.bars);
  const Chosen chosen = choose(config);
  const std::string label = label_expression(config);
  const factor::EvaluateOptions options{
      .params = chosen.params, .names = chosen.names, .run = {}, .store = store_of(config.run)};
  check_roles(factor::compile(sources, chosen.module, options), label);
  factor::Evaluation evaluation = factor::evaluate(sources, chosen.module, options);
  built.warnings.insert(built.warnings.end(), evaluation.warnings.begin(),
                        evaluation.warnings.end());
  built.store = std::move(evaluation.store);
  take_features(std::move(evaluation), label, built, work);
}

void build_signals(const DatasetConfig& config, BuiltDataset& built) {
  if (is_every_bar(config)) return;
  TW_ZONE("build_signals");
  const strategy::Strategy strategy = strategy::make_strategy(config.run.strategy);
  built.spec = strategy.spec;
  strategy::Factors factors = strategy::build_factors(
      strategy, built.sources.with(built.loaded.bars), store_of(config.run));
  for (std::string& warning : factors.warnings) built.warnings.push_back(std::move(warning));
  built.signals = strategy::build_signals(built.loaded.bars, built.spec, std::move(factors),
                                          {.delist_after = config.run.backtest.delist_after});
}

/// Closes of the benchmark: a column of the bars, or one value a row.
Panel benchmark_panel(const DatasetConfig& config, const market::Bars& bars) {
  if (config.rule != LabelRule::kOutperformance || bars.has(config.run.benchmark)) return {};
  const std::vector<double> values = benchmark_values(config.run, bars, 0);
  Panel panel(values.size(), 1);
  for (std::size_t t = 0; t < values.size(); ++t) panel(t, 0) = values[t];
  return panel;
}

model::LabeledRows label_rows(const DatasetConfig& config, BuiltDataset& built, Work& work) {
  const market::Bars& bars = built.loaded.bars;
  const Panel benchmark = benchmark_panel(config, bars);
  const bool is_column = benchmark.empty() && config.rule == LabelRule::kOutperformance;
  return model::label_rows(
      work.rules,
      {.bars = bars,
       .first_row = built.loaded.first_row,
       .signals = is_every_bar(config) ? nullptr : &built.signals,
       .values = work.values.empty() ? PanelView{} : work.values.view(),
       .values_reach = work.rules.horizon,
       .benchmark = is_column ? bars.field(config.run.benchmark).view() : benchmark.view()});
}

void build(const DatasetConfig& config, BuiltDataset& built, Work& work) {
  TW_STEP("build_dataset");
  work.label = {.name = label_name(config), .rule = config.rule};
  model::LabeledRows rows = label_rows(config, built, work);
  const model::LeftOut left_out = rows.left_out;
  const std::size_t num_candidates = rows.num_candidates;
  work.values = {};
  built.dataset = model::build_dataset(built.loaded.bars, std::move(work.features), std::move(rows),
                                       work.label);
  built.summary =
      model::summarize(built.dataset, model::class_names(config.rule), num_candidates, left_out);
  describe(config, built);
  built.fingerprint = model::dataset_fingerprint(built.dataset);
  const std::string name =
      is_every_bar(config) ? built.dataset.label_name : config.run.strategy.name;
  built.file = std::filesystem::path(kFolder) /
               model::dataset_file_name(name, built.dataset.frequency, built.fingerprint);
  model::write_dataset(config.run.output / built.file, built.dataset, built.description,
                       built.fingerprint);
}

}  // namespace

BuiltDataset build_dataset(const DatasetConfig& config) {
  check_config(config);
  BuiltDataset built;
  Work work;
  load(config, built, work);
  {
    TW_STEP("build_factors");
    evaluate_features(config, built, work);
    build_signals(config, built);
  }
  build(config, built, work);
  return built;
}

JobResult run_ml_dataset(const DatasetConfig& config) {
  const BuiltDataset built = build_dataset(config);
  JobResult job;
  job.files = {built.file};
  job.notes = built.loaded.notes;
  job.notes.insert(job.notes.end(), built.sources.notes.begin(), built.sources.notes.end());
  job.warnings = built.warnings;
  job.summary = dataset_text(built, config.run.output);
  job.summary_json = dataset_json(built, config.run.output);
  job.data_fingerprint = built.loaded.fingerprint;
  job.config = dataset_settings(built);
  say_store(built.store, job);
  return job;
}

}  // namespace tickwerk::job
