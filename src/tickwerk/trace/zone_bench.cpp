// The price of a zone: against an empty loop when off, with and without events when on. Aims: at
// most 1 ns off, 25 ns on, nothing when compiled out.
#include <benchmark/benchmark.h>

#include "tickwerk/trace/call_tree.h"
#include "tickwerk/trace/clock.h"
#include "tickwerk/trace/timed_block.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::trace {
namespace {

void empty_loop(benchmark::State& state) {
  for (auto _ : state) benchmark::ClobberMemory();
}
BENCHMARK(empty_loop);

void two_clock_reads(benchmark::State& state) {
  set_zones(Switch::kOn);
  for (auto _ : state) {
    benchmark::DoNotOptimize(ticks());
    benchmark::DoNotOptimize(ticks());
  }
  set_zones(Switch::kOff);
}
BENCHMARK(two_clock_reads);

void zone_off(benchmark::State& state) {
  for (auto _ : state) {
    TW_ZONE("off");
    benchmark::ClobberMemory();
  }
}
BENCHMARK(zone_off);

void zone_on(benchmark::State& state) {
  set_zones(Switch::kOn);
  for (auto _ : state) {
    TW_ZONE("on");
    benchmark::ClobberMemory();
  }
  set_zones(Switch::kOff);
}
BENCHMARK(zone_on);

void zone_on_with_events(benchmark::State& state) {
  set_zones(Switch::kOn, Events::kKeep);
  for (auto _ : state) {
    TW_ZONE("on with events");
    benchmark::ClobberMemory();
  }
  set_zones(Switch::kOff);
}
BENCHMARK(zone_on_with_events);

/// Three siblings in turn inside a parent: four zones an iteration.
void four_zones_on(benchmark::State& state) {
  set_zones(Switch::kOn);
  for (auto _ : state) {
    TW_ZONE("parent");
    {
      TW_ZONE("first");
      benchmark::ClobberMemory();
    }
    {
      TW_ZONE("second");
      benchmark::ClobberMemory();
    }
    {
      TW_ZONE("third");
      benchmark::ClobberMemory();
    }
  }
  set_zones(Switch::kOff);
}
BENCHMARK(four_zones_on);

void zone_on_by_monotonic_clock(benchmark::State& state) {
  start_clock(ClockSource::kMonotonic);
  set_zones(Switch::kOn);
  for (auto _ : state) {
    TW_ZONE("by CLOCK_MONOTONIC");
    benchmark::ClobberMemory();
  }
  set_zones(Switch::kOff);
  reset();
  start_clock(best_clock_source());
}
BENCHMARK(zone_on_by_monotonic_clock);

void count_on(benchmark::State& state) {
  set_zones(Switch::kOn);
  {
    TW_ZONE("counted");
    for (auto _ : state) count(Counter::kRows, 1);
  }
  set_zones(Switch::kOff);
}
BENCHMARK(count_on);

void timed_block_on(benchmark::State& state) {
  set_zones(Switch::kOn);
  for (auto _ : state) {
    const auto block = timed_block("block");
    benchmark::ClobberMemory();
  }
  set_zones(Switch::kOff);
}
BENCHMARK(timed_block_on);

}  // namespace
}  // namespace tickwerk::trace
