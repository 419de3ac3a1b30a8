#include "tickwerk/job/ml_predict.h"

#include "cli/job_command.h"
#include "cli/ml.h"
#include "cli/run_flags.h"

namespace tickwerk::cli {
namespace {

job::RunConfig defaults(const Settings&) { return command_defaults("predict", "trend_baseline"); }

int run(const Invocation& invocation) {
  return run_job_command(invocation, defaults(invocation.settings), job::run_ml_predict);
}

}  // namespace

Command ml_predict_command() {
  return {
      .name = "ml predict",
      .summary = "what a meta-model says of a strategy's entries, those of the last bar first",
      .details =
          "The probability of each entry by the model of --meta-model: of bars that it "
          "was trained on, what its walk-forward said of them; of later ones, the fit "
          "on all rows. Writes ml_predictions_STRATEGY_FREQ.csv.",
      .groups = {strategy_flags(), outcome_flags(), bars_flags(), source_flags(), store_flags()},
      .defaults = defaults,
      .run = run};
}

}  // namespace tickwerk::cli
