// Call trees as a speedscope file: one profile for the main thread, a second for all workers when
// there were any. The tree has sums, not moments: zones stand in the order of their first call,
// each as long as all its calls.
#pragma once

#include <string>
#include <string_view>

#include "tickwerk/trace/call_tree.h"

namespace tickwerk::lab {

/// Evented profiles in nanoseconds. Source: file-format-schema.json of the npm package
/// speedscope 1.25.
std::string speedscope(const trace::CallTrees& trees, std::string_view job);

}  // namespace tickwerk::lab
