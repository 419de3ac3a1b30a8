// A call tree added up by function, as Python's cProfile does it: what a function took wherever it
// was called, and by whom. Feeds the .prof file, the statistics as text and the top functions of
// the summary.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tickwerk/trace/call_tree.h"

namespace tickwerk::lab {

struct Function {
  std::string file;
  int line = 0;
  std::string name;
  auto operator<=>(const Function&) const = default;
};

/// `src/tickwerk/market/load.cpp:17(load_bars)`; the bare name where the file is `~` (jobs, steps,
/// roots).
std::string location(const Function& function);

/// Calls of one function, or of one function by one caller.
struct CallStats {
  std::uint64_t calls = 0;
  std::uint64_t primitive_calls =
      0;  // not below another call of the same (for a caller: same pair)
  std::uint64_t own_ns = 0;
  std::uint64_t cumulative_ns = 0;  // of the primitive calls: time below itself counts once
};

struct FunctionStats {
  Function function;
  CallStats all;
  std::map<Function, CallStats> callers;  // their calls add up to all.calls; empty for the root
};

/// Sorted by function. Own times add up to the root's total, exactly.
/// Cost: O(nodes * log functions).
std::vector<FunctionStats> function_stats(const trace::CallNode& root);

/// The main tree with `<job:NAME>` as its root, in place of `<main>` or above whatever else is the
/// root.
trace::CallNode job_root(const trace::CallNode& main, std::string_view job);

struct TopFunction {
  Function function;
  std::uint64_t calls = 0;
  double cumulative_sec = 0.0;
};

/// At most `num` functions of the main tree by cumulative time, longest first, equals by location;
/// the root and the steps (all in file `~`) are left out.
std::vector<TopFunction> top_functions(const trace::CallTrees& trees, std::size_t num);

}  // namespace tickwerk::lab
