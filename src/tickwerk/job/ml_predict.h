// What a saved meta-model says of a strategy's entries, the last bar's among them: the file behind
// `tickwerk ml predict`. It trades nothing.
#pragma once

#include "tickwerk/job/job.h"

namespace tickwerk::job {

/// Writes `ml_predictions_<strategy>_<freq>.csv` with the columns timestamp, symbol, probability
/// and source: `walk_forward` up to the last bar that a training label read, `final_fit` after it,
/// nothing where the model says nothing. `config.strategy.meta_model.file` names the model. Throws
/// as load_history, build_signals and MetaModelPanel; kInvalidArgument without a model.
JobResult run_ml_predict(const RunConfig& config);

}  // namespace tickwerk::job
