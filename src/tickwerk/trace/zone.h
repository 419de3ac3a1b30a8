// Timed scopes. `TW_ZONE("name")` at the top of a scope adds one node to the call tree of its
// thread: calls, total, min and max time. Switched off at run time a zone costs one predictable
// branch; compiled with TICKWERK_NO_ZONES it is nothing. This is the probe: call_tree.h and
// timeline.h hand out what it saw, and what is done with that is the lab's affair.
#pragma once

#include <atomic>
#include <cstdint>

namespace tickwerk::trace {

/// Where a zone stands in the source; static storage, so its address is its identity.
struct ZoneSite {
  const char* name;
  const char* file;
  int line;
};

enum class Counter { kRows, kBytesRead, kBytesWritten, kCacheHits, kCacheMisses, kOrders, kFills };
inline constexpr int kNumCounters = 7;

enum class Switch { kOff, kOn };
/// Whether each closed zone is also kept as an event with its begin, for timeline.h; about 2 ns
/// more a zone.
enum class Events { kForget, kKeep };
/// Zones opened from here on are recorded, or not. Off when the process starts.
void set_zones(Switch zones, Events events = Events::kForget) noexcept;

namespace detail {

struct Node;
inline constexpr unsigned kZonesBit = 1;
inline constexpr unsigned kEventsBit = 2;
inline constinit std::atomic<unsigned> g_mode{0};

void leave(Node* node, std::uint64_t begin) noexcept;
void add_to_counter(Counter counter, std::uint64_t amount) noexcept;

}  // namespace detail

/// Closes in the reverse order of opening, on its own thread, also when an exception leaves the
/// scope.
class Zone {
 public:
  explicit Zone(const ZoneSite& site) noexcept {
    if (detail::g_mode.load(std::memory_order_relaxed) == 0) [[likely]]
      return;
    open(site);
  }
  ~Zone() {
    if (node_ != nullptr) [[unlikely]]
      detail::leave(node_, begin_);
  }
  Zone(const Zone&) = delete;
  Zone& operator=(const Zone&) = delete;

 private:
  void open(const ZoneSite& site) noexcept;

  detail::Node* node_ = nullptr;  // null when zones were off
  std::uint64_t begin_ = 0;
};

/// Adds to a counter of the innermost open zone of this thread; without one the amount is not kept.
inline void count(Counter counter, std::uint64_t amount) noexcept {
  if (detail::g_mode.load(std::memory_order_relaxed) != 0) [[unlikely]] {
    detail::add_to_counter(counter, amount);
  }
}

/// The innermost open zone of this thread, to be handed to a worker thread; empty when there is
/// none.
struct ZoneHandle {
  void* node = nullptr;
};
ZoneHandle current_zone() noexcept;

/// While it lives, zones of this (worker) thread are recorded below a zone of another thread, and
/// its own time and calls are those of that zone on the workers. Does nothing on a thread that has
/// a zone open (the caller of a parallel loop that takes a share itself, a worker that waits in a
/// nested loop): there zones belong where the thread stands, which keeps every node at least as
/// long as its children.
class AdoptedZone {
 public:
  explicit AdoptedZone(ZoneHandle parent) noexcept;
  ~AdoptedZone();
  AdoptedZone(const AdoptedZone&) = delete;
  AdoptedZone& operator=(const AdoptedZone&) = delete;

 private:
  detail::Node* node_ = nullptr;
  std::uint64_t begin_ = 0;
};

}  // namespace tickwerk::trace

#define TW_ZONE_JOIN2(a, b) a##b
#define TW_ZONE_JOIN(a, b) TW_ZONE_JOIN2(a, b)
#ifdef TICKWERK_NO_ZONES
#define TW_ZONE(name) static_assert(true)
#else
#define TW_ZONE(name)                                                                           \
  static constexpr ::tickwerk::trace::ZoneSite TW_ZONE_JOIN(tw_site_, __LINE__){name, __FILE__, \
                                                                                __LINE__};      \
  const ::tickwerk::trace::Zone TW_ZONE_JOIN(tw_zone_, __LINE__)(TW_ZONE_JOIN(tw_site_, __LINE__))
#endif
