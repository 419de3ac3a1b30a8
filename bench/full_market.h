// The synthetic market without its late listings, delistings and missing bars: what the factor
// panel and its peers are measured on, so that all of them compute the same. Used by benchmarks.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tickwerk/market/bars.h"

namespace tickwerk::bench {

struct FullMarket {
  std::size_t num_symbols = 500;
  std::size_t num_sessions = 2520;
  std::uint64_t seed = 42;
};

/// The first symbols of the synthetic market of that seed that have a bar on every session, under
/// their own names; prices rounded to whole 1/64 dollars. So every sum of prices is exact, in
/// whatever order an engine adds, and days on which factors tie are tied for all of them.
/// Throws kInternal when the market drawn from holds too few.
market::Bars make_full_market(const FullMarket& wanted);

}  // namespace tickwerk::bench
