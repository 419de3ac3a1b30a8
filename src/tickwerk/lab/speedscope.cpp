#include "tickwerk/lab/speedscope.h"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "tickwerk/lab/call_tree_functions.h"

namespace tickwerk::lab {
namespace {

using nlohmann::ordered_json;

class Frames {
 public:
  std::size_t number_of(const trace::CallNode& node) {
    const auto [known, is_new] =
        numbers_.try_emplace(Function{node.file, node.line, node.name}, numbers_.size());
    if (is_new) {
      ordered_json frame{{"name", node.name}};
      if (node.file != "~") {
        frame["file"] = node.file;
        frame["line"] = node.line;
      }
      list_.push_back(std::move(frame));
    }
    return known->second;
  }

  ordered_json take() { return std::move(list_); }

 private:
  std::map<Function, std::size_t> numbers_;
  ordered_json list_ = ordered_json::array();
};

void add_events(const trace::CallNode& node,
                std::uint64_t begin_ns,
                Frames& frames,
                ordered_json& events) {
  const std::size_t frame = frames.number_of(node);
  events.push_back({{"type", "O"}, {"frame", frame}, {"at", begin_ns}});
  std::uint64_t child_begin_ns = begin_ns;
  for (const trace::CallNode& child : node.children) {
    add_events(child, child_begin_ns, frames, events);
    child_begin_ns += child.total_ns;
  }
  events.push_back({{"type", "C"}, {"frame", frame}, {"at", begin_ns + node.total_ns}});
}

ordered_json profile(const trace::CallNode& root, std::string_view name, Frames& frames) {
  ordered_json events = ordered_json::array();
  add_events(root, 0, frames, events);
  return {{"type", "evented"},         {"name", name},
          {"unit", "nanoseconds"},     {"startValue", 0},
          {"endValue", root.total_ns}, {"events", std::move(events)}};
}

}  // namespace

std::string speedscope(const trace::CallTrees& trees, std::string_view job) {
  Frames frames;
  ordered_json profiles = ordered_json::array();
  profiles.push_back(profile(job_root(trees.main, job), "main thread", frames));
  if (!trees.workers.children.empty()) {
    profiles.push_back(profile(trees.workers, "worker threads, added up", frames));
  }
  const ordered_json file{{"$schema", "https://www.speedscope.app/file-format-schema.json"},
                          {"name", fmt::format("{} (instrumented zones only)", job)},
                          {"exporter", "tickwerk"},
                          {"activeProfileIndex", 0},
                          {"shared", {{"frames", frames.take()}}},
                          {"profiles", std::move(profiles)}};
  return file.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace tickwerk::lab
