// The last zones that closed on every thread, each with its begin: a picture of one run in time,
// kept while zones are on with Events::kKeep. The call tree has every call; this has the newest
// 32768 of each thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tickwerk::trace {

struct TimelineZone {
  std::string name;
  std::string file;
  int line = 0;
  bool operator==(const TimelineZone&) const = default;
};

struct TimelineEvent {
  std::uint32_t zone = 0;  // index into Timeline::zones
  std::uint32_t thread =
      0;  // 0 is the thread that collected, the others follow in the order they appeared
  std::uint64_t begin_ns = 0;  // since zones were first switched on
  std::uint64_t duration_ns = 0;
  bool operator==(const TimelineEvent&) const = default;
};

struct Timeline {
  std::vector<TimelineZone> zones;
  std::vector<TimelineEvent> events;  // by thread, then begin; an outer zone before those inside it
  std::uint64_t num_dropped = 0;      // older events that newer ones overwrote
  bool operator==(const Timeline&) const = default;
};

/// Since the start or the last reset. Call it while no other thread has a zone open.
Timeline collect_timeline();

}  // namespace tickwerk::trace
