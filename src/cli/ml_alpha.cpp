#include "tickwerk/job/ml_alpha.h"

#include "cli/job_command.h"
#include "cli/ml.h"
#include "cli/run_flags.h"
#include "cli/training_progress.h"
#include "cli/zoo_flags.h"
#include "tickwerk/model/zoo.h"

namespace tickwerk::cli {
namespace {

FlagGroup alpha_flags() {
  FlagGroup group{.title = "Alpha", .flags = {}};
  group.flags.push_back({.key = "model",
                         .placeholder = "NAME",
                         .text =
                             "linear, ridge_A or lasso_A with a penalty A, forest_D of depth D, "
                             "gradient_boosting",
                         .default_value = "ridge_1"});
  group.flags.push_back({.key = "out",
                         .placeholder = "FILE",
                         .text = "the file, by its ending: .parquet, .csv (without it "
                                 "ml_alpha_MODEL_HORIZONd.parquet in the output folder)"});
  return group;
}

int run(const Invocation& invocation) {
  job::AlphaConfig config;
  config.run = zoo_config(invocation.settings, {invocation.settings.text("model")});
  config.out = invocation.settings.text("out");
  model::choose_models(config.run.zoo.models, config.run.seed);
  prepare(invocation, config.run);
  show_result(invocation, config.run,
              job::run_ml_alpha(config, training_progress(invocation.output)));
  return 0;
}

}  // namespace

Command ml_alpha_command() {
  return {.name = "ml alpha",
          .summary = "predictions of a model as a factor for other commands",
          .details =
              "Trains the model walk-forward and writes what each window predicts of bars after "
              "those it was trained on, as `timestamp,symbol,ml_alpha_MODEL_HORIZONd`, empty where "
              "no window tested a bar. Other commands read it with --fields FILE; expressions use "
              "it by its name, and `check` lists it as trusted, not tested. The metadata of a "
              "Parquet file says which model, features, label and windows.",
          .groups = {zoo_feature_flags(), alpha_flags(), split_flags(), bars_flags(),
                     source_flags(), store_flags()},
          .run = run};
}

}  // namespace tickwerk::cli
