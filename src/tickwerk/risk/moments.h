// Mean, deviation, skewness and kurtosis of a sample: the base of the other statistics here. Sums
// run in the order of the sample, so the same input gives the same bits. What a sample is too short
// or too constant for is empty, never zero; nothing here knows what the numbers mean.
#pragma once

#include <optional>
#include <span>

namespace tickwerk::risk {

/// A deviation below this is rounding of a constant: ratios over it are empty.
inline constexpr double kNoDeviation = 1e-12;

double sum(std::span<const double> values) noexcept;

/// Empty for no values.
std::optional<double> mean(std::span<const double> values) noexcept;

/// sqrt(sum((x - mean)^2) / (n - 1)); empty with fewer than two values.
std::optional<double> sample_deviation(std::span<const double> values) noexcept;

/// G1 = sqrt(n (n - 1)) / (n - 2) * m3 / m2^1.5, with m_k the mean of (x - mean)^k. Empty with
/// fewer than three values or without deviation. Source: Joanes and Gill (1998), "Comparing
/// measures of sample skewness and kurtosis", equation for G1.
std::optional<double> skewness(std::span<const double> values) noexcept;

/// G2 = (n - 1) / ((n - 2)(n - 3)) * ((n + 1) (m4 / m2^2 - 3) + 6), zero for a normal population.
/// Empty with fewer than four values or without deviation. Source: as skewness(), equation for G2.
std::optional<double> excess_kurtosis(std::span<const double> values) noexcept;

}  // namespace tickwerk::risk
