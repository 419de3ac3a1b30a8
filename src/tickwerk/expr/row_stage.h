// Runs one stage across symbols: for each row, the stage's nodes over all symbols of that day.
// Internal to `expr`.
#pragma once

#include "tickwerk/expr/plan.h"
#include "tickwerk/expr/values.h"

namespace tickwerk::expr {

/// `places` holds what the stage reads and where its roots go. Operators across symbols see NaN for
/// symbols that have no bar or are no members on the day.
void run_rows(const Graph& graph,
              const Stage& stage,
              const Inputs& inputs,
              const Places& places,
              const RunOptions& options);

}  // namespace tickwerk::expr
