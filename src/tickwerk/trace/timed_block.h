// A zone for user code that also says how long it took: `const auto block =
// trace::timed_block("build_factors");` logs `TIMING | build_factors | 0.123 sec` when the scope is
// left, by an exception too, through the sink that the program installed. Prints nothing by itself;
// inside tickwerk TW_ZONE is the cheaper word.
#pragma once

#include <cstdint>
#include <functional>
#include <source_location>
#include <string>
#include <string_view>

#include "tickwerk/trace/zone.h"

namespace tickwerk::trace {

/// Takes one line without a line end; may be called from several threads, one at a time. Called
/// with a lock held, so it must not open timed blocks itself. An exception of the sink is
/// swallowed.
using LogSink = std::function<void(std::string_view line)>;

/// An empty sink (the initial state) drops the lines.
void set_log_sink(LogSink sink);

class TimedBlock {
 public:
  TimedBlock(std::string_view name, const std::source_location& where);
  TimedBlock(const TimedBlock&) = delete;
  TimedBlock& operator=(const TimedBlock&) = delete;

 private:
  class Line {
   public:
    explicit Line(std::string_view name);
    ~Line();
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;

   private:
    std::string name_;
    std::uint64_t begin_ns_;
  };

  Line line_;  // before the zone, so that logging is outside it
  Zone zone_;
};

/// Times from here to the end of the object's life, whether zones are on or off; the zone is
/// recorded when they are on. Names must come from a small set (named_site.h).
[[nodiscard]] inline TimedBlock timed_block(
    std::string_view name, const std::source_location& where = std::source_location::current()) {
  return {name, where};
}

}  // namespace tickwerk::trace
