// Kernels over one row of quantile numbers: sums by quantile, members that stay, books of
// portfolios. Used by quantiles.cpp and staggered_portfolios.cpp; pure loops, no allocation. A
// bucket is 1 to 255, or 0 (as a double: NaN) where a symbol has none. Sums over symbols are
// eight-lane sums (kernel/lanes.h): the same bits for every instruction set.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tickwerk::factor {

/// A row of buckets, as doubles.
struct BucketRow {
  const double* bucket;  // [num_symbols]
  const double* sizes;   // [num_buckets], how many symbols each has
  std::size_t num_symbols;
  std::size_t num_buckets;
};

/// sums[k] and counts[k] of the values of the symbols in bucket k + 1, k = 0 to num_buckets - 1;
/// a symbol whose value is NaN does not count. values: [num_symbols]. Cost: about 0.5 ns a
/// symbol with five buckets, 1 where values are missing.
void bucket_sums(const BucketRow& row, const double* values, double* sums, double* counts) noexcept;

/// packed[i] = bucket[i], 0 for NaN.
void pack_buckets(const double* bucket, std::size_t num_symbols, std::uint8_t* packed) noexcept;

/// bucket[i] = packed[i], NaN for 0.
void unpack_buckets(const std::uint8_t* packed, std::size_t num_symbols, double* bucket) noexcept;

std::uint32_t count_members(const std::uint8_t* packed,
                            std::size_t num_symbols,
                            std::uint8_t bucket) noexcept;

/// How many symbols are in the bucket in both rows.
std::uint32_t count_stayers(const std::uint8_t* before,
                            const std::uint8_t* now,
                            std::size_t num_symbols,
                            std::uint8_t bucket) noexcept;

/// 1 of capital spread equally over the symbols of a bucket that can be bought.
struct NewPortfolio {
  const double* bucket;  // [num_padded], the padding NaN
  double number;         // the bucket wanted
  const double* each;    // units that 1 buys, NaN where nothing can be bought
  std::size_t num_padded;
};
/// units[i] = each[i] / n for those symbols, else 0; n is their number, and the result.
double enter(const NewPortfolio& entry, double* units) noexcept;

/// A book of units of symbols, from one close to the next.
struct BookStep {
  const double* leaving;       // units sold at the close before
  const double* entering;      // units bought since
  const double* close_before;  // price indices
  const double* close;
  double* book;  // units held
  std::size_t num_padded;
};
struct BookValues {
  double carried;  // of what was kept, at the close before
  double now;      // of all, at the close
};
BookValues roll(const BookStep& step) noexcept;

}  // namespace tickwerk::factor
