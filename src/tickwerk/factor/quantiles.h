// Symbols in buckets by their factor, day by day, and what each bucket returned: how much of a
// factor's order is there at both ends, and whether it is there in between. Used by analysis.h.
// Buckets look at the factor alone, never at who has a return later.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "tickwerk/factor/bucket_rows.h"
#include "tickwerk/factor/ic.h"
#include "tickwerk/factor/row_statistics.h"
#include "tickwerk/panel/panel.h"

namespace tickwerk::factor {

/// kShareBucket: equal values have their average rank and so one bucket, which may leave another
/// empty. kBySymbol: the one further left comes first, so that sizes differ by at most one.
enum class Ties { kShareBucket, kBySymbol };

inline constexpr std::size_t kMaxQuantiles = 255;

struct QuantileConfig {
  std::size_t num_quantiles = 5;  // 2 to kMaxQuantiles
  std::size_t min_symbols = 10;   // with a value; a row with fewer, or than quantiles, has none
  Ties ties = Ties::kShareBucket;
};

/// Throws kInvalidArgument when num_quantiles is out of its range.
void require_valid(const QuantileConfig& config);

/// [time, symbol]: 1 (smallest values) to num_quantiles, 0 where there is none.
using Buckets = BasicPanel<std::uint8_t>;

/// Bucket of the rank r among the n symbols with a value: the smallest k with r <= 1 + (n - 1) k /
/// num_quantiles. factor: NaN also where a symbol is no member on that day. Row t reads row t.
Buckets assign_buckets(PanelView factor, const QuantileConfig& config);

/// One row of it; bucket: [num_padded], NaN for none. `config` is valid.
void assign_row(const RankRow& ranks,
                const QuantileConfig& config,
                RowStatistics& rows,
                double* bucket) noexcept;

/// [time, quantile]: mean return of the symbols in each bucket that have one; NaN where none has.
using QuantileReturns = Panel;
/// returns: [time, symbol], row t being what follows the decision at t. Throws kInvalidArgument
/// when shapes differ.
QuantileReturns quantile_returns(const Buckets& buckets,
                                 PanelView returns,
                                 std::size_t num_quantiles);

/// A row of buckets and how large they are.
struct RowOfBuckets {
  /// bucket: as assign_row() writes it; packed: the same of Buckets. Both must outlive this.
  RowOfBuckets(const double* bucket,
               const std::uint8_t* packed,
               std::size_t num_symbols,
               std::size_t num_quantiles) noexcept;

  const double* bucket;
  std::size_t num_symbols;
  std::size_t num_quantiles;
  std::array<double, kMaxQuantiles> sizes;  // the first num_quantiles
};

/// One row of it, for each of some panels of returns: `means` points to their rows.
void average_row(const RowOfBuckets& row, std::span<const BucketMeans> all) noexcept;

/// Over all rows. Each row counts once, however many symbols it has.
struct QuantileSummary {
  std::size_t num_rows = 0;                 // with a spread
  std::vector<std::optional<double>> mean;  // a quantile; over the rows where it has a return
  Daily spread;                             // top less bottom; NaN where either is missing
  std::optional<double> spread_mean;
  std::optional<risk::MeanT> spread_t;  // neighbours overlap over `horizon` rows
  /// Spearman's correlation of the quantile's number with its mean; empty where a mean is missing,
  /// with fewer than three, and where all are equal.
  std::optional<double> monotonicity;
};
QuantileSummary summarize_quantiles(const QuantileReturns& returns, std::size_t horizon);

/// How much of a bucket is new after each of some numbers of rows, the mean over the rows where
/// both ends have members: half the sum of absolute changes of equal weights, 1 - common / max(now,
/// before), in [0, 1]. What a portfolio trades that is formed anew after so many rows. Empty where
/// no row has both.
std::vector<std::optional<double>> bucket_turnover(const Buckets& buckets,
                                                   std::size_t bucket,
                                                   std::span<const std::size_t> horizons);

}  // namespace tickwerk::factor
