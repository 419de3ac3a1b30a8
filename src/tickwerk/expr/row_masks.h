// Which symbols of a row count, as factors: 1 where one does, NaN where it does not. Internal to
// `expr`: used by row stages.
#pragma once

#include <cstddef>

namespace tickwerk::expr {

/// mask[i] = 1 where bar[i] is not NaN, else NaN; returns how many are 1.
std::size_t mark_bars(const double* bar, std::size_t size, double* mask) noexcept;

/// mask[i] = 1 where bars[i] and member[i] are 1, else NaN; returns how many are 1.
std::size_t mark_members(const double* bars,
                         const double* member,
                         std::size_t size,
                         double* mask) noexcept;

/// out[i] = values[i] where mask[i] is not NaN, else NaN; every NaN is kNaN. May be in place.
void keep_marked(const double* values, const double* mask, std::size_t size, double* out) noexcept;

/// out[i] = values[i], every NaN as kNaN: processors give NaN different signs. May be in place.
void copy_values(const double* values, std::size_t size, double* out) noexcept;

}  // namespace tickwerk::expr
