// What the symbols of the synthetic market share: the returns and variances of the market and of
// its sectors. Used by synthetic.cpp only; knows no symbols, prices or dates.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tickwerk/base/random.h"

namespace tickwerk::market {

inline constexpr std::size_t kNumSectors = 11;

/// Log returns of one factor per session, from the close before to the open and from there to the
/// close, the variance each was drawn with, and the log of its volatility against the long-run
/// median.
struct SyntheticFactor {
  std::vector<double> night;
  std::vector<double> day;
  std::vector<double> night_variance;
  std::vector<double> day_variance;
  std::vector<double> log_volatility;
};

struct SyntheticFactors {
  SyntheticFactor market;
  std::vector<SyntheticFactor> sectors;  // kNumSectors
};

SyntheticFactors make_factors(std::uint64_t seed, std::size_t num_sessions);

/// Streams of one owner (a factor or a symbol): `purpose` below 16.
RandomStream factor_stream(std::uint64_t seed, std::size_t factor, std::uint64_t purpose) noexcept;
RandomStream symbol_stream(std::uint64_t seed, std::size_t symbol, std::uint64_t purpose) noexcept;

}  // namespace tickwerk::market
