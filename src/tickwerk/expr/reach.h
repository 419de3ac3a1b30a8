// How far an expression reads in time, counted in the symbol's own bars. Everything that depends on
// time is derived from it: warm-up, purge, what a resumed run must read again, and the refusal of
// look-ahead.
#pragma once

#include <algorithm>
#include <cstdint>

namespace tickwerk::expr {

/// Reads bars [t - lookback, t + lookahead]. A recursive operator reads all history besides; its
/// memory halves every `half_life` bars.
struct Reach {
  std::int64_t lookback = 0;   // negative when even the newest bar read lies in the past
  std::int64_t lookahead = 0;  // negative when the newest bar read lies in the past
  bool all_history = false;
  double half_life = 0;  // bars; the longest along the path, +inf when nothing is forgotten

  bool reads_future() const noexcept { return lookahead > 0; }
};

/// Reach of an operator with reach `outer` over an argument with reach `inner`.
inline Reach through(const Reach& outer, const Reach& inner) {
  return {outer.lookback + inner.lookback, outer.lookahead + inner.lookahead,
          outer.all_history || inner.all_history, std::max(outer.half_life, inner.half_life)};
}

/// The smallest reach that covers both.
inline Reach cover(const Reach& a, const Reach& b) {
  return {std::max(a.lookback, b.lookback), std::max(a.lookahead, b.lookahead),
          a.all_history || b.all_history, std::max(a.half_life, b.half_life)};
}

}  // namespace tickwerk::expr
