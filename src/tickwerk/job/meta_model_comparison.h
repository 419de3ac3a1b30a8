// A run with a meta-model beside the same strategy without it, as it is and at the same mean gross
// exposure, so that less risk is not taken for skill. Used by the report of a history; runs
// backtests, writes nothing.
#pragma once

#include "tickwerk/job/history.h"
#include "tickwerk/report/meta_model_section.h"

namespace tickwerk::job {

/// Needs a judged history. The third run multiplies gross, net, max_weight and band of the strategy
/// by one factor, never above 1, found by at most six runs so that its mean gross exposure is that
/// of the judged run within 1e-4 of it. Throws as backtest::run.
report::MetaModelComparison compare_with_own(const RunConfig& config, const History& history);

}  // namespace tickwerk::job
