// A market without gaps for the benchmarks: every symbol has a bar on every session. Prices are
// random walks with a little drift; the same bits on every machine.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tickwerk/market/bars.h"

namespace tickwerk::bench {

struct RandomWalk {
  std::size_t num_symbols = 200;
  std::size_t num_sessions = 2520;
  std::uint64_t seed = 7;
};

enum class Fields { kOhlcv, kClose };

/// Daily bars on the calendar days from 2015-01-01: close = open of the day times exp(1.9 %
/// normal), open = last close times exp(0.5 % normal), first close near 100.
market::Bars make_random_walk(const RandomWalk& walk, Fields fields);

}  // namespace tickwerk::bench
