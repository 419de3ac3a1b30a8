// The benchmark of a run as returns: a file of prices, a symbol of the input, or its equal-weight
// mean.
#pragma once

#include <string>
#include <vector>

#include "tickwerk/job/run_config.h"

namespace tickwerk::job {

/// One simple return for each row of `bars` after `first_row`; NaN where the benchmark has no close
/// on this row or the one before. `equal_weight`: the mean over the symbols that have both closes.
/// A symbol that is not among the bars is looked for in the whole input. Empty when the config
/// names no benchmark. Throws Error as `load`.
std::vector<double> benchmark_returns(const RunConfig& config,
                                      const market::Bars& bars,
                                      std::size_t first_row);

}  // namespace tickwerk::job
