// What stands before a job's steps and outside of them: the embedded synthetic market as a file, so
// that `load_data` has something to load.
#pragma once

#include "tickwerk/job/run_config.h"

namespace tickwerk::job {

/// When the config names no prices: writes the synthetic market of `config.market` and
/// `config.seed` to
/// `<output>/data/synthetic_<symbols>x<sessions>_seed<seed>.parquet`, unless it is there, and names
/// it. Throws kIo.
void prepare_run(RunConfig& config);

}  // namespace tickwerk::job
