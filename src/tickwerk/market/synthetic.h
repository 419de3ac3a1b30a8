// A deterministic market of any size from a seed: the data of the jobs when no prices are given, so
// that a fresh checkout needs no download. Used by `job`, `tickwerk data synth`, tests and
// benchmarks. It has the stylised facts of daily equities and no corporate actions; nothing learned
// on it is evidence of an edge.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tickwerk/market/bars.h"

namespace tickwerk::market {

inline constexpr std::size_t kMaxSyntheticSymbols = 100'000;

struct SyntheticConfig {
  std::size_t num_symbols = 200;       // 1 to kMaxSyntheticSymbols
  std::size_t num_sessions = 2520;     // 1 to the NYSE sessions from 1990 to `end`
  std::uint64_t seed = 42;             // any
  Date end = make_date(2024, 12, 31);  // 1990 to 2035; the last row is the last session up to it
};

/// Daily open, high, low, close (dollars, whole cents) and volume (whole shares) on NYSE sessions.
/// Returns are a market and eleven sector factors plus the symbol's own part, each split into night
/// and day, with volatility that clusters and is shared; volume follows volatility and the size of
/// the move. About one symbol in ten lists late, 3 % are delisted (also when the close is below one
/// dollar), a bar in 5000 is missing. low <= open, close <= high always; every row has a bar, and
/// every symbol. The bits depend on the configuration alone, not on machine, instruction set or
/// threads; symbol i is the same whatever num_symbols is. Cost: about 70 ns a bar and thread with
/// AVX-512, 200 with SSE2, memory of the five panels. Throws kInvalidArgument when a field is out
/// of its range.
Bars make_synthetic(const SyntheticConfig& config);

}  // namespace tickwerk::market
