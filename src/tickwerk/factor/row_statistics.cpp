#include "tickwerk/factor/row_statistics.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "tickwerk/factor/rank_rows.h"
#include "tickwerk/kernel/row_moments.h"
#include "tickwerk/kernel/row_order.h"
#include "tickwerk/kernel/row_rank.h"

namespace tickwerk::factor {
namespace {

constexpr std::size_t kScratchRows = std::max(kernel::kOrderScratchRows, kernel::kRankScratchRows);
// Symbols that only one row has: beyond this many, ranking both anew is cheaper.
constexpr std::size_t kMaxApart = 16;

/// The places that only one of two rows has.
struct Apart {
  std::array<std::size_t, kMaxApart> only_x, only_y;
  std::size_t num_x = 0, num_y = 0;
  bool are_too_many = false;

  Apart(const std::vector<std::uint64_t>& x, const std::vector<std::uint64_t>& y) noexcept {
    for (std::size_t w = 0; w < x.size(); ++w) {
      for (std::uint64_t apart = x[w] ^ y[w]; apart != 0; apart &= apart - 1) {
        are_too_many = num_x + num_y == kMaxApart;
        if (are_too_many) return;
        const auto bit = static_cast<std::size_t>(std::countr_zero(apart));
        const std::size_t place = w * 64 + bit;
        if ((x[w] >> bit & 1) != 0) {
          only_x[num_x++] = place;
        } else {
          only_y[num_y++] = place;
        }
      }
    }
  }

  bool is_empty() const noexcept { return num_x + num_y == 0; }
};

}  // namespace

RankRow::RankRow(std::size_t num_symbols)
    : rows_(2, num_symbols), present_((num_symbols + 63) / 64, 0), centered_(num_symbols) {}

RowStatistics::RowStatistics(std::size_t num_symbols)
    : num_symbols_(num_symbols), scratch_(kScratchRows, num_symbols), lines_(2, num_symbols) {}

void RowStatistics::rank(const double* values, RankRow& ranks) noexcept {
  double* const order = ranks.rows_.row(0);
  const double* const inputs[] = {values};
  kernel::row_order(
      {inputs, order, num_symbols_, num_padded(), std::size(inputs), nullptr, scratch_.row(0)});
  ranks.count_ = mark_present(order, num_symbols_, ranks.present_);
  twice_average_ranks(order, num_symbols_, ranks.count_, lines_.row(0), ranks.twice());
  ranks.squares_ = rank_product(ranks.twice(), ranks.twice(), num_padded());
}

double RowStatistics::rank_correlation(const RankRow& x, const RankRow& y) noexcept {
  if (x.count_ < 3 || y.count_ < 3) return kNaN;
  const Apart apart(x.present_, y.present_);
  if (apart.are_too_many) return correlation_of_orders(x.order(), y.order());
  const std::size_t size = num_padded();
  if (apart.is_empty()) {
    const double xy = rank_product(x.twice(), y.twice(), size);
    return RankProducts{x.squares_, y.squares_, xy}.correlation(x.count_);
  }
  const std::size_t count = x.count_ - apart.num_x;
  if (count < 3) return kNaN;
  const Remaining of_x = without(x, {apart.only_x.data(), apart.num_x}, lines_.row(0));
  const Remaining of_y = without(y, {apart.only_y.data(), apart.num_y}, lines_.row(1));
  return RankProducts{of_x.squares, of_y.squares, rank_product(of_x.twice, of_y.twice, size)}
      .correlation(count);
}

RowStatistics::Remaining RowStatistics::without(const RankRow& row,
                                                std::span<const std::size_t> places,
                                                double* twice) const noexcept {
  if (places.empty()) return {row.twice(), row.squares_};
  const std::size_t size = num_padded();
  std::copy_n(row.twice(), size, twice);
  remove_ranks(twice, size, places);
  return {twice, rank_product(twice, twice, size)};
}

double RowStatistics::correlation_of_orders(const double* x_order, const double* y_order) noexcept {
  const double* const inputs[] = {x_order, y_order};
  double result = kNaN;
  kernel::row_spearman(
      {inputs, &result, num_symbols_, num_padded(), std::size(inputs), nullptr, scratch_.row(0)});
  return result;
}

double RowStatistics::correlation(const double* x, const double* y) noexcept {
  const double* const inputs[] = {x, y};
  double result = kNaN;
  kernel::row_correlation(
      {inputs, &result, num_symbols_, num_padded(), std::size(inputs), nullptr, scratch_.row(0)});
  return result;
}

void RowStatistics::center(const double* values, RankRow& ranks) noexcept {
  factor::center(values, num_symbols_, ranks.count_, ranks.centered_);
}

double RowStatistics::correlation(const RankRow& x, const RankRow& y) noexcept {
  if (x.present_ != y.present_) return correlation(x.centered_.values, y.centered_.values);
  return correlation_of_alike(x.centered_, y.centered_);
}

void RowStatistics::buckets(const double* order, std::size_t num_buckets, double* bucket) noexcept {
  const double* const inputs[] = {order};
  const double constants[] = {static_cast<double>(num_buckets)};
  kernel::row_bucket(
      {inputs, bucket, num_symbols_, num_padded(), std::size(inputs), constants, scratch_.row(0)});
}

const double* RowStatistics::distinct_order(const double* order) noexcept {
  double* const seen = lines_.row(0);  // by count of smaller values: how many have it so far
  double* const distinct = lines_.row(1);
  std::fill_n(seen, num_symbols_, 0.0);
  for (std::size_t i = 0; i < num_symbols_; ++i) {
    if (std::isnan(order[i])) {
      distinct[i] = kNaN;
      continue;
    }
    double& equal_before = seen[static_cast<std::size_t>(order[i])];
    distinct[i] = order[i] + equal_before;
    equal_before += 1;
  }
  return distinct;
}

}  // namespace tickwerk::factor
