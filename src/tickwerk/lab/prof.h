// The main thread's call tree as a `.prof` file: a Python marshal of the dictionary that cProfile
// writes, so that pstats, snakeviz and their kin open it. Worker threads are not in it: cProfile's
// format knows one root.
#pragma once

#include <string>
#include <string_view>

#include "tickwerk/trace/call_tree.h"

namespace tickwerk::lab {

/// `{(file, line, name): (primitive calls, calls, own s, cumulative s, callers)}`, and in `callers`
/// `{(file, line, name): (calls, primitive calls, own s, cumulative s)}`: the first two change
/// places there, as in CPython's Lib/cProfile.py, `snapshot_stats`. The root is `('~', 0,
/// '<job:NAME>')`. Text must be UTF-8, as call_trees_from_json gives it. The same trees give the
/// same bytes. Source of the encoding: CPython's Python/marshal.c, type codes `{ 0 ( u i l g`.
std::string prof(const trace::CallTrees& trees, std::string_view job);

}  // namespace tickwerk::lab
