// Whether a column from outside says what a bar ahead of it will say: the price, the volume or the
// return of the next day, on the line of today. Used by `check`, which would otherwise have to
// trust it. Finds copies only, not hints.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tickwerk/market/bars.h"

namespace tickwerk::factor {

struct LaterBar {
  std::string says;             // `close`, `return of the close`
  std::int64_t bars_ahead = 0;  // in the symbol's own bars
  std::size_t num_equal = 0;
  std::size_t num_compared = 0;
};

/// What of the next 20 bars the column repeats: open, high, low, close, volume, the simple or
/// logarithmic return of the close from this bar to that one, or that of a trade, from the next
/// open to the close of that bar. Bars count on which it and the later
/// value are known and the later value is news (differs from the one of this bar; is no return of
/// 0); equal is within 1e-6 of the value, of returns within 1e-6. At least 30 must be compared and
/// 95 of 100 equal; the nearest bar counts. Throws as `Bars::field`. Time is that of some twenty
/// passes over the column.
std::optional<LaterBar> later_bar_in(const market::Bars& bars, std::string_view column);

}  // namespace tickwerk::factor
