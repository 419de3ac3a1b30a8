// The features of a dataset evaluated again from bars: on the whole, on data cut at random bars,
// with another future. Internal to `job`: ml_audit.cpp asks.
#pragma once

#include <vector>

#include "tickwerk/job/ml_audit.h"

namespace tickwerk::job {

/// Lines on: whether the bars are those of the file; every feature by `factor::check`; columns from
/// outside; values of rows on random bars with nothing known after them, bit for bit; for datasets
/// of few bars, copies of later returns on all bars. Throws as read_recipe(); features that cannot
/// be compiled are a line that is not tested.
std::vector<model::AuditLine> audit_features(const MlAuditConfig& config,
                                             const model::DatasetFile& file,
                                             const market::LoadedBars& loaded,
                                             const factor::LoadedSources& beside);

}  // namespace tickwerk::job
