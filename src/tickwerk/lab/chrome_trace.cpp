#include "tickwerk/lab/chrome_trace.h"

#include <fmt/format.h>

#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "tickwerk/lab/call_tree_functions.h"

namespace tickwerk::lab {
namespace {

using nlohmann::json;

std::string json_text(std::string_view text) {
  return json(text).dump(-1, ' ', false, json::error_handler_t::replace);
}

/// One event a line, written as text: an event as a JSON object would cost ten times its size.
class Events {
 public:
  void name_process(std::string_view name) { metadata("process_name", 0, name); }
  void name_thread(std::uint32_t thread, std::string_view name) {
    metadata("thread_name", thread, name);
  }

  void add(const Function& zone,
           std::uint32_t thread,
           std::uint64_t begin_ns,
           std::uint64_t duration_ns,
           std::string_view arguments) {
    begin_line();
    const bool is_step = zone.file == "~";
    fmt::format_to(
        std::back_inserter(text_),
        R"({{"name":{},"cat":"{}","ph":"X","pid":1,"tid":{},"ts":{}.{:03},"dur":{}.{:03})",
        json_text(zone.name), is_step ? "step" : "zone", thread, begin_ns / 1000, begin_ns % 1000,
        duration_ns / 1000, duration_ns % 1000);
    const std::string place =
        is_step ? ""
                : fmt::format(R"("at":{})", json_text(fmt::format("{}:{}", zone.file, zone.line)));
    text_ += fmt::format(R"(,"args":{{{}{}{}}}}})", place,
                         place.empty() || arguments.empty() ? "" : ",", arguments);
  }

  std::string take() { return std::move(text_); }

 private:
  void begin_line() { text_ += text_.empty() ? "\n" : ",\n"; }

  void metadata(std::string_view kind, std::uint32_t thread, std::string_view name) {
    begin_line();
    text_ += fmt::format(R"({{"name":"{}","ph":"M","pid":1,"tid":{},"args":{{"name":{}}}}})", kind,
                         thread, json_text(name));
  }

  std::string text_;
};

void add_tree(const trace::CallNode& node,
              std::uint32_t thread,
              std::uint64_t begin_ns,
              Events& events) {
  events.add({node.file, node.line, node.name}, thread, begin_ns, node.total_ns,
             fmt::format(R"("calls":{},"self_ns":{})", node.calls, node.self_ns));
  for (const trace::CallNode& child : node.children) {
    add_tree(child, thread, begin_ns, events);
    begin_ns += child.total_ns;
  }
}

void add_timeline(const trace::Timeline& timeline, Events& events) {
  std::set<std::uint32_t> workers;
  for (const auto& event : timeline.events) workers.insert(event.thread);
  workers.erase(0);
  for (const std::uint32_t worker : workers) {
    events.name_thread(worker, fmt::format("worker {}", worker));
  }
  for (const auto& event : timeline.events) {
    const auto& zone = timeline.zones[event.zone];
    events.add({zone.file, zone.line, zone.name}, event.thread, event.begin_ns, event.duration_ns,
               "");
  }
}

}  // namespace

std::string chrome_trace(const trace::CallTrees& trees,
                         const trace::Timeline& timeline,
                         std::string_view job) {
  Events events;
  events.name_process(fmt::format("tickwerk {}", job));
  events.name_thread(0, "main thread");
  std::string layout;
  if (timeline.events.empty()) {
    layout = "sums of the call tree, zones end to end in the order of their first call";
    add_tree(job_root(trees.main, job), 0, 0, events);
    if (!trees.workers.children.empty()) {
      events.name_thread(1, "worker threads, added up");
      add_tree(trees.workers, 1, 0, events);
    }
  } else {
    layout = fmt::format("calls at their moments; {} older ones dropped", timeline.num_dropped);
    add_timeline(timeline, events);
  }
  return fmt::format(
      R"({{"displayTimeUnit":"ns","otherData":{{"observed":"instrumented zones only","layout":{}}},"traceEvents":[{}
]}}
)",
      json_text(layout), events.take());
}

}  // namespace tickwerk::lab
