// exp and log that give the same bits on every processor, compiler flag set of this project and
// vector width: only IEEE additions, multiplications, divisions and bit operations, no fused
// operation, no C library. Used wherever a value reaches bars, factors or orders; metrics may use
// std::. No other bases, no float.
#pragma once

#include <bit>
#include <cstdint>
#include <limits>
#include <span>

#include "tickwerk/panel/panel.h"

namespace tickwerk::kernel {

/// e to the power x.
/// Units: x dimensionless. Layout: one value.
/// NaN: gives the positive quiet NaN. +inf gives +inf, -inf gives 0; a result too large is +inf.
/// Error: below 0.65 units in the last place, 0.80 where the result is subnormal (measured by
/// MPFR). Cost: about 45 basic operations without a branch, no allocation. Requires
/// round-to-nearest. Source: Tang (1989), "Table-driven implementation of the exponential function
/// in IEEE floating-point arithmetic", ACM TOMS 15(2): its reduction by a split ln 2. Deviation: no
/// table, since a gather is slower than ten coefficients (our own Remez fit, error 2^-61 of the
/// result).
[[gnu::always_inline]] inline double exp(double x) noexcept {
  constexpr double kLn2High =
      0x1.62e42fefa38p-1;  // 42 bits: its product with any exponent is exact
  constexpr double kLn2Low = 0x1.ef35793c7673p-45;
  constexpr double kRound = 0x1.8p52;  // adding it rounds to an integer, found in the low bits
  const double low_cut = x < -800.0 ? -800.0 : x;
  const double clamped = low_cut > 800.0 ? 800.0 : low_cut;

  const double shifted = clamped * 0x1.71547652b82fep+0 + kRound;
  const std::uint64_t exponent =
      std::bit_cast<std::uint64_t>(shifted) - std::bit_cast<std::uint64_t>(kRound);
  const double k = shifted - kRound;
  const double high = clamped - k * kLn2High;
  const double low = k * kLn2Low;
  const double r = high - low;  // |r| <= ln 2 / 2
  const double tail = (high - r) - low;

  // p ~ (exp(r) - 1 - r - r^2/2) / r^3, summed in pairs to shorten the chain of dependent
  // operations.
  const double r2 = r * r;
  const double r4 = r2 * r2;
  const double p01 = 0x1.5555555555556p-3 + r * 0x1.5555555555556p-5;
  const double p23 = 0x1.11111111109b5p-7 + r * 0x1.6c16c16c15dc6p-10;
  const double p45 = 0x1.a01a01a7c2fb2p-13 + r * 0x1.a01a01a935e9cp-16;
  const double p67 = 0x1.71de0db2dbbbfp-19 + r * 0x1.27e4d4d6cf592p-22;
  const double p89 = 0x1.af389f023bbe6p-26 + r * 0x1.1f7f1ef806ae4p-29;
  const double p = (p01 + r2 * p23) + r4 * ((p45 + r2 * p67) + r4 * p89);

  const double sum = 1.0 + r;
  const double lost = (1.0 - sum) + r;  // what rounding took from `sum`, exactly
  const double y = sum + (lost + (r2 * (0.5 + r * p) + tail * sum));

  // Two factors, because 2^k itself may be no normal number while y * 2^k is one.
  const std::uint64_t half = (exponent + 2048) >> 1;  // floor(k / 2) + 1024
  const double first = std::bit_cast<double>((half - 1) << 52);
  const double second = std::bit_cast<double>((exponent - half + (1024 + 1023)) << 52);
  const double scaled = y * first * second;
  return x == x ? scaled : kNaN;
}

/// Natural logarithm of x.
/// Units: x dimensionless. Layout: one value.
/// NaN: NaN and x < 0 give the positive quiet NaN; +0 and -0 give -inf, +inf gives +inf.
/// Error: below 0.85 units in the last place (measured by MPFR), subnormal arguments included.
/// Cost: about 45 basic operations, one a division, without a branch, no allocation. Requires
/// round-to-nearest.
/// Source: Tang (1990), "Table-driven implementation of the logarithm function in IEEE
/// floating-point arithmetic", ACM TOMS 16(4): the form in s = f / (2 + f). Deviation: no table, as
/// in exp; coefficients of our own Remez fit, error 2^-64 of the result.
[[gnu::always_inline]] inline double log(double x) noexcept {
  constexpr double kLn2High = 0x1.62e42fefa38p-1;
  constexpr double kLn2Low = 0x1.ef35793c7673p-45;
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  constexpr std::uint64_t kOneBits = 0x3ff0000000000000;
  constexpr std::uint64_t kRootHalfBits = 0x3fe6a09e667f3bcd;
  constexpr std::uint64_t kMantissa = 0x000fffffffffffff;
  const bool subnormal = x < 0x1p-1022;
  const double normal = subnormal ? x * 0x1p54 : x;
  const double bias = subnormal ? 0x1p52 + 1023.0 + 54.0 : 0x1p52 + 1023.0;

  // x = 2^k m with m in [sqrt(1/2), sqrt(2)), and f = m - 1 exact.
  const std::uint64_t bits = std::bit_cast<std::uint64_t>(normal) + (kOneBits - kRootHalfBits);
  const double k = std::bit_cast<double>((bits >> 52) | 0x4330000000000000) - bias;
  const double f = std::bit_cast<double>((bits & kMantissa) + kRootHalfBits) - 1.0;

  // log(1 + f) = f - f^2/2 + s (f^2/2 + z P(z)) with s = f / (2 + f), z = s^2.
  const double s = f / (2.0 + f);
  const double z = s * s;
  const double z2 = z * z;
  const double p01 = 0x1.5555555555555p-1 + z * 0x1.9999999999a39p-2;
  const double p23 = 0x1.2492492476944p-2 + z * 0x1.c71c7201b2fe6p-3;
  const double p45 = 0x1.745cf8e27aa9p-3 + z * 0x1.3b1c3bfbe8938p-3;
  const double p67 = 0x1.0fbdf20f1415cp-3 + z * 0x1.0c09d1c874e28p-3;
  const double p = (p01 + z2 * p23) + (z2 * z2) * (p45 + z2 * p67);
  const double half_square = 0.5 * f * f;

  const double base = k * kLn2High;  // exact
  const double high = base + f;
  const double lost = (base - high) + f;  // what rounding took from `high`, exactly
  const double y = high - (half_square - (s * (half_square + z * p) + (lost + k * kLn2Low)));

  const double finite = x == kInfinity ? kInfinity : y;
  const double defined = x == 0.0 ? -kInfinity : finite;
  return x >= 0.0 ? defined : kNaN;
}

/// exp and log of every element: the same bits as the functions above, in vectors.
/// Shapes: `out` at least as long as `in`; the two are the same memory or do not overlap.
/// Reads element i for element i: no look-ahead. Cost: about 1 ns an element with AVX-512, no
/// allocation.
void exp(std::span<const double> in, std::span<double> out) noexcept;
void log(std::span<const double> in, std::span<double> out) noexcept;

/// The same over [time, symbol] panels of equal shape; where the strides are equal the padding is
/// read and written too, so `out` must not be some columns of a wider panel.
void exp(PanelView in, PanelSpan out) noexcept;
void log(PanelView in, PanelSpan out) noexcept;

}  // namespace tickwerk::kernel
