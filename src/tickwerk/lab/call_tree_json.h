// Call trees and timelines as JSON and back: how a measured child process hands them to the lab,
// and how the run record keeps the tree. Exact both ways; text that is not UTF-8 comes back with
// replacement characters.
#pragma once

#include <nlohmann/json.hpp>

#include "tickwerk/trace/call_tree.h"
#include "tickwerk/trace/timeline.h"

namespace tickwerk::lab {

/// `{"main": node, "workers": node}`; a node has name, file, line, calls, total_ns, self_ns,
/// min_ns, max_ns, counters (only those that are not 0) and children.
nlohmann::json to_json(const trace::CallTrees& trees);

/// Unknown keys are ignored. Throws Error (corrupt data) when a key is missing or of another type.
trace::CallTrees call_trees_from_json(const nlohmann::json& json);

/// `{"zones": [[name, file, line]], "events": [[zone, thread, begin_ns, duration_ns]],
/// "num_dropped": n}`.
nlohmann::json to_json(const trace::Timeline& timeline);

/// Throws Error (corrupt data) as above, and when an event names a zone that is not there.
trace::Timeline timeline_from_json(const nlohmann::json& json);

}  // namespace tickwerk::lab
