// Kernels over one row of quantile numbers: sums by quantile, members that stay, books of
// portfolios. Used by quantiles.cpp and staggered_portfolios.cpp; pure loops, no allocation. A
// bucket is 1 to 255, or 0 (as a double: NaN) where a symbol has none. Sums over symbols are
// eight-lane sums (kernel/lanes.h): the same bits for every instruction set.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace tickwerk::factor {

/// A row of buckets, as doubles.
struct BucketRow {
  const double* bucket;  // [num_symbols]
  const double* sizes;   // [num_buckets], how many symbols each has
  std::size_t num_symbols;
  std::size_t num_buckets;
};

/// Values of the symbols, [num_symbols], and the mean of each bucket, [num_buckets].
struct BucketMeans {
  const double* values;
  double* means;
};

/// means[k] of the values in bucket k + 1, k = 0 to num_buckets - 1, NaN where none has a value; a
/// symbol whose value is NaN does not count. Cost: about 0.3 ns a symbol with five buckets, for
/// each of an even number of rows of values; 1 where values are missing.
void bucket_means(const BucketRow& row, std::span<const BucketMeans> all) noexcept;

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
  double size;           // how many symbols it has
  const double* each;    // units that 1 buys, NaN where nothing can be bought
  std::size_t num_padded;
};
/// units[i] = each[i] / n for those symbols, else 0; n is their number, and the result.
double enter(const NewPortfolio& entry, double* units) noexcept;

/// Books of units of symbols, from one close to the next.
struct BookStep {
  const double* entering;      // units bought since the close before, the same for all books
  const double* close_before;  // price indices
  const double* close;
  std::size_t num_padded;
};
struct Book {
  const double* leaving;  // units sold at the close before
  double* units;          // held
  double carried = 0;     // set: value of what was kept, at the close before
  double now = 0;         // set: value of all, at the close
};
/// The result: value at the close of what was entered.
double roll(const BookStep& step, std::span<Book> books) noexcept;

}  // namespace tickwerk::factor
