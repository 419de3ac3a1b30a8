// The clock of the zones: the invariant time-stamp counter where the processor has one, else
// CLOCK_MONOTONIC. Ticks become nanoseconds only when a tree is collected: both clocks are read
// when zones are switched on and again then, so nothing is calibrated ahead and a longer run is
// measured more exactly.
#pragma once

#include <atomic>
#include <cstdint>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace tickwerk::trace {

enum class ClockSource { kMonotonic, kTimeStampCounter };

/// The source that this processor allows (cpuid leaf 0x80000007, EDX bit 8: AMD64 Architecture
/// Programmer's Manual volume 3, appendix E; Intel Software Developer's Manual volume 2, CPUID).
ClockSource best_clock_source() noexcept;

/// Starts the clock anew with `source`. Only while no zone is open and before any is collected:
/// ticks of two sources do not mix. Without this call the first set_zones(kOn) takes the best
/// source.
void start_clock(ClockSource source) noexcept;

/// Starts the clock with the best source unless it runs already.
void start_clock_once() noexcept;

ClockSource clock_source() noexcept;

/// CLOCK_MONOTONIC in nanoseconds.
std::uint64_t monotonic_ns() noexcept;

/// Ticks against nanoseconds, as a line through the moment the clock was started.
struct ClockScale {
  std::uint64_t start_ticks = 0;
  std::uint64_t start_ns = 0;
  double ns_per_tick = 1.0;

  /// Rounded down, so that parts never add up to more than their whole.
  std::uint64_t duration_ns(std::uint64_t ticks) const noexcept {
    return static_cast<std::uint64_t>(static_cast<double>(ticks) * ns_per_tick);
  }
  /// Nanoseconds of `ticks` since the clock was started; 0 before that.
  std::uint64_t since_start_ns(std::uint64_t ticks) const noexcept {
    return ticks > start_ticks ? duration_ns(ticks - start_ticks) : 0;
  }
};

/// The scale as known now. Waits until 1 ms after the clock's start, for a ratio good to about 1e-4
/// then and better with every further second.
ClockScale clock_scale() noexcept;

namespace detail {
inline constinit std::atomic<bool> g_reads_counter{false};
}  // namespace detail

/// Cost: about 10 ns with the counter, 23 ns without.
inline std::uint64_t ticks() noexcept {
#if defined(__x86_64__)
  if (detail::g_reads_counter.load(std::memory_order_relaxed)) [[likely]]
    return __rdtsc();
#endif
  return monotonic_ns();
}

}  // namespace tickwerk::trace
