// Steps and zones as a Chrome trace, for Perfetto and chrome://tracing. With a timeline it shows
// every kept call at its moment, a row per thread; without one the call tree, zones end to end, and
// says so in the file.
#pragma once

#include <string>
#include <string_view>

#include "tickwerk/trace/call_tree.h"
#include "tickwerk/trace/timeline.h"

namespace tickwerk::lab {

/// Complete events (`"ph": "X"`) in microseconds with three decimals, thus exact to the nanosecond.
/// Source: "Trace Event Format" (Google, 2016), JSON object format.
std::string chrome_trace(const trace::CallTrees& trees,
                         const trace::Timeline& timeline,
                         std::string_view job);

}  // namespace tickwerk::lab
