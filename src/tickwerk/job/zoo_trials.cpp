#include "tickwerk/job/zoo_trials.h"

#include <fmt/format.h>

#include "tickwerk/base/hash.h"
#include "tickwerk/job/portfolio_figures.h"
#include "tickwerk/model/names.h"

namespace tickwerk::job {
namespace {

/// What makes a model a trial of its own. The fingerprint of the dataset knows rows, features and
/// outcomes.
std::string trial_settings(const RunConfig& config,
                           const TrainedZoo& trained,
                           const model::ModelSpec& spec) {
  Hasher hasher;
  hasher.update("model zoo");
  hasher.update(trained.built.fingerprint);
  const model::SplitConfig& splits = config.zoo.splits;
  hasher.update(fmt::format("{} {} {} {} {} {}", to_string(splits.scheme), splits.num_splits,
                            splits.num_test_groups, to_string(splits.window), splits.window_dates,
                            splits.embargo.value_or(trained.rows.rows.label_reach)));
  const model::TreeParams& trees = spec.trees;
  hasher.update(fmt::format("{} {} {} {} {} {} {} {} {} {}", to_string(spec.kind), spec.alpha,
                            trees.num_trees, trees.max_depth, trees.learning_rate,
                            trees.min_child_weight, trees.lambda, trees.subsample, trees.colsample,
                            trees.max_bins));
  const bool draws = spec.kind == model::ModelKind::kRandomForest ||
                     spec.kind == model::ModelKind::kGradientBoosting;
  if (draws) hasher.update(&spec.seed, sizeof spec.seed);
  return hasher.hex().substr(0, 16);
}

}  // namespace

TrialStatistics record_zoo(const RunConfig& config,
                           const TrainedZoo& trained,
                           const model::Zoo& zoo) {
  const bool shows_a_leak = config.zoo.splits.purge == model::Purge::kNone;
  if (config.trials == TrialRecord::kOff || shows_a_leak) return {};
  TrialBook book(config.output, trained.built.loaded.fingerprint);
  for (const model::ZooModel& model : zoo.models) {
    const auto& held = model.scores.long_short_summary;
    if (!held) continue;
    book.add({trial_settings(config, trained, model.spec),
              fmt::format("horizon={}", config.zoo.horizon)},
             {.strategy = fmt::format("model {}", model.spec.name),
              .figures = measure_portfolio(model.scores.long_short, *held)});
  }
  book.save();
  return book.statistics();
}

}  // namespace tickwerk::job
