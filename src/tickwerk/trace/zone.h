// Timed scopes. `TW_ZONE("name")` at the top of a scope adds one node to the call tree of its thread: calls,
// total, min and max time. Switched off at run time a zone costs one predictable branch; compiled with
// TICKWERK_NO_ZONES it is nothing. This is the probe: what is done with the tree is the lab's affair.
#pragma once

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
/// Zones opened from here on are recorded, or not. Off when the process starts.
void set_zones(Switch zones) noexcept;

class Zone {
 public:
  explicit Zone(const ZoneSite& site) noexcept;
  ~Zone();
  Zone(const Zone&) = delete;
  Zone& operator=(const Zone&) = delete;

 private:
  void* node_;  // null when zones were off
  std::uint64_t begin_;
};

/// Adds to a counter of the innermost open zone of this thread.
void count(Counter counter, std::uint64_t amount) noexcept;

/// The innermost open zone of this thread, to be handed to a worker thread.
struct ZoneHandle {
  void* node = nullptr;
};
ZoneHandle current_zone() noexcept;

/// While it lives, zones of this (worker) thread are recorded below a zone of another thread.
class AdoptedZone {
 public:
  explicit AdoptedZone(ZoneHandle parent) noexcept;
  ~AdoptedZone();
  AdoptedZone(const AdoptedZone&) = delete;
  AdoptedZone& operator=(const AdoptedZone&) = delete;

 private:
  void* previous_;
};

}  // namespace tickwerk::trace

#define TW_ZONE_JOIN2(a, b) a##b
#define TW_ZONE_JOIN(a, b) TW_ZONE_JOIN2(a, b)
#ifdef TICKWERK_NO_ZONES
#define TW_ZONE(name) static_assert(true)
#else
#define TW_ZONE(name)                                                                       \
  static constexpr ::tickwerk::trace::ZoneSite TW_ZONE_JOIN(tw_site_, __LINE__){name, __FILE__, \
                                                                                __LINE__};  \
  const ::tickwerk::trace::Zone TW_ZONE_JOIN(tw_zone_, __LINE__)(TW_ZONE_JOIN(tw_site_, __LINE__))
#endif
