#include "tickwerk/factor/quantiles.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "tickwerk/base/parallel.h"
#include "tickwerk/factor/bucket_rows.h"

namespace tickwerk::factor {
namespace {

constexpr std::size_t kGrain = 64;

/// Spearman's correlation of 1, 2, ... with the values.
std::optional<double> monotonicity_of(std::span<const std::optional<double>> means) {
  RowStatistics row(means.size());
  Panel values(2, means.size(), kNaN);
  for (std::size_t k = 0; k < means.size(); ++k) {
    if (!means[k]) return {};
    values(0, k) = static_cast<double>(k);
    values(1, k) = *means[k];
  }
  RankRow of_numbers(means.size()), of_means(means.size());
  row.rank(values.row(0), of_numbers);
  row.rank(values.row(1), of_means);
  const double correlation = row.rank_correlation(of_numbers, of_means);
  if (std::isnan(correlation)) return {};
  return correlation;
}

std::optional<double> mean_of_present(const Panel& panel, std::size_t column) {
  double total = 0;
  std::size_t count = 0;
  for (std::size_t t = 0; t < panel.num_rows(); ++t) {
    if (std::isnan(panel(t, column))) continue;
    total += panel(t, column);
    ++count;
  }
  if (count == 0) return {};
  return total / static_cast<double>(count);
}

}  // namespace

void require_valid(const QuantileConfig& config) {
  if (config.num_quantiles >= 2 && config.num_quantiles <= kMaxQuantiles) return;
  throw Error(Code::kInvalidArgument, fmt::format("quantiles must be from 2 to {}: {}",
                                                  kMaxQuantiles, config.num_quantiles));
}

void assign_row(const RankRow& ranks,
                const QuantileConfig& config,
                RowStatistics& rows,
                double* bucket) noexcept {
  if (ranks.count() < std::max(config.min_symbols, config.num_quantiles)) {
    std::fill_n(bucket, rows.num_padded(), kNaN);
    return;
  }
  const double* const order =
      config.ties == Ties::kBySymbol ? rows.distinct_order(ranks.order()) : ranks.order();
  rows.buckets(order, config.num_quantiles, bucket);
}

Buckets assign_buckets(PanelView factor, const QuantileConfig& config) {
  require_valid(config);
  Buckets buckets(factor.num_rows, factor.num_symbols);
  parallel_for(factor.num_rows, kGrain, [&](std::size_t first, std::size_t last) {
    RowStatistics rows(factor.num_symbols);
    RankRow ranks(factor.num_symbols);
    Panel row(1, factor.num_symbols);
    for (std::size_t t = first; t < last; ++t) {
      rows.rank(factor.row(t), ranks);
      assign_row(ranks, config, rows, row.row(0));
      pack_buckets(row.row(0), factor.num_symbols, buckets.row(t));
    }
  });
  return buckets;
}

RowOfBuckets::RowOfBuckets(const double* buckets,
                           const std::uint8_t* packed,
                           std::size_t size,
                           std::size_t quantiles) noexcept
    : bucket(buckets), num_symbols(size), num_quantiles(quantiles), sizes{} {
  for (std::size_t k = 0; k < num_quantiles; ++k) {
    sizes[k] = count_members(packed, size, static_cast<std::uint8_t>(k + 1));
  }
}

void average_row(const RowOfBuckets& row, std::span<const BucketMeans> all) noexcept {
  bucket_means({.bucket = row.bucket,
                .sizes = row.sizes.data(),
                .num_symbols = row.num_symbols,
                .num_buckets = row.num_quantiles},
               all);
}

QuantileReturns quantile_returns(const Buckets& buckets,
                                 PanelView returns,
                                 std::size_t num_quantiles) {
  if (buckets.num_rows() != returns.num_rows || buckets.num_symbols() != returns.num_symbols) {
    throw Error(Code::kInvalidArgument,
                fmt::format("buckets and returns must have the same shape: {} x {} against {} x {}",
                            buckets.num_rows(), buckets.num_symbols(), returns.num_rows,
                            returns.num_symbols));
  }
  QuantileReturns result(returns.num_rows, num_quantiles);
  parallel_for(returns.num_rows, kGrain, [&](std::size_t first, std::size_t last) {
    Panel row(1, returns.num_symbols);
    for (std::size_t t = first; t < last; ++t) {
      unpack_buckets(buckets.row(t), returns.num_symbols, row.row(0));
      const RowOfBuckets of(row.row(0), buckets.row(t), returns.num_symbols, num_quantiles);
      const BucketMeans means{returns.row(t), result.row(t)};
      average_row(of, {&means, 1});
    }
  });
  return result;
}

QuantileSummary summarize_quantiles(const QuantileReturns& returns, std::size_t horizon) {
  const std::size_t num_rows = returns.num_rows();
  const std::size_t num_quantiles = returns.num_symbols();
  QuantileSummary summary;
  for (std::size_t k = 0; k < num_quantiles; ++k) {
    summary.mean.push_back(mean_of_present(returns, k));
  }
  summary.monotonicity = monotonicity_of(summary.mean);
  summary.spread.resize(num_rows, kNaN);
  double total = 0;
  for (std::size_t t = 0; t < num_rows; ++t) {
    summary.spread[t] = returns(t, num_quantiles - 1) - returns(t, 0);
    if (std::isnan(summary.spread[t])) continue;
    total += summary.spread[t];
    ++summary.num_rows;
  }
  if (summary.num_rows == 0) return summary;
  summary.spread_mean = total / static_cast<double>(summary.num_rows);
  summary.spread_t = risk::mean_t(summary.spread, horizon);
  return summary;
}

std::vector<std::optional<double>> bucket_turnover(const Buckets& buckets,
                                                   std::size_t bucket,
                                                   std::span<const std::size_t> horizons) {
  const std::size_t num_rows = buckets.num_rows();
  const std::size_t num_symbols = buckets.num_symbols();
  const auto number = static_cast<std::uint8_t>(bucket);
  std::vector<std::uint32_t> sizes(num_rows);
  for (std::size_t t = 0; t < num_rows; ++t) {
    sizes[t] = count_members(buckets.row(t), num_symbols, number);
  }
  std::vector<std::optional<double>> turnovers;
  for (const std::size_t horizon : horizons) {
    double total = 0;
    std::size_t count = 0;
    for (std::size_t t = horizon; t < num_rows; ++t) {
      if (sizes[t] == 0 || sizes[t - horizon] == 0) continue;
      const double common =
          count_stayers(buckets.row(t - horizon), buckets.row(t), num_symbols, number);
      total += 1 - common / std::max(sizes[t], sizes[t - horizon]);
      ++count;
    }
    turnovers.push_back(count > 0 ? std::optional(total / static_cast<double>(count))
                                  : std::nullopt);
  }
  return turnovers;
}

}  // namespace tickwerk::factor
