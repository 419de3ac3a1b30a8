// Cross-sectional kernels within groups: the first input is a row of group codes, the others are
// the kernel's own. Used by the operators of expr/ that take `by=`; knows neither what the codes
// mean nor which kernel it runs.
#pragma once

#include <cstddef>

#include "tickwerk/kernel/tile.h"

namespace tickwerk::kernel {

/// Rows of `RowArgs::scratch` for the work of `row_by_group` itself, without its kernel's.
constexpr std::size_t group_scratch_rows(std::size_t num_inputs) { return num_inputs + 4; }

/// Runs `kernel` on the symbols of each group alone, in their order, as if the row held no others
/// (so the lanes of its sums are places in the group mod eight). inputs[0]: group codes, any
/// numbers, equal = same group; the other inputs are the kernel's. out: [num_padded].
/// NaN: a NaN code gives NaN. Scratch: group_scratch_rows(num_inputs) and then the kernel's. Cost:
/// about 3 ns a symbol and input besides the kernel, no allocation.
void row_by_group(const RowArgs& args, RowKernel kernel) noexcept;

}  // namespace tickwerk::kernel
