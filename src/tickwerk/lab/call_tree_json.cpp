#include "tickwerk/lab/call_tree_json.h"

#include <string>
#include <utility>

#include "tickwerk/base/error.h"

namespace tickwerk::lab {
namespace {

using nlohmann::json;
using trace::CallNode;

/// Text that JSON, and Python's marshal after it, can hold.
std::string utf8(const std::string& text) {
  const std::string quoted = json(text).dump(-1, ' ', false, json::error_handler_t::replace);
  return json::parse(quoted).get<std::string>();
}

json to_json(const CallNode& node) {
  json counters = json::object();
  for (int i = 0; i < trace::kNumCounters; ++i) {
    const auto counter = static_cast<trace::Counter>(i);
    if (node.counter(counter) != 0) counters[trace::counter_name(counter)] = node.counter(counter);
  }
  json children = json::array();
  for (const CallNode& child : node.children) children.push_back(to_json(child));
  return {{"name", utf8(node.name)},
          {"file", utf8(node.file)},
          {"line", node.line},
          {"calls", node.calls},
          {"total_ns", node.total_ns},
          {"self_ns", node.self_ns},
          {"min_ns", node.min_ns},
          {"max_ns", node.max_ns},
          {"counters", std::move(counters)},
          {"children", std::move(children)}};
}

CallNode node_from_json(const json& from) {
  CallNode node;
  from.at("name").get_to(node.name);
  from.at("file").get_to(node.file);
  from.at("line").get_to(node.line);
  from.at("calls").get_to(node.calls);
  from.at("total_ns").get_to(node.total_ns);
  from.at("self_ns").get_to(node.self_ns);
  from.at("min_ns").get_to(node.min_ns);
  from.at("max_ns").get_to(node.max_ns);
  const json& counters = from.at("counters");
  for (std::size_t i = 0; i < node.counters.size(); ++i) {
    const auto found = counters.find(trace::counter_name(static_cast<trace::Counter>(i)));
    if (found != counters.end()) found->get_to(node.counters[i]);
  }
  for (const json& child : from.at("children")) node.children.push_back(node_from_json(child));
  return node;
}

/// Reads with `read`; a shape that the library refuses is corrupt data.
template <typename Read>
auto checked(const char* what, Read read) {
  try {
    return read();
  } catch (const json::exception& error) {
    throw Error(Code::kCorruptData,
                fmt::format("{} must have the keys and types that tickwerk writes: {}", what,
                            error.what()));
  }
}

}  // namespace

json to_json(const trace::CallTrees& trees) {
  return {{"main", to_json(trees.main)}, {"workers", to_json(trees.workers)}};
}

trace::CallTrees call_trees_from_json(const json& from) {
  return checked("call trees", [&] {
    return trace::CallTrees{node_from_json(from.at("main")), node_from_json(from.at("workers"))};
  });
}

json to_json(const trace::Timeline& timeline) {
  json zones = json::array();
  for (const auto& zone : timeline.zones) {
    zones.push_back({utf8(zone.name), utf8(zone.file), zone.line});
  }
  json events = json::array();
  for (const auto& event : timeline.events) {
    events.push_back({event.zone, event.thread, event.begin_ns, event.duration_ns});
  }
  return {{"zones", std::move(zones)},
          {"events", std::move(events)},
          {"num_dropped", timeline.num_dropped}};
}

trace::Timeline timeline_from_json(const json& from) {
  return checked("a timeline", [&] {
    trace::Timeline timeline;
    for (const json& zone : from.at("zones")) {
      timeline.zones.push_back(
          {zone.at(0).get<std::string>(), zone.at(1).get<std::string>(), zone.at(2).get<int>()});
    }
    for (const json& event : from.at("events")) {
      timeline.events.push_back({event.at(0).get<std::uint32_t>(), event.at(1).get<std::uint32_t>(),
                                 event.at(2).get<std::uint64_t>(),
                                 event.at(3).get<std::uint64_t>()});
      if (timeline.events.back().zone >= timeline.zones.size()) {
        throw Error(Code::kCorruptData,
                    fmt::format("an event's zone must be below {}, found {}", timeline.zones.size(),
                                timeline.events.back().zone));
      }
    }
    from.at("num_dropped").get_to(timeline.num_dropped);
    return timeline;
  });
}

}  // namespace tickwerk::lab
