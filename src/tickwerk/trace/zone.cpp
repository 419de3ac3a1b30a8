#include "tickwerk/trace/zone.h"

#include <mutex>
#include <new>

#include "tickwerk/trace/clock.h"
#include "tickwerk/trace/zone_tree.h"

namespace tickwerk::trace {
namespace detail {
namespace {

struct Registry {
  std::mutex mutex;
  std::vector<ThreadTree*> all;
  std::vector<ThreadTree*> idle;  // of threads that ended
};

/// Never destroyed: zones may close while the process ends.
Registry& registry() {
  static Registry* const only = new Registry;
  return *only;
}

enum class ThreadState : unsigned char { kNew, kKnown, kEnded };

// initial-exec: one load instead of a call, also where the library is linked into a shared object.
[[gnu::tls_model("initial-exec")]] constinit thread_local Node* t_innermost = nullptr;
constinit thread_local ThreadTree* t_tree = nullptr;
constinit thread_local ThreadState t_state = ThreadState::kNew;

/// Hands the tree back when its thread ends; zones in later destructors of that thread are not
/// recorded.
struct ThreadEnd {
  ~ThreadEnd() {
    t_state = ThreadState::kEnded;
    t_innermost = nullptr;
    const std::lock_guard lock(registry().mutex);
    registry().idle.push_back(t_tree);
    t_tree = nullptr;
  }
};

/// The root of this thread's tree, made when it opens its first zone.
Node* root_of_this_thread() noexcept {
  if (t_state == ThreadState::kEnded) return nullptr;
  if (t_state == ThreadState::kNew) {
    try {
      Registry& known = registry();
      const std::lock_guard lock(known.mutex);
      known.all.reserve(known.all.size() + 1);
      known.idle.reserve(known.all.size() + 1);
      if (known.idle.empty()) {
        known.all.push_back(new ThreadTree);
        t_tree = known.all.back();
      } else {
        t_tree = known.idle.back();
        known.idle.pop_back();
      }
    } catch (...) {
      return nullptr;
    }
    t_state = ThreadState::kKnown;
    static thread_local const ThreadEnd end;
    static_cast<void>(end);
    t_innermost = &t_tree->root;
  }
  return t_innermost;
}

Node* append_child(Node* parent, const ZoneSite* site, const Node* adopted) noexcept {
  Node* const child = new (std::nothrow) Node;
  if (child == nullptr) return nullptr;
  child->site = site;
  child->parent = parent;
  child->adopted = adopted;
  child->thread = parent->thread;
  auto& place = parent->last_child == nullptr ? parent->first_child : parent->last_child->next;
  place.store(child, std::memory_order_release);
  parent->last_child = child;
  return child;
}

/// The child that `matches`, from the one after the cursor on and round: zones in a row and a zone
/// repeated are found at once, however many siblings there are.
template <typename Matches>
Node* find_child(Node* parent, Matches matches) noexcept {
  if (parent->cursor == nullptr) return nullptr;
  Node* child = parent->cursor;
  do {
    if (matches(*child)) {
      parent->cursor = child;
      return child;
    }
    child = child->next.load(std::memory_order_relaxed);
    if (child == nullptr) child = parent->first_child.load(std::memory_order_relaxed);
  } while (child != parent->cursor);
  return nullptr;
}

[[gnu::noinline]] Node* search_or_append(Node* parent, const ZoneSite& site) noexcept {
  Node* child = find_child(parent, [&](const Node& node) { return node.site == &site; });
  if (child == nullptr) child = append_child(parent, &site, nullptr);
  if (child != nullptr) parent->cursor = child;
  return child;
}

Node* adoption_of(ThreadTree& thread, const Node* zone) noexcept {
  Node* const parent = &thread.adoptions;
  Node* child = find_child(parent, [&](const Node& node) { return node.adopted == zone; });
  if (child == nullptr) child = append_child(parent, nullptr, zone);
  if (child != nullptr) parent->cursor = child;
  return child;
}

[[gnu::noinline]] EventSlot* make_event_slots(ThreadTree& thread) noexcept {
  EventSlot* const slots = new (std::nothrow) EventSlot[kNumEventSlots];
  thread.events.store(slots, std::memory_order_release);
  return slots;
}

void keep_event(const Node& node, std::uint64_t begin, std::uint64_t end) noexcept {
  ThreadTree& thread = *node.thread;
  EventSlot* slots = thread.events.load(std::memory_order_relaxed);
  if (slots == nullptr) slots = make_event_slots(thread);
  if (slots == nullptr) return;
  const std::uint64_t number = thread.num_events.load(std::memory_order_relaxed);
  EventSlot& slot = slots[number % kNumEventSlots];
  slot.node.store(&node, std::memory_order_relaxed);
  slot.begin.store(begin, std::memory_order_relaxed);
  slot.end.store(end, std::memory_order_relaxed);
  thread.num_events.store(number + 1, std::memory_order_release);
}

/// Adds one call to the node.
inline void close(Node& node, std::uint64_t begin) noexcept {
  const std::uint64_t end = ticks();
  const std::uint64_t elapsed = end > begin ? end - begin : 0;
  bump(node.calls, 1);
  bump(node.total, elapsed);
  if (elapsed < node.shortest.load(std::memory_order_relaxed)) {
    node.shortest.store(elapsed, std::memory_order_relaxed);
  }
  if (elapsed > node.longest.load(std::memory_order_relaxed)) {
    node.longest.store(elapsed, std::memory_order_relaxed);
  }
  if ((g_mode.load(std::memory_order_relaxed) & kEventsBit) != 0) keep_event(node, begin, end);
}

bool has_open_zone(const Node* innermost) noexcept { return innermost->parent != nullptr; }

}  // namespace

std::vector<ThreadTree*> all_threads() {
  const std::lock_guard lock(registry().mutex);
  return registry().all;
}

ThreadTree* this_thread() noexcept { return t_tree; }

void leave(Node* node, std::uint64_t begin) noexcept {
  close(*node, begin);
  t_innermost = node->parent;
}

void add_to_counter(Counter counter, std::uint64_t amount) noexcept {
  Node* const node = t_innermost;
  if (node == nullptr || !has_open_zone(node)) return;
  bump(node->counters[static_cast<std::size_t>(counter)], amount);
}

}  // namespace detail

void set_zones(Switch zones, Events events) noexcept {
  unsigned mode = 0;
  if (zones == Switch::kOn) {
    start_clock_once();
    mode = detail::kZonesBit | (events == Events::kKeep ? detail::kEventsBit : 0);
  }
  detail::g_mode.store(mode);
}

void Zone::open(const ZoneSite& site) noexcept {
  detail::Node* parent = detail::t_innermost;
  if (parent == nullptr) [[unlikely]] {
    parent = detail::root_of_this_thread();
    if (parent == nullptr) return;
  }
  detail::Node* node = parent->cursor;
  if (node == nullptr || node->site != &site) [[unlikely]] {
    node = detail::search_or_append(parent, site);
    if (node == nullptr) return;
  }
  detail::t_innermost = node;
  node_ = node;
  begin_ = ticks();
}

ZoneHandle current_zone() noexcept {
  detail::Node* const node = detail::t_innermost;
  return {node != nullptr && detail::has_open_zone(node) ? node : nullptr};
}

AdoptedZone::AdoptedZone(ZoneHandle parent) noexcept {
  if (parent.node == nullptr) return;
  const detail::Node* const innermost = detail::root_of_this_thread();
  if (innermost == nullptr || detail::has_open_zone(innermost)) return;
  node_ = detail::adoption_of(*detail::t_tree, static_cast<const detail::Node*>(parent.node));
  if (node_ == nullptr) return;
  detail::t_innermost = node_;
  begin_ = ticks();
}

AdoptedZone::~AdoptedZone() {
  if (node_ == nullptr) return;
  detail::close(*node_, begin_);
  detail::t_innermost = &detail::t_tree->root;
}

}  // namespace tickwerk::trace
