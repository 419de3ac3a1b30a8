// What an operator of the expression language is to the engine: a function over one tile (bars of
// eight symbols) or over one row (all symbols of one day). The engine owns memory, order, threads
// and gaps; a kernel owns one formula. Used by kernel/ and expr/; knows neither names nor dates.
#pragma once

#include <cstddef>

namespace tickwerk::kernel {

/// Symbols of a tile: eight lanes, one 64-byte line a bar. Bar k of lane l stands at [k * 8 + l].
inline constexpr std::size_t kTileLanes = 8;

/// Tiles begin at a symbol's own bar whose number is a multiple of this, and hold a multiple of it.
/// A windowed sum may be cut at these numbers, and there only, so that it depends on its window
/// alone.
inline constexpr std::size_t kTileBlock = 16;

/// One call of an operator over bars [0, num_bars) of a tile, each lane its symbol's own bars
/// without gaps. Before a symbol's first bar and after its last one every input is NaN.
struct TileArgs {
  const double* const* inputs;  // each at bar 0; bars [-lookback, num_bars + lookahead) may be read
  double* out;                  // bar 0; overlaps no input
  std::size_t num_bars;         // a multiple of kTileBlock (any number for element-wise kernels)
  const double* constants;      // the arguments that are numbers, in the order of the parameters
  double* state;  // of recursive kernels: [variable][lane], all zero before a symbol's first bar
  std::size_t num_inputs = 0;  // of operators whose last parameter repeats
};

/// noexcept, no allocation; the same bits for every instruction set and however the bars are cut
/// into tiles.
using TileKernel = void (*)(const TileArgs& args) noexcept;

/// One call of a cross-sectional operator: all symbols on one row. Symbols that do not count (no
/// bar, not a member of the universe on that day) are NaN in every series input; what is written
/// for them does not matter.
struct RowArgs {
  const double* const* inputs;  // each [num_symbols], readable up to num_padded
  double* out;                  // [num_padded]; one value at [0] for an operator of daily shape
  std::size_t num_symbols;
  std::size_t num_padded;  // a multiple of eight
  std::size_t num_inputs;
  const double* constants;
  double* scratch;  // [scratch_rows of the operator * num_padded], contents undefined
};

/// noexcept, no allocation. Sums over symbols are eight-lane sums (kernel/lanes.h).
using RowKernel = void (*)(const RowArgs& args) noexcept;

}  // namespace tickwerk::kernel
