// Trains a meta-model of a built-in strategy over the synthetic market and writes its report to the
// folder it is given; the pages tests open its page in a browser.
#include <algorithm>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "tickwerk/factor/evaluate.h"
#include "tickwerk/factor/selection.h"
#include "tickwerk/market/synthetic.h"
#include "tickwerk/model/dataset_builder.h"
#include "tickwerk/report/ml_report.h"
#include "tickwerk/strategy/factors.h"
#include "tickwerk/strategy/signals.h"

namespace {

using namespace tickwerk;

constexpr std::size_t kNumSymbols = 120;
constexpr const char* kStrategy = "ema_trend";
constexpr double kCostBps = 5;

struct Made {
  model::Dataset dataset;
  model::DatasetSummary summary;
  std::vector<model::FeatureText> features;
};

model::LabeledRows label(const market::Bars& bars) {
  const strategy::Strategy strategy = strategy::make_strategy(strategy::built_in_spec(kStrategy));
  const strategy::Signals signals = strategy::build_signals(
      bars, strategy.spec, strategy::build_factors(strategy, {.bars = bars}));
  model::LabelConfig rules;
  rules.costs.commission = Bps{kCostBps};
  return model::label_rows(rules, {.bars = bars, .signals = &signals});
}

Made make() {
  const market::Bars bars = market::make_synthetic({.num_symbols = kNumSymbols});
  const factor::SelectedExpressions chosen = factor::select({.catalogue = "ta"});
  factor::Evaluation evaluated = factor::evaluate({.bars = bars}, chosen.module,
                                                  {.params = {}, .names = chosen.names, .run = {}});
  Made made;
  std::vector<model::FeaturePanel> panels;
  for (std::size_t i = 0; i < evaluated.definitions.size(); ++i) {
    const expr::Definition& definition = evaluated.definitions[i];
    made.features.push_back(
        {definition.name, definition.text, evaluated.graph[definition.node].reach});
    panels.push_back({definition.name, std::move(evaluated.values[i])});
  }
  model::LabeledRows rows = label(bars);
  const std::size_t num_candidates = rows.num_candidates;
  const model::LeftOut left_out = rows.left_out;
  made.dataset = model::build_dataset(bars, std::move(panels), std::move(rows),
                                      {.name = "success_10", .rule = model::LabelRule::kSuccess});
  made.summary = model::summarize(made.dataset, model::class_names(model::LabelRule::kSuccess),
                                  num_candidates, left_out);
  return made;
}

void write(const std::filesystem::path& folder) {
  const Made made = make();
  model::MetaModelNotes notes;
  notes.strategy = kStrategy;
  notes.features = made.features;
  notes.label_name = made.dataset.label_name;
  notes.label_text =
      "1 where r >= 0.02; r: return after costs of the strategy's trade, of at most 10 bars";
  notes.label_reach = made.dataset.label_reach;
  notes.dataset_fingerprint = model::dataset_fingerprint(made.dataset);
  notes.data_fingerprint = "none";
  notes.config.model = {.name = "gradient_boosting", .trees = {.num_trees = 60, .max_depth = 3}};
  model::MetaModel model = model::train_meta_model(notes.config, made.dataset);
  model.scores = model::score_meta_model(notes.config, made.dataset, model);
  notes.fit_begin = made.dataset.times[made.dataset.bar.front()];
  notes.fit_end = made.dataset.times[model.fit_end];
  report::MlTrainingReport report{
      .model = model, .notes = notes, .summary = made.summary, .times = made.dataset.times};
  report.audit = model::audit_rows(made.dataset);
  report.audit.push_back({.check = "feature <b>rsi</b>",
                          .verdict = model::AuditVerdict::kWarning,
                          .value = 0.31,
                          .limit = 0.3,
                          .text = "rank correlation with the label a bar later"});
  report.model_file = "models/meta/ema_trend_meta_model.ubj";
  report.data_source = "synthetic market, seed 42";
  report.program = "sample";
  report.settings = {{"horizon", "10"}, {"success_threshold", "0.02"}};
  report::write_ml_report(report, folder);
  std::cout << report::ml_summary(report);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  try {
    write(argv[1]);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
  return 0;
}
