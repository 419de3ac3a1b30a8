// The embedded synthetic market as a file, so that a job's `load_data` has something to load.
#pragma once

#include "tickwerk/job/run_config.h"

namespace tickwerk::job {

/// When the config names no prices: writes the synthetic market of `config.market` and
/// `config.seed` to
/// `<output>/data/synthetic_<symbols>x<sessions>_seed<seed>.parquet`, unless it is there, and names
/// it.
void prepare_market(RunConfig& config);

}  // namespace tickwerk::job
