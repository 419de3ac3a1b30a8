// Whether a strategy that wants longs and shorts finds both. A side without a member leaves its
// share in cash, so a run that was meant to be neutral is not. Internal to `job`; only says so.
#pragma once

#include <string>
#include <vector>

#include "tickwerk/strategy/signals.h"

namespace tickwerk::job {

/// A sentence for each side that has no member on a deciding day on which the other has, with the
/// count of such days; none for a strategy of one side. A day without any member (an overlay, the
/// warm-up) is not counted.
std::vector<std::string> empty_sides(const strategy::StrategySpec& spec,
                                     const strategy::Signals& signals);

}  // namespace tickwerk::job
