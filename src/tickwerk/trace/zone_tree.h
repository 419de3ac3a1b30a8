// How zones are kept while they run: one tree of nodes per thread, written by that thread only.
// Used by zone.cpp (writes), call_tree.cpp and timeline.cpp (read); nobody else. All that another
// thread may read is atomic, written without read-modify-write instructions, so a reader never
// races and a writer never pays.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "tickwerk/trace/zone.h"

namespace tickwerk::trace::detail {

inline constexpr std::uint64_t kNoTicks = std::numeric_limits<std::uint64_t>::max();

struct ThreadTree;

/// One zone below one parent. `next` and `first_child` are set once; a node never goes away.
struct Node {
  const ZoneSite* site = nullptr;  // null for roots and adoptions
  Node* parent = nullptr;          // null for the roots of a thread
  const Node* adopted =
      nullptr;  // the zone of another thread that this node stands for; not read by its owner
  ThreadTree* thread = nullptr;
  std::atomic<Node*> first_child{nullptr};
  std::atomic<Node*> next{nullptr};
  Node* cursor = nullptr;      // the child opened last: asked first, then the siblings after it
  Node* last_child = nullptr;  // where the next one is appended

  std::atomic<std::uint64_t> calls{0};
  std::atomic<std::uint64_t> total{0};
  std::atomic<std::uint64_t> shortest{kNoTicks};
  std::atomic<std::uint64_t> longest{0};
  std::array<std::atomic<std::uint64_t>, kNumCounters> counters{};
};

/// A closed zone with its ticks.
struct EventSlot {
  std::atomic<const Node*> node{nullptr};
  std::atomic<std::uint64_t> begin{0};
  std::atomic<std::uint64_t> end{0};
};

/// Events kept per thread, 0.8 MB; older ones are overwritten, so outer zones, which close last,
/// survive.
inline constexpr std::uint64_t kNumEventSlots = 32'768;

struct ThreadTree {
  ThreadTree() {
    root.thread = this;
    adoptions.thread = this;
  }

  Node root;       // parent of the outermost zones
  Node adoptions;  // parent of the nodes that stand for zones of other threads
  std::atomic<EventSlot*> events{nullptr};  // kNumEventSlots of them, once the first is kept
  std::atomic<std::uint64_t> num_events{0};
};

/// The trees of all threads that ever opened a zone, in the order of their first; a thread that
/// ended leaves its tree to the next new one.
std::vector<ThreadTree*> all_threads();

/// The tree of the calling thread; null when it has none yet.
ThreadTree* this_thread() noexcept;

/// Where the zone stands that the node is or stands for; the node is no root.
inline const ZoneSite& site_of(const Node& node) noexcept {
  const Node* own = &node;
  while (own->adopted != nullptr) own = own->adopted;
  return *own->site;
}

inline void bump(std::atomic<std::uint64_t>& value, std::uint64_t amount) noexcept {
  value.store(value.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
}

}  // namespace tickwerk::trace::detail
