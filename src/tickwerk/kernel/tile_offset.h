// Values of other bars of the same symbol. Used through the registry (expr/operators_window.cpp)
// and, for labels, by the derived operator `ahead`. No allocation.
#pragma once

#include "tickwerk/kernel/tile.h"

namespace tickwerk::kernel::tile {

/// x of `bars` bars ahead (negative: back); NaN beyond the symbol's first and last bar. Constants:
/// bars. Reads bar k + bars for bar k.
void offset(const TileArgs& args) noexcept;

/// x of `bars` bars ahead; where fewer than that are left of a symbol that stopped trading, its
/// last x times (1 - haircut). Inputs: x, the own bars after this one (NaN for a symbol that
/// trades on). Constants: bars >= 0, haircut. Reads bars [k, k + bars].
void ahead(const TileArgs& args) noexcept;

}  // namespace tickwerk::kernel::tile
