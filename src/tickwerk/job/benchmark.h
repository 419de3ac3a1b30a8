// The benchmark of a run as values on its rows: a file of closes, a symbol of the input, or the
// equal-weight mean of the bars. Made while the data are loaded, read by risk::summarize.
#pragma once

#include <vector>

#include "tickwerk/job/run_config.h"

namespace tickwerk::job {

/// One value for each row of `bars` from `first_row` on; NaN where the benchmark has no close.
/// `equal_weight`: from 1, compounding the mean return of the symbols that have this close and the
/// one before, of a dated universe its members on the row before; a row without any stands still.
/// Else the closes of a symbol of the bars, of the one symbol of a file, or of a symbol of the
/// whole input, in this order. Empty when the config names no benchmark. Throws Error as `load`;
/// kInvalidArgument for a file of several symbols.
std::vector<double> benchmark_values(const RunConfig& config,
                                     const market::Bars& bars,
                                     std::size_t first_row);

}  // namespace tickwerk::job
