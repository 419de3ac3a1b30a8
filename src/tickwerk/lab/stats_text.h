// The function statistics as text (`_stats.txt`), laid out as pstats prints them, with times to the
// microsecond: the longest by cumulative time, then by own time, then who called the first three;
// last the counters.
#pragma once

#include <cstddef>
#include <string>

#include "tickwerk/trace/call_tree.h"

namespace tickwerk::lab {

struct StatsTextConfig {
  std::string job;
  std::string observed = "instrumented zones only";  // the first line
  std::size_t top_n = 50;
};

/// Main thread only, and says so when there were workers. `ncalls` is `calls/primitive calls` where
/// a function is below itself; the two `percall` are own time by calls and cumulative time by
/// primitive calls.
std::string stats_text(const trace::CallTrees& trees, const StatsTextConfig& config);

}  // namespace tickwerk::lab
