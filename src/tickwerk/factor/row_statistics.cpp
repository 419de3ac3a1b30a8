#include "tickwerk/factor/row_statistics.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "tickwerk/factor/rank_rows.h"
#include "tickwerk/kernel/row_moments.h"
#include "tickwerk/kernel/row_order.h"
#include "tickwerk/kernel/row_rank.h"

namespace tickwerk::factor {
namespace {

constexpr std::size_t kScratchRows = std::max(kernel::kOrderScratchRows, kernel::kRankScratchRows);
// Symbols that only one row has: beyond this many, ranking both anew is cheaper.
constexpr std::size_t kMaxApart = 16;

/// The places where two rows of 0 and 1, in whole words, are not the same.
struct Apart {
  std::array<std::size_t, kMaxApart> places;
  std::size_t count = 0;
  bool are_too_many = false;

  Apart(const std::vector<std::uint8_t>& x, const std::vector<std::uint8_t>& y) noexcept {
    for (std::size_t i = 0; i < x.size(); i += sizeof(std::uint64_t)) {
      std::uint64_t x_word = 0, y_word = 0;
      std::memcpy(&x_word, x.data() + i, sizeof x_word);
      std::memcpy(&y_word, y.data() + i, sizeof y_word);
      if (x_word != y_word) add(x, y, i);
      if (are_too_many) return;
    }
  }

 private:
  void add(const std::vector<std::uint8_t>& x,
           const std::vector<std::uint8_t>& y,
           std::size_t first) noexcept {
    for (std::size_t i = first; i < first + sizeof(std::uint64_t); ++i) {
      if (x[i] == y[i]) continue;
      are_too_many = count == kMaxApart;
      if (are_too_many) return;
      places[count++] = i;
    }
  }
};

}  // namespace

RankRow::RankRow(std::size_t num_symbols)
    : rows_(2, num_symbols), present_(Panel::padded(num_symbols), 0), centered_(num_symbols) {}

RowStatistics::RowStatistics(std::size_t num_symbols)
    : num_symbols_(num_symbols), scratch_(kScratchRows, num_symbols), lines_(2, num_symbols) {}

void RowStatistics::rank(const double* values, RankRow& ranks) noexcept {
  double* const order = ranks.rows_.row(0);
  const double* const inputs[] = {values};
  kernel::row_order(
      {inputs, order, num_symbols_, num_padded(), std::size(inputs), nullptr, scratch_.row(0)});
  ranks.count_ = mark_present(order, num_symbols_, ranks.present_.data());
  twice_average_ranks(order, num_symbols_, ranks.count_, lines_.row(0), ranks.twice());
  ranks.squares_ = rank_product(ranks.twice(), ranks.twice(), num_padded());
}

double RowStatistics::rank_correlation(const RankRow& x, const RankRow& y) noexcept {
  if (x.count_ < 3 || y.count_ < 3) return kNaN;
  const Apart apart(x.present_, y.present_);
  if (apart.are_too_many) return correlation_of_orders(x.order(), y.order());
  const std::size_t size = num_padded();
  if (apart.count == 0) {
    const double xy = rank_product(x.twice(), y.twice(), size);
    return RankProducts{x.squares_, y.squares_, xy}.correlation(x.count_);
  }
  std::array<std::size_t, kMaxApart> only_x, only_y;
  std::size_t num_x = 0, num_y = 0;
  for (std::size_t k = 0; k < apart.count; ++k) {
    const std::size_t place = apart.places[k];
    if (x.present_[place] != 0) {
      only_x[num_x++] = place;
    } else {
      only_y[num_y++] = place;
    }
  }
  const std::size_t count = x.count_ - num_x;
  if (count < 3) return kNaN;
  const Remaining of_x = without(x, {only_x.data(), num_x}, lines_.row(0));
  const Remaining of_y = without(y, {only_y.data(), num_y}, lines_.row(1));
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
