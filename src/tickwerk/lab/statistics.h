// What repeated measurements of the same thing say together. Used by the runner for the result of a
// run and by whatever compares runs; knows nothing of jobs, files or clocks.
#pragma once

#include <cstddef>
#include <span>

namespace tickwerk::lab {

/// The middle value; the mean of the two middle ones for an even number. NaN when there is none.
double median(std::span<const double> values);

/// Median of the absolute distances to the median, in the unit of the values, unscaled (not
/// multiplied by 1.4826, which would make it a standard deviation of normal errors). NaN when there
/// is no value.
double median_absolute_deviation(std::span<const double> values);

/// Index of the value that stands for all: the middle one, of two middle ones the smaller; equal
/// values keep their order. Requires at least one value.
std::size_t median_index(std::span<const double> values);

}  // namespace tickwerk::lab
