#include "tickwerk/trace/call_tree.h"

#include <algorithm>
#include <utility>

#include "tickwerk/trace/clock.h"
#include "tickwerk/trace/zone_tree.h"

namespace tickwerk::trace {
namespace {

using detail::Node;
using detail::ThreadTree;

std::uint64_t get(const std::atomic<std::uint64_t>& value) noexcept {
  return value.load(std::memory_order_relaxed);
}

template <typename Visit>
void for_each_child(const Node& parent, Visit visit) {
  const Node* child = parent.first_child.load(std::memory_order_acquire);
  for (; child != nullptr; child = child->next.load(std::memory_order_acquire)) visit(*child);
}

/// The child at `site`, added when it is new. Equal text is the same zone: a template has a site
/// per instance.
CallNode& child_at(CallNode& parent, const ZoneSite& site) {
  for (CallNode& child : parent.children) {
    if (child.line == site.line && child.name == site.name && child.file == site.file) return child;
  }
  CallNode& child = parent.children.emplace_back();
  child.name = site.name;
  child.file = site.file;
  child.line = site.line;
  return child;
}

void add_measured(const Node& node, const ClockScale& scale, CallNode& out) {
  if (const std::uint64_t calls = get(node.calls); calls > 0) {
    const std::uint64_t shortest_ns = scale.duration_ns(get(node.shortest));
    out.min_ns = out.calls == 0 ? shortest_ns : std::min(out.min_ns, shortest_ns);
    out.max_ns = std::max(out.max_ns, scale.duration_ns(get(node.longest)));
    out.calls += calls;
    out.total_ns += scale.duration_ns(get(node.total));
  }
  for (std::size_t i = 0; i < out.counters.size(); ++i) out.counters[i] += get(node.counters[i]);
}

void add_children(const Node& from, const ClockScale& scale, CallNode& out) {
  for_each_child(from, [&](const Node& node) {
    CallNode& child = child_at(out, detail::site_of(node));
    add_measured(node, scale, child);
    add_children(node, scale, child);
  });
}

/// From the outermost zone to `node`, through the zones that were adopted on the way.
std::vector<const ZoneSite*> path_to(const Node* node) {
  std::vector<const ZoneSite*> path;
  while (node->parent != nullptr) {
    if (node->adopted != nullptr) {
      node = node->adopted;
    } else {
      path.push_back(node->site);
      node = node->parent;
    }
  }
  std::reverse(path.begin(), path.end());
  return path;
}

void add_adoptions(const ThreadTree& thread, const ClockScale& scale, CallNode& out) {
  for_each_child(thread.adoptions, [&](const Node& node) {
    if (get(node.calls) == 0 && node.first_child.load(std::memory_order_acquire) == nullptr) return;
    const std::uint64_t total_ns = scale.duration_ns(get(node.total));
    CallNode* place = &out;
    for (const ZoneSite* site : path_to(&node)) {
      if (place != &out) place->total_ns += total_ns;
      place = &child_at(*place, *site);
    }
    add_measured(node, scale, *place);
    add_children(node, scale, *place);
  });
}

bool is_empty(const CallNode& node) {
  return node.calls == 0 && node.children.empty() &&
         std::all_of(node.counters.begin(), node.counters.end(), [](auto n) { return n == 0; });
}

/// Drops what a reset left behind and makes every total at least the sum of its parts.
void settle(CallNode& node) {
  std::uint64_t children_ns = 0;
  for (CallNode& child : node.children) {
    settle(child);
    children_ns += child.total_ns;
  }
  std::erase_if(node.children, is_empty);
  node.total_ns = std::max(node.total_ns, children_ns);
  node.self_ns = node.total_ns - children_ns;
}

CallNode root(std::string name, std::uint64_t calls) {
  CallNode node;
  node.name = std::move(name);
  node.file = std::string(1, '~');
  node.calls = calls;
  return node;
}

}  // namespace

CallTrees collect() {
  const ClockScale scale = clock_scale();
  CallTrees trees{root("<main>", 1), root("<workers>", 0)};
  const ThreadTree* const here = detail::this_thread();
  for (const ThreadTree* thread : detail::all_threads()) {
    add_children(thread->root, scale, thread == here ? trees.main : trees.workers);
    add_adoptions(*thread, scale, trees.workers);
  }
  settle(trees.main);
  settle(trees.workers);
  if (trees.main.children.size() == 1) {
    CallNode only = std::move(trees.main.children.front());
    trees.main = std::move(only);
  } else {
    trees.main.min_ns = trees.main.max_ns = trees.main.total_ns;
  }
  return trees;
}

void reset() {
  const auto zero = [](const auto& self, Node& node) -> void {
    node.calls.store(0, std::memory_order_relaxed);
    node.total.store(0, std::memory_order_relaxed);
    node.shortest.store(detail::kNoTicks, std::memory_order_relaxed);
    node.longest.store(0, std::memory_order_relaxed);
    for (auto& counter : node.counters) counter.store(0, std::memory_order_relaxed);
    Node* child = node.first_child.load(std::memory_order_acquire);
    for (; child != nullptr; child = child->next.load(std::memory_order_acquire))
      self(self, *child);
  };
  for (ThreadTree* thread : detail::all_threads()) {
    zero(zero, thread->root);
    zero(zero, thread->adoptions);
    thread->num_events.store(0, std::memory_order_release);
  }
}

const char* counter_name(Counter counter) noexcept {
  switch (counter) {
    case Counter::kRows:
      return "rows";
    case Counter::kBytesRead:
      return "bytes_read";
    case Counter::kBytesWritten:
      return "bytes_written";
    case Counter::kCacheHits:
      return "cache_hits";
    case Counter::kCacheMisses:
      return "cache_misses";
    case Counter::kOrders:
      return "orders";
    case Counter::kFills:
      return "fills";
  }
  return "";
}

}  // namespace tickwerk::trace
