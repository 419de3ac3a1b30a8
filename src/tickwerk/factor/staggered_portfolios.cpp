#include "tickwerk/factor/staggered_portfolios.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "tickwerk/factor/bucket_rows.h"

namespace tickwerk::factor {
namespace {

/// One bucket's portfolios through time.
class Book {
 public:
  Book(const Buckets& buckets, std::size_t bucket, std::size_t horizon, const PricePaths& paths)
      : buckets_(buckets),
        bucket_(static_cast<std::uint8_t>(bucket)),
        horizon_(horizon),
        paths_(paths),
        bought_(horizon + 1, paths.num_symbols(), 0.0),
        is_formed_(horizon + 1, 0),
        book_(1, paths.num_symbols(), 0.0) {}

  /// Return from the close of t to that of t + 1.
  double step(std::size_t t) {
    const std::size_t newest = t % bought_.num_rows();
    const std::size_t oldest = (t + 1) % bought_.num_rows();  // of t - horizon: sold by now
    form(t, newest);
    num_held_ -= is_formed_[oldest];
    const BookValues values = roll({.leaving = bought_.row(oldest),
                                    .entering = bought_.row(newest),
                                    .close_before = paths_.index(t),
                                    .close = paths_.index(t + 1),
                                    .book = book_.row(0),
                                    .num_padded = book_.stride()});
    // Units bought and sold again leave rounding behind, which is no portfolio.
    const double carried = num_held_ > 0 ? values.carried : 0;
    num_held_ += is_formed_[newest];
    if (num_held_ == 0) std::fill_n(book_.row(0), book_.stride(), 0.0);
    if (num_held_ == 0 || t + 1 < first_formed_ + horizon_) return kNaN;
    return values.now / (carried + is_formed_[newest]) - 1;
  }

 private:
  void form(std::size_t t, std::size_t slot) {
    const std::uint32_t num_entered =
        enter(buckets_.row(t), bucket_, paths_.units(t), paths_.num_symbols(), bought_.row(slot));
    is_formed_[slot] = num_entered > 0 ? 1 : 0;
    if (num_entered > 0) first_formed_ = std::min(first_formed_, t);
  }

  const Buckets& buckets_;
  const std::uint8_t bucket_;
  const std::size_t horizon_;
  const PricePaths& paths_;
  Panel bought_;                // units by the day of the decision, the last horizon + 1
  std::vector<int> is_formed_;  // 1 where that day bought something
  Panel book_;                  // their sum
  int num_held_ = 0;
  std::size_t first_formed_ = static_cast<std::size_t>(-1) / 2;
};

}  // namespace

PricePaths::PricePaths(const DailyReturns& returns, Entry entry)
    : index_(returns.from_close.num_rows, returns.from_close.num_symbols),
      units_(returns.from_close.num_rows, returns.from_close.num_symbols) {
  const PanelView open = returns.from_open;
  const PanelView close = returns.from_close;
  if (open.num_rows != close.num_rows || open.num_symbols != close.num_symbols) {
    throw Error(Code::kInvalidArgument,
                fmt::format("daily returns must have the same shape: {} x {} against {} x {}",
                            open.num_rows, open.num_symbols, close.num_rows, close.num_symbols));
  }
  if (num_rows() > 0) std::fill_n(index_.row(0), num_symbols(), 1.0);
  for (std::size_t t = 0; t + 1 < num_rows(); ++t) {
    const double* const before = index_.row(t);
    double* const now = index_.row(t + 1);
    double* const units = units_.row(t);
    for (std::size_t i = 0; i < num_symbols(); ++i) {
      const double change = std::isfinite(close(t, i)) ? close(t, i) : 0;
      now[i] = before[i] * (1 + change);
      const double bought =
          entry == Entry::kNextOpen ? (1 + open(t, i)) / now[i] : 1 / before[i] + 0 * close(t, i);
      units[i] = std::isfinite(bought) ? bought : 0;
    }
  }
}

Daily staggered_returns(const Buckets& buckets,
                        std::size_t bucket,
                        std::size_t horizon,
                        const PricePaths& paths) {
  TW_CHECK(buckets.num_rows(), ==, paths.num_rows());
  TW_CHECK(buckets.num_symbols(), ==, paths.num_symbols());
  TW_CHECK(horizon, >, 0u);
  Daily returns(paths.num_rows(), kNaN);
  if (paths.num_rows() <= horizon) return returns;
  Book book(buckets, bucket, horizon, paths);
  for (std::size_t t = 0; t + 1 < paths.num_rows(); ++t) returns[t + 1] = book.step(t);
  return returns;
}

}  // namespace tickwerk::factor
