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
/// their own names. The rounding of prices to cents is undone by a random part of a cent: prices of
/// whole cents make exact ties of factors, which every engine parts in its own way by its last bit.
/// The same bits on every machine. Throws kInternal when the market drawn from holds too few.
market::Bars make_full_market(const FullMarket& wanted);

}  // namespace tickwerk::bench
