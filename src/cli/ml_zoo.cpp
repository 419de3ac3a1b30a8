#include "cli/job_command.h"
#include "cli/ml.h"
#include "cli/run_flags.h"
#include "cli/training_progress.h"
#include "cli/zoo_flags.h"
#include "tickwerk/job/factor_ml.h"

namespace tickwerk::cli {
namespace {

FlagGroup model_flags() {
  FlagGroup group{.title = "Models", .flags = {}};
  group.flags.push_back(
      {.key = "models",
       .placeholder = "NAMES",
       .text = "with commas between them: linear, ridge_A and lasso_A with a penalty A, forest_D "
               "of depth D, gradient_boosting; without it linear, ridge_0.1, ridge_1, ridge_10, "
               "lasso_0.01, forest_3, forest_5, gradient_boosting"});
  return group;
}

int run(const Invocation& invocation) {
  job::RunConfig config =
      zoo_config(invocation.settings, model_names(invocation.settings.text("models")));
  config.trials = job::TrialRecord::kKeep;
  model::choose_models(config.zoo.models, config.seed);
  prepare(invocation, config);
  show_result(invocation, config, job::run_zoo(config, training_progress(invocation.output)));
  return 0;
}

}  // namespace

Command ml_zoo_command() {
  return {.name = "ml zoo",
          .summary = "what factors foretell together, by models of several kinds",
          .details =
              "Trains each model on the same rows and splits and scores what it predicts of rows "
              "that training never saw: error, coefficients a day with an honest t, portfolios "
              "of the top and bottom fifth, importance. Rows whose label reaches a test are "
              "purged. A verdict counts the models that were tried. CSV, Parquet, Markdown and "
              "one HTML page in the output folder; an interrupted run goes on where it was. Every "
              "model is put on record as a trial (not with --no-purge), and deflated Sharpe ratios "
              "count all that is there.",
          .groups = {zoo_feature_flags(), model_flags(), split_flags(), bars_flags(),
                     source_flags(), store_flags()},
          .run = run};
}

}  // namespace tickwerk::cli
