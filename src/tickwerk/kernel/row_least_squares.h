// Residuals of the least-squares regression of one row on others. Used by the cross-sectional
// operators of expr/; knows no groups. It returns no coefficients.
#pragma once

#include <cstddef>

#include "tickwerk/kernel/tile.h"

namespace tickwerk::kernel {

/// The most factors one regression takes.
inline constexpr std::size_t kMaxFactors = 32;

/// Rows of `RowArgs::scratch` that `row_residual` needs.
inline constexpr std::size_t kResidualScratchRows = kMaxFactors + 1;

/// What is left of a factor after those before it, as a share of its deviation, below which it is
/// taken for a combination of them and left out.
inline constexpr double kRankTolerance = 1e-9;

/// out[i] = inputs[0][i] less its least-squares fit on an intercept and inputs[1], inputs[2], ...
/// over the symbols that have all values: Gram-Schmidt on centred factors (modified, by blocks of
/// four), twice.
/// Shapes: each input [num_symbols]; out [num_padded], unit of inputs[0].
/// NaN: a symbol with a NaN or an infinity in any input gives NaN and does not count; so does every
/// symbol when there are more than kMaxFactors factors. A factor that is constant or a combination
/// of those before it (kRankTolerance) changes nothing. With as many free factors as symbols,
/// residuals are rounding errors. Reads this row only. Sums are eight-lane sums. Cost: O(symbols *
/// factors^2), no allocation.
/// Source: Björck (1967), "Solving linear least squares problems by Gram-Schmidt
/// orthogonalization", BIT 7; that twice is enough also within a block: Giraud, Langou, Rozložník
/// and van den Eshof (2005), "Rounding error analysis of the classical Gram-Schmidt
/// orthogonalization process", Numerische Mathematik 101.
void row_residual(const RowArgs& args) noexcept;

}  // namespace tickwerk::kernel
