// The call trees as the zones recorded them, in nanoseconds: one for the calling thread, one in
// which all other threads are merged. Used by the lab, which writes and shows them; no clock is
// read but to scale the ticks.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "tickwerk/trace/zone.h"

namespace tickwerk::trace {

/// A zone below its parent; siblings differ in (name, file, line) and stand in the order of their
/// first call.
struct CallNode {
  std::string name;
  std::string file;  // path in the repository, `~` for a job, its steps and roots
  int line = 0;
  std::uint64_t calls = 0;     // closed ones; 0 for a zone that is still open or only holds others
  std::uint64_t total_ns = 0;  // at least the total of the children
  std::uint64_t self_ns = 0;   // total less the total of the children
  std::uint64_t min_ns = 0;
  std::uint64_t max_ns = 0;
  std::array<std::uint64_t, kNumCounters> counters{};
  std::vector<CallNode> children;

  std::uint64_t counter(Counter which) const { return counters[static_cast<std::size_t>(which)]; }
  bool operator==(const CallNode&) const = default;
};

struct CallTrees {
  /// The calling thread: its outermost zone where there is one only (the job), else a root `<main>`
  /// of one call that adds up the outermost zones.
  CallNode main;
  /// All other threads: a root `<workers>` without calls; zones that a worker adopted stand at the
  /// end of the path they have in the tree of their own thread, their times being those of the
  /// workers. The totals add up over threads and may exceed the time that passed. No children when
  /// only one thread had zones.
  CallNode workers;

  bool operator==(const CallTrees&) const = default;
};

/// What was recorded since the start or the last reset. Call it while no other thread has a zone
/// open: their open zones are left out then (nothing breaks, but a parent may read shorter than it
/// was).
CallTrees collect();

/// Forgets all calls, counters and events. Call it while no zone is open: one that is open counts
/// in full when it closes.
void reset();

/// `rows`, `bytes_read`, `bytes_written`, `cache_hits`, `cache_misses`, `orders`, `fills`.
const char* counter_name(Counter counter) noexcept;

}  // namespace tickwerk::trace
