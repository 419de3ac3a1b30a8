#include "cli/job_command.h"
#include "cli/ml.h"
#include "cli/run_flags.h"
#include "cli/training_progress.h"
#include "tickwerk/base/error.h"
#include "tickwerk/job/meta_training.h"
#include "tickwerk/model/names.h"

namespace tickwerk::cli {
namespace {

constexpr int kExitLeak = 1;  // as of `ml audit`

job::RunConfig defaults(const Settings&) { return command_defaults("train", "trend_baseline"); }

FlagGroup model_flags() {
  const Range share{.low = 0, .high = 1, .low_bound = Bound::kExcluded};
  FlagGroup group{.title = "Model", .flags = {}};
  group.flags.push_back({.key = "dataset",
                         .placeholder = "FILE",
                         .text = "of `ml dataset`; without it one is made from the bars"});
  group.flags.push_back({.key = "model",
                         .kind = Kind::kChoice,
                         .text = "trees one after the other, or side by side",
                         .choices = {"gradient_boosting", "random_forest"},
                         .default_value = "gradient_boosting"});
  group.flags.push_back({.key = "trees",
                         .kind = Kind::kWhole,
                         .placeholder = "N",
                         .text = "how many",
                         .range = {.low = 1, .high = 100'000},
                         .default_value = "100"});
  group.flags.push_back({.key = "depth",
                         .kind = Kind::kWhole,
                         .placeholder = "N",
                         .text = "of a tree at most",
                         .range = {.low = 1, .high = 30},
                         .default_value = "6"});
  group.flags.push_back({.key = "learning_rate",
                         .kind = Kind::kNumber,
                         .placeholder = "SHARE",
                         .text = "of gradient boosting",
                         .range = share,
                         .default_value = "0.3"});
  group.flags.push_back({.key = "min_child_weight",
                         .kind = Kind::kNumber,
                         .placeholder = "SUM",
                         .text = "least sum of second derivatives in a leaf",
                         .range = {.low = 0},
                         .default_value = "1"});
  group.flags.push_back({.key = "lambda",
                         .kind = Kind::kNumber,
                         .placeholder = "NUMBER",
                         .text = "penalty on the squares of leaves, of gradient boosting",
                         .range = {.low = 0},
                         .default_value = "1"});
  group.flags.push_back({.key = "subsample",
                         .kind = Kind::kNumber,
                         .placeholder = "SHARE",
                         .text = "of the rows that a tree of gradient boosting sees",
                         .range = share,
                         .default_value = "1"});
  group.flags.push_back({.key = "colsample",
                         .kind = Kind::kNumber,
                         .placeholder = "SHARE",
                         .text = "of the features that a tree of gradient boosting sees",
                         .range = share,
                         .default_value = "1"});
  group.flags.push_back({.key = "row_weights",
                         .kind = Kind::kChoice,
                         .text = "rows count alike, or by how much of their label is their own",
                         .choices = {"equal", "uniqueness"},
                         .default_value = "equal"});
  return group;
}

/// Without those that use a model: here one is made. --min-confidence is where it is scored.
FlagGroup entry_flags() {
  FlagGroup group = strategy_flags();
  std::erase_if(group.flags, [](const Flag& flag) {
    return flag.key == "meta_model" || flag.key == "meta_mode";
  });
  for (Flag& flag : group.flags) {
    if (flag.key == "min_confidence") {
      flag.text = "probability from which on a trade would be taken: scores are given there";
    }
  }
  return group;
}

/// What a dataset says of itself cannot be said again.
void require_alone(const Settings& settings) {
  for (const FlagGroup& group : {feature_flags(), label_flags(), outcome_flags(), entry_flags(),
                                 bars_flags(), source_flags(), store_flags()}) {
    for (const Flag& flag : group.flags) {
      if (flag.key == "min_confidence" || !settings.given(flag.key)) continue;
      throw Error(
          Code::kInvalidArgument,
          fmt::format("--dataset says what {} would: give one of them", settings.place(flag.key)));
    }
  }
}

job::MetaTrainingConfig config_of(const Invocation& invocation) {
  const Settings& settings = invocation.settings;
  if (settings.given("dataset")) require_alone(settings);
  job::MetaTrainingConfig config;
  config.dataset = dataset_config(settings, defaults(settings));
  config.dataset_file = settings.text("dataset");
  config.model = job::default_meta_model();
  model::ModelSpec& spec = config.model.model;
  spec.kind = model::parse_model_kind(settings.text("model"));
  spec.name = settings.text("model");
  spec.seed = config.dataset.run.seed;
  spec.trees = {.num_trees = static_cast<std::size_t>(settings.whole("trees")),
                .max_depth = static_cast<std::size_t>(settings.whole("depth")),
                .learning_rate = settings.number("learning_rate"),
                .min_child_weight = settings.number("min_child_weight"),
                .lambda = settings.number("lambda"),
                .subsample = settings.number("subsample"),
                .colsample = settings.number("colsample")};
  config.model.splits = split_config(settings);
  config.model.weights = model::parse_row_weights(settings.text("row_weights"));
  config.model.min_confidence = config.dataset.run.strategy.meta_model.min_confidence;
  config.watch = training_progress(invocation.output);
  return config;
}

int run(const Invocation& invocation, job::FinalFit final_fit) {
  job::MetaTrainingConfig config = config_of(invocation);
  config.final_fit = final_fit;
  if (config.dataset_file.empty()) prepare(invocation, config.dataset.run);
  const job::JobResult result = job::train_meta_model(config);
  show_result(invocation, config.dataset.run, result);
  if (result.refusal.empty()) return 0;
  invocation.output.error(result.refusal);
  return kExitLeak;
}

int run_train(const Invocation& invocation) { return run(invocation, job::FinalFit::kSave); }
int run_validate(const Invocation& invocation) { return run(invocation, job::FinalFit::kNone); }

std::vector<FlagGroup> training_groups() {
  return {model_flags(), split_flags(), feature_flags(), label_flags(), outcome_flags(),
          entry_flags(), bars_flags(),  source_flags(),  store_flags()};
}

}  // namespace

Command ml_train_command() {
  return {.name = "ml train",
          .summary = "a meta-model: which of a strategy's entries succeed, and how surely",
          .details =
              "Trains on the entries of a dataset and scores out of fold only: AUC, average "
              "precision, Brier, log loss, calibration, importance, by fold and together. The fit "
              "on all rows is saved as models/meta/STRATEGY_meta_model.ubj (XGBoost's format, "
              "which Python opens) with its .json; report and page in the output folder. Where the "
              "leakage audit finds a leak no model is saved and the exit code is 1. An "
              "interrupted training goes on at its first missing fold.",
          .groups = training_groups(),
          .defaults = defaults,
          .run = run_train};
}

Command ml_validate_command() {
  return {.name = "ml validate",
          .summary = "the same scores without a model: by walk-forward, folds or combinations",
          .details =
              "Fits and scores every split as `ml train` does, writes report and page, and "
              "leaves no model. A leak that the audit finds ends in exit code 1.",
          .groups = training_groups(),
          .defaults = defaults,
          .run = run_validate};
}

}  // namespace tickwerk::cli
