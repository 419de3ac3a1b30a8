#include "tickwerk/trace/timed_block.h"

#include <fmt/format.h>

#include <mutex>
#include <utility>

#include "tickwerk/trace/clock.h"
#include "tickwerk/trace/named_site.h"

namespace tickwerk::trace {
namespace {

struct Log {
  std::mutex mutex;
  LogSink sink;
};

/// Never destroyed: a block may close while the process ends.
Log& log() {
  static Log* const only = new Log;
  return *only;
}

}  // namespace

void set_log_sink(LogSink sink) {
  const std::lock_guard lock(log().mutex);
  log().sink = std::move(sink);
}

TimedBlock::TimedBlock(std::string_view name, const std::source_location& where)
    : line_(name), zone_(named_site(name, where.file_name(), static_cast<int>(where.line()))) {}

TimedBlock::Line::Line(std::string_view name) : name_(name), begin_ns_(monotonic_ns()) {}

TimedBlock::Line::~Line() {
  try {
    const double elapsed_sec = static_cast<double>(monotonic_ns() - begin_ns_) * 1e-9;
    const std::lock_guard lock(log().mutex);
    if (log().sink) log().sink(fmt::format("TIMING | {} | {:.3f} sec", name_, elapsed_sec));
  } catch (...) {
    // A line of the log is worth less than the exception that may be on its way.
  }
}

}  // namespace tickwerk::trace
