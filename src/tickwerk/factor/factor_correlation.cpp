#include "tickwerk/factor/factor_correlation.h"

#include <cmath>

#include "tickwerk/base/parallel.h"

namespace tickwerk::factor {
namespace {

constexpr std::size_t kGrain = 64;

}  // namespace

CorrelationSums::CorrelationSums(std::size_t num_factors)
    : num_factors_(num_factors),
      sums_(num_factors * (num_factors + 1) / 2, 0.0),
      counts_(sums_.size(), 0.0) {}

void CorrelationSums::add(std::span<const RankRow> ranks, RowStatistics& rows) noexcept {
  std::size_t pair = 0;
  for (std::size_t a = 0; a < num_factors_; ++a) {
    for (std::size_t b = a; b < num_factors_; ++b, ++pair) {
      const double correlation = rows.rank_correlation(ranks[a], ranks[b]);
      if (std::isnan(correlation)) continue;
      sums_[pair] += correlation;
      counts_[pair] += 1;
    }
  }
}

void CorrelationSums::add(const CorrelationSums& other) noexcept {
  for (std::size_t pair = 0; pair < sums_.size(); ++pair) {
    sums_[pair] += other.sums_[pair];
    counts_[pair] += other.counts_[pair];
  }
}

Panel CorrelationSums::mean() const {
  Panel matrix(num_factors_, num_factors_, kNaN);
  std::size_t pair = 0;
  for (std::size_t a = 0; a < num_factors_; ++a) {
    for (std::size_t b = a; b < num_factors_; ++b, ++pair) {
      if (counts_[pair] > 0) matrix(a, b) = matrix(b, a) = sums_[pair] / counts_[pair];
    }
  }
  return matrix;
}

Panel factor_correlation(std::span<const PanelView> factors) {
  if (factors.empty()) return {};
  const std::size_t num_rows = factors[0].num_rows;
  const std::size_t num_symbols = factors[0].num_symbols;
  for (const PanelView& factor : factors) {
    if (factor.num_rows == num_rows && factor.num_symbols == num_symbols) continue;
    throw Error(Code::kInvalidArgument,
                fmt::format("factors must have the same shape: {} x {} against {} x {}", num_rows,
                            num_symbols, factor.num_rows, factor.num_symbols));
  }
  std::vector<CorrelationSums> parts((num_rows + kGrain - 1) / kGrain,
                                     CorrelationSums(factors.size()));
  parallel_for(num_rows, kGrain, [&](std::size_t first, std::size_t last) {
    RowStatistics rows(num_symbols);
    std::vector<RankRow> ranks;
    for (std::size_t f = 0; f < factors.size(); ++f) ranks.emplace_back(num_symbols);
    for (std::size_t t = first; t < last; ++t) {
      for (std::size_t f = 0; f < factors.size(); ++f) rows.rank(factors[f].row(t), ranks[f]);
      parts[first / kGrain].add(ranks, rows);
    }
  });
  CorrelationSums total(factors.size());
  for (const CorrelationSums& part : parts) total.add(part);
  return total.mean();
}

}  // namespace tickwerk::factor
