#include "tickwerk/lab/call_tree_functions.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace tickwerk::lab {
namespace {

using trace::CallNode;

Function function_of(const CallNode& node) { return {node.file, node.line, node.name}; }

class Adder {
 public:
  void add(const CallNode& node, const Function* caller) {
    const Function function = function_of(node);
    FunctionStats& stats = stats_[function];
    int& depth = depth_[function];
    add(node, depth, stats.all);
    ++depth;
    int* pair_depth = nullptr;
    if (caller != nullptr) {
      pair_depth = &pair_depth_[{*caller, function}];
      add(node, *pair_depth, stats.callers[*caller]);
      ++*pair_depth;
    }
    for (const CallNode& child : node.children) add(child, &function);
    if (pair_depth != nullptr) --*pair_depth;
    --depth;
  }

  std::vector<FunctionStats> take() {
    std::vector<FunctionStats> all;
    for (auto& [function, stats] : stats_) {
      stats.function = function;
      all.push_back(std::move(stats));
    }
    return all;
  }

 private:
  static void add(const CallNode& node, int depth, CallStats& out) {
    out.calls += node.calls;
    out.own_ns += node.self_ns;
    if (depth > 0) return;
    out.primitive_calls += node.calls;
    out.cumulative_ns += node.total_ns;
  }

  std::map<Function, FunctionStats> stats_;
  std::map<Function, int> depth_;  // calls open on the way from the root
  std::map<std::pair<Function, Function>, int> pair_depth_;
};

}  // namespace

std::string location(const Function& function) {
  if (function.file == "~") return function.name;
  return fmt::format("{}:{}({})", function.file, function.line, function.name);
}

std::vector<FunctionStats> function_stats(const CallNode& root) {
  Adder adder;
  adder.add(root, nullptr);
  return adder.take();
}

CallNode job_root(const CallNode& main, std::string_view job) {
  const std::string name = fmt::format("<job:{}>", job);
  if (main.file == "~" && (main.name == name || main.name == "<main>")) {
    CallNode root = main;
    root.name = name;
    root.calls = std::max<std::uint64_t>(root.calls, 1);
    return root;
  }
  CallNode root;
  root.name = name;
  root.file = std::string(1, '~');
  root.calls = 1;
  root.total_ns = root.min_ns = root.max_ns = main.total_ns;
  root.children.push_back(main);
  return root;
}

std::vector<TopFunction> top_functions(const trace::CallTrees& trees, std::size_t num) {
  std::vector<FunctionStats> all = function_stats(trees.main);
  std::erase_if(all, [](const FunctionStats& stats) { return stats.function.file == "~"; });
  std::stable_sort(all.begin(), all.end(), [](const FunctionStats& a, const FunctionStats& b) {
    return a.all.cumulative_ns > b.all.cumulative_ns;
  });
  std::vector<TopFunction> top;
  for (const FunctionStats& stats : all) {
    if (top.size() == num) break;
    top.push_back(
        {stats.function, stats.all.calls, static_cast<double>(stats.all.cumulative_ns) * 1e-9});
  }
  return top;
}

}  // namespace tickwerk::lab
