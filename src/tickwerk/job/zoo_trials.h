// The models of a zoo as trials: each is a portfolio that somebody could have chosen, so backtests
// and analyses over the same bars count it. Used by factor_ml.cpp; a run under measurement chooses
// nothing and puts nothing on record.
#pragma once

#include "tickwerk/job/factor_ml.h"
#include "tickwerk/job/trials.h"

namespace tickwerk::job {

/// Puts the long-short portfolio of each model on record, with `config.trials`, and says what is
/// there now. A model is another trial where its rows, features, label, splits or parameters are
/// others. Without the purge none is: such a run shows what a leak looks like. Throws as TrialBook.
TrialStatistics record_zoo(const RunConfig& config,
                           const TrainedZoo& trained,
                           const model::Zoo& zoo);

}  // namespace tickwerk::job
