// A call tree small enough to add up by hand, for the tests of the exporters.
//
//   <main>                 1 call    100 ns, 10 own
//     <step:run>           1          90,     0
//       f  a.cpp:3         2          70,    30
//         f  a.cpp:3       3          40,    15
//           g  b.cpp:7     4          25,    25
//       g  b.cpp:7         1          20,    20
//   <workers>                         40,     0
//     g  b.cpp:7           8          40,    40
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tickwerk/trace/call_tree.h"

namespace tickwerk::lab {

inline trace::CallNode sample_node(std::string name,
                                   std::string file,
                                   int line,
                                   std::uint64_t calls,
                                   std::uint64_t total_ns,
                                   std::vector<trace::CallNode> children = {}) {
  trace::CallNode node;
  node.name = std::move(name);
  node.file = std::move(file);
  node.line = line;
  node.calls = calls;
  node.total_ns = node.self_ns = node.max_ns = total_ns;
  for (const auto& child : children) node.self_ns -= child.total_ns;
  node.children = std::move(children);
  return node;
}

inline trace::CallTrees sample_trees() {
  trace::CallNode inner_f =
      sample_node("f", "a.cpp", 3, 3, 40, {sample_node("g", "b.cpp", 7, 4, 25)});
  trace::CallNode f = sample_node("f", "a.cpp", 3, 2, 70, {std::move(inner_f)});
  f.counters[static_cast<std::size_t>(trace::Counter::kRows)] = 140;
  trace::CallNode step =
      sample_node("<step:run>", "~", 0, 1, 90, {std::move(f), sample_node("g", "b.cpp", 7, 1, 20)});
  return {sample_node("<main>", "~", 0, 1, 100, {std::move(step)}),
          sample_node("<workers>", "~", 0, 0, 40, {sample_node("g", "b.cpp", 7, 8, 40)})};
}

}  // namespace tickwerk::lab
