// What each job is told where nobody says otherwise, for readers: the table of the performance
// document. A job lists what it reads and nothing else; results keep their own settings
// (settings.h).
#pragma once

#include "tickwerk/job/job.h"

namespace tickwerk::job {

/// Of a backtest or end-of-day run: market, strategy, fills, capital, costs.
Parameters backtest_parameters(const RunConfig& config);

/// Of ML_JOB: market, whose entries, features, label, model, splits.
Parameters meta_training_parameters(const RunConfig& config);

/// Of FACTOR_ML_JOB: market, features, label, models, splits.
Parameters zoo_parameters(const RunConfig& config);

}  // namespace tickwerk::job
