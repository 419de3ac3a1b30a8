#include "tickwerk/trace/clock.h"

#include <time.h>

#include <mutex>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace tickwerk::trace {
namespace {

/// Both clocks read at one moment.
struct Reading {
  std::uint64_t ticks = 0;
  std::uint64_t ns = 0;
};

constexpr std::uint64_t kShortestScaleNs = 1'000'000;

std::mutex g_mutex;
bool g_started = false;
Reading g_start;

/// Of a few tries the one with the shortest gap: an interrupt between the clocks would tilt the
/// scale.
Reading read_both() noexcept {
  Reading best;
  std::uint64_t best_gap = ~std::uint64_t{0};
  for (int i = 0; i < 5; ++i) {
    const std::uint64_t before = ticks();
    const std::uint64_t ns = monotonic_ns();
    const std::uint64_t gap = ticks() - before;
    if (gap < best_gap) {
      best_gap = gap;
      best = {before + gap / 2, ns};
    }
  }
  return best;
}

void start_locked(ClockSource source) noexcept {
  detail::g_reads_counter = source == ClockSource::kTimeStampCounter;
  g_start = read_both();
  g_started = true;
}

}  // namespace

ClockSource best_clock_source() noexcept {
#if defined(__x86_64__)
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  if (__get_cpuid(0x80000007, &eax, &ebx, &ecx, &edx) != 0 && (edx & (1u << 8)) != 0) {
    return ClockSource::kTimeStampCounter;
  }
#endif
  return ClockSource::kMonotonic;
}

void start_clock(ClockSource source) noexcept {
  const std::lock_guard lock(g_mutex);
  start_locked(source);
}

void start_clock_once() noexcept {
  const std::lock_guard lock(g_mutex);
  if (!g_started) start_locked(best_clock_source());
}

ClockSource clock_source() noexcept {
  return detail::g_reads_counter ? ClockSource::kTimeStampCounter : ClockSource::kMonotonic;
}

std::uint64_t monotonic_ns() noexcept {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000u +
         static_cast<std::uint64_t>(now.tv_nsec);
}

ClockScale clock_scale() noexcept {
  start_clock_once();
  const std::lock_guard lock(g_mutex);
  if (clock_source() == ClockSource::kMonotonic) return {g_start.ticks, g_start.ns, 1.0};
  while (monotonic_ns() - g_start.ns < kShortestScaleNs) {
  }
  const Reading now = read_both();
  return {
      g_start.ticks, g_start.ns,
      static_cast<double>(now.ns - g_start.ns) / static_cast<double>(now.ticks - g_start.ticks)};
}

}  // namespace tickwerk::trace
