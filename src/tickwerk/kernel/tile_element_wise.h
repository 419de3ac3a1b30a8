// Element-wise operators on tiles: arithmetic, comparison, three-valued logic, choice. Bar k of the
// output reads bar k of the inputs. Conditions are 1, 0 or NaN. Used through the registry
// (expr/operators_element_wise.cpp), whose texts state formula and NaN rule of each. No allocation.
#pragma once

#include "tickwerk/kernel/tile.h"

namespace tickwerk::kernel::tile {

/// IEEE arithmetic on (a, b); NaN where either is.
void add(const TileArgs& args) noexcept;
void subtract(const TileArgs& args) noexcept;
void multiply(const TileArgs& args) noexcept;
void divide(const TileArgs& args) noexcept;

/// a to the power b, from operations that give the same bits everywhere. Whole b within +-64:
/// repeated multiplication (a^-k = 1 / a^k, a^0 = 1); b = 0.5: the IEEE square root; else
/// exp(b log|a|), relative error about |b log|a|| 2^-52. a < 0: the sign of whole b, NaN for other
/// b. NaN in either gives NaN (also NaN^0, against IEEE pow; 1^inf is NaN too).
void power(const TileArgs& args) noexcept;
/// sign(x) |x|^exponent, 0 where x is 0; constants: exponent. Powers as in `power`.
void signed_power(const TileArgs& args) noexcept;

void negate(const TileArgs& args) noexcept;
void absolute(const TileArgs& args) noexcept;
void sign(const TileArgs& args) noexcept;
void logarithm(const TileArgs& args) noexcept;
void exponential(const TileArgs& args) noexcept;
void root(const TileArgs& args) noexcept;
void floor(const TileArgs& args) noexcept;

/// 1 or 0; NaN where either is.
void less(const TileArgs& args) noexcept;
void less_equal(const TileArgs& args) noexcept;
void greater(const TileArgs& args) noexcept;
void greater_equal(const TileArgs& args) noexcept;
void equal(const TileArgs& args) noexcept;
void not_equal(const TileArgs& args) noexcept;

/// Three-valued: false and NaN = false, true or NaN = true, else NaN where an input is.
void logical_and(const TileArgs& args) noexcept;
void logical_or(const TileArgs& args) noexcept;
void logical_not(const TileArgs& args) noexcept;

/// The smallest, largest of `num_inputs` inputs; NaN where any is.
void smallest(const TileArgs& args) noexcept;
void largest(const TileArgs& args) noexcept;

/// Constants: low, high.
void clip(const TileArgs& args) noexcept;
/// Inputs: condition, value where true, value where false; NaN where the condition is.
void where(const TileArgs& args) noexcept;
void is_nan(const TileArgs& args) noexcept;
/// Inputs: x, value; the value where x is NaN.
void fill_nan(const TileArgs& args) noexcept;
/// a / b where b > 1e-10, else NaN.
void ratio(const TileArgs& args) noexcept;

}  // namespace tickwerk::kernel::tile
