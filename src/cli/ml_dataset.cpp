#include "cli/job_command.h"
#include "cli/ml.h"
#include "cli/run_flags.h"

namespace tickwerk::cli {
namespace {

job::RunConfig defaults(const Settings&) { return command_defaults("dataset", "trend_baseline"); }

int run(const Invocation& invocation) {
  job::DatasetConfig config = dataset_config(invocation.settings, defaults(invocation.settings));
  prepare(invocation, config.run);
  show_result(invocation, config.run, job::run_ml_dataset(config));
  return 0;
}

}  // namespace

Command ml_dataset_command() {
  return {
      .name = "ml dataset",
      .summary = "rows to learn from: features and what became of each entry, as one file",
      .details =
          "For each entry of the strategy (or every bar with --every-bar) the features known at "
          "its close, and the outcome: in at the fill, out when the strategy leaves or after "
          "--horizon bars, after costs. Writes data/ml/dataset_STRATEGY_FREQ_FINGERPRINT.parquet "
          "in the output folder, with label_end, the last bar that the label may read: splits "
          "purge by it. A feature that reads the future does not compile.",
      .groups = {feature_flags(), label_flags(), outcome_flags(), strategy_flags(), bars_flags(),
                 source_flags(), store_flags()},
      .defaults = defaults,
      .run = run};
}

}  // namespace tickwerk::cli
