// The price of a zone: against an empty loop when off, with and without events when on. Aims: at
// most 1 ns off, 25 ns on, nothing when compiled out.
#include <benchmark/benchmark.h>

#include "tickwerk/trace/call_tree.h"
#include "tickwerk/trace/clock.h"
#include "tickwerk/trace/timed_block.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::trace {
namespace {

void EmptyLoop(benchmark::State& state) {
  for (auto _ : state) benchmark::ClobberMemory();
}
BENCHMARK(EmptyLoop);

void TwoClockReads(benchmark::State& state) {
  set_zones(Switch::kOn);
  for (auto _ : state) {
    benchmark::DoNotOptimize(ticks());
    benchmark::DoNotOptimize(ticks());
  }
  set_zones(Switch::kOff);
}
BENCHMARK(TwoClockReads);

void ZoneOff(benchmark::State& state) {
  for (auto _ : state) {
    TW_ZONE("off");
    benchmark::ClobberMemory();
  }
}
BENCHMARK(ZoneOff);

void ZoneOn(benchmark::State& state) {
  set_zones(Switch::kOn);
  for (auto _ : state) {
    TW_ZONE("on");
    benchmark::ClobberMemory();
  }
  set_zones(Switch::kOff);
}
BENCHMARK(ZoneOn);

void ZoneOnWithEvents(benchmark::State& state) {
  set_zones(Switch::kOn, Events::kKeep);
  for (auto _ : state) {
    TW_ZONE("on with events");
    benchmark::ClobberMemory();
  }
  set_zones(Switch::kOff);
}
BENCHMARK(ZoneOnWithEvents);

/// Three siblings in turn inside a parent: four zones an iteration.
void FourZonesOn(benchmark::State& state) {
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
BENCHMARK(FourZonesOn);

void ZoneOnByMonotonicClock(benchmark::State& state) {
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
BENCHMARK(ZoneOnByMonotonicClock);

void CountOn(benchmark::State& state) {
  set_zones(Switch::kOn);
  {
    TW_ZONE("counted");
    for (auto _ : state) count(Counter::kRows, 1);
  }
  set_zones(Switch::kOff);
}
BENCHMARK(CountOn);

void TimedBlockOn(benchmark::State& state) {
  set_zones(Switch::kOn);
  for (auto _ : state) {
    const auto block = timed_block("block");
    benchmark::ClobberMemory();
  }
  set_zones(Switch::kOff);
}
BENCHMARK(TimedBlockOn);

}  // namespace
}  // namespace tickwerk::trace
