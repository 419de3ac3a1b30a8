// Numbers that carry their unit, so that a configuration cannot mistake one for another. Used by
// the cost model and its flags; no arithmetic, which would lose the unit.
#pragma once

namespace tickwerk {

/// Hundredths of a percent.
struct Bps {
  double value = 0;
  constexpr double fraction() const noexcept { return value / 1e4; }
};

}  // namespace tickwerk
