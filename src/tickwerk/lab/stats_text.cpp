#include "tickwerk/lab/stats_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <vector>

#include "tickwerk/lab/call_tree_functions.h"

namespace tickwerk::lab {
namespace {

constexpr std::size_t kNumWithCallers = 3;

double seconds(std::uint64_t ns) { return static_cast<double>(ns) * 1e-9; }

double per(std::uint64_t ns, std::uint64_t calls) {
  return calls == 0 ? 0.0 : seconds(ns) / static_cast<double>(calls);
}

std::string ncalls(const CallStats& stats) {
  if (stats.calls == stats.primitive_calls) return fmt::format("{}", stats.calls);
  return fmt::format("{}/{}", stats.calls, stats.primitive_calls);
}

class Text {
 public:
  template <typename... Args>
  void line(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(text_), format, std::forward<Args>(args)...);
    text_ += '\n';
  }

  void head() {
    line("{:>13} {:>11} {:>11} {:>11} {:>11}  {}", "ncalls", "tottime", "percall", "cumtime",
         "percall", "location");
  }

  void row(const CallStats& stats, const std::string& where) {
    line("{:>13} {:>11.6f} {:>11.6f} {:>11.6f} {:>11.6f}  {}", ncalls(stats), seconds(stats.own_ns),
         per(stats.own_ns, stats.calls), seconds(stats.cumulative_ns),
         per(stats.cumulative_ns, stats.primitive_calls), where);
  }

  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

using Order = std::uint64_t CallStats::*;

std::vector<FunctionStats> longest(std::vector<FunctionStats> all, Order by, std::size_t num) {
  std::stable_sort(all.begin(), all.end(), [by](const FunctionStats& a, const FunctionStats& b) {
    return a.all.*by > b.all.*by;
  });
  if (all.size() > num) all.erase(all.begin() + static_cast<std::ptrdiff_t>(num), all.end());
  return all;
}

void write_table(const std::vector<FunctionStats>& functions,
                 std::string_view order,
                 std::size_t num_all,
                 Text& text) {
  text.line("");
  text.line("Top {} of {} by {}", functions.size(), num_all, order);
  text.head();
  for (const FunctionStats& stats : functions) text.row(stats.all, location(stats.function));
}

void write_callers(const FunctionStats& stats, Text& text) {
  text.line("");
  text.line("Callers of {}", location(stats.function));
  text.head();
  for (const auto& [caller, calls] : stats.callers) text.row(calls, location(caller));
}

struct Counted {
  std::array<std::uint64_t, trace::kNumCounters> amounts{};
  std::uint64_t total_ns = 0;
};

void add_counters(const trace::CallNode& node, std::map<Function, Counted>& out) {
  if (std::any_of(node.counters.begin(), node.counters.end(), [](auto n) { return n != 0; })) {
    Counted& counted = out[{node.file, node.line, node.name}];
    for (std::size_t i = 0; i < node.counters.size(); ++i) counted.amounts[i] += node.counters[i];
    counted.total_ns += node.total_ns;
  }
  for (const trace::CallNode& child : node.children) add_counters(child, out);
}

void write_counters(const trace::CallTrees& trees, Text& text) {
  std::map<Function, Counted> all;
  add_counters(trees.main, all);
  add_counters(trees.workers, all);
  if (all.empty()) return;
  text.line("");
  text.line("Counters of all threads, per second of zone time");
  text.line("{:>15} {:>17} {:>17}  {}", "counter", "amount", "per second", "location");
  for (const auto& [function, counted] : all) {
    for (std::size_t i = 0; i < counted.amounts.size(); ++i) {
      if (counted.amounts[i] == 0) continue;
      const double amount = static_cast<double>(counted.amounts[i]);
      const std::string rate =
          counted.total_ns == 0 ? "" : fmt::format("{:.0f}", amount / seconds(counted.total_ns));
      text.line("{:>15} {:>17} {:>17}  {}", trace::counter_name(static_cast<trace::Counter>(i)),
                counted.amounts[i], rate, location(function));
    }
  }
}

}  // namespace

std::string stats_text(const trace::CallTrees& trees, const StatsTextConfig& config) {
  const trace::CallNode root = job_root(trees.main, config.job);
  const std::vector<FunctionStats> all = function_stats(root);
  CallStats sum;
  for (const FunctionStats& stats : all) {
    sum.calls += stats.all.calls;
    sum.primitive_calls += stats.all.primitive_calls;
  }

  Text text;
  text.line("{}", config.observed);
  text.line("{}: {} calls ({} primitive) of {} functions in {:.6f} seconds", root.name, sum.calls,
            sum.primitive_calls, all.size(), seconds(root.total_ns));
  if (!trees.workers.children.empty()) {
    text.line("main thread; {:.6f} seconds of worker threads are in the trace files and the record",
              seconds(trees.workers.total_ns));
  }
  const auto by_cumulative = longest(all, &CallStats::cumulative_ns, config.top_n);
  write_table(by_cumulative, "cumulative time", all.size(), text);
  write_table(longest(all, &CallStats::own_ns, config.top_n), "own time", all.size(), text);

  std::size_t num_written = 0;
  for (const FunctionStats& stats : longest(all, &CallStats::cumulative_ns, all.size())) {
    if (stats.callers.empty()) continue;
    if (num_written++ == kNumWithCallers) break;
    write_callers(stats, text);
  }
  write_counters(trees, text);
  return text.take();
}

}  // namespace tickwerk::lab
