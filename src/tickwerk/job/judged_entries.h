// What became of a strategy's entries under a meta-model: how many were judged, refused or left to
// the strategy, and why, as counts and as sentences. Internal to `job`: judged_history.cpp judges.
#pragma once

#include <span>

#include "tickwerk/job/history.h"
#include "tickwerk/strategy/confidence.h"

namespace tickwerk::job {

/// `probability`: [time, symbol] like the bars; NaN: not judged.
report::MetaModelCounts count_judged(std::span<const strategy::Entry> entries,
                                     const Panel& probability,
                                     const History& history,
                                     Timestamp fit_end);

/// Adds to the notes and warnings of the history what its counts mean, and whether the meta-model
/// learned from other entries than these.
void say_judged(const model::MetaModelNotes& notes, const RunConfig& config, History& history);

}  // namespace tickwerk::job
