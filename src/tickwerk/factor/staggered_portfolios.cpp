#include "tickwerk/factor/staggered_portfolios.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "tickwerk/factor/bucket_rows.h"

namespace tickwerk::factor {
namespace {

/// What a bucket bought on the days that some horizon still holds.
class Purchases {
 public:
  Purchases(std::size_t num_days, std::size_t num_symbols)
      : units_(num_days, num_symbols, 0.0), is_formed_(num_days, 0), none_(1, num_symbols, 0.0) {}

  void form(std::size_t t, const NewPortfolio& portfolio) {
    const std::size_t slot = t % is_formed_.size();
    is_formed_[slot] = enter(portfolio, units_.row(slot)) > 0 ? 1 : 0;
    if (is_formed_[slot] == 1) first_formed_ = std::min(first_formed_, t);
  }
  /// Units bought after the decision at `t`, none before the first day.
  const double* units(std::ptrdiff_t t) const { return t < 0 ? none_.row(0) : units_.row(slot(t)); }
  int is_formed(std::ptrdiff_t t) const { return t < 0 ? 0 : is_formed_[slot(t)]; }
  std::size_t first_formed() const { return first_formed_; }

 private:
  std::size_t slot(std::ptrdiff_t t) const {
    return static_cast<std::size_t>(t) % is_formed_.size();
  }

  Panel units_;                 // by day, the oldest overwritten
  std::vector<int> is_formed_;  // 1 where that day bought something
  Panel none_;
  std::size_t first_formed_ = std::numeric_limits<std::size_t>::max() / 2;
};

/// The portfolios of one bucket at all horizons: a book for each but those of one day, which are
/// what was just bought.
class Leg {
 public:
  Leg(std::size_t bucket,
      std::span<const std::size_t> horizons,
      const PricePaths& paths,
      Entry entry)
      : number_(bucket),
        entry_(entry),
        horizons_(horizons),
        purchases_(num_days(horizons, paths), paths.num_symbols()),
        units_(horizons.size(), paths.num_symbols()),
        num_held_(horizons.size(), 0) {
    for (std::size_t h = 0; h < horizons.size(); ++h) {
      book_of_.push_back(books_.size());
      if (horizons[h] > 1) books_.push_back({.leaving = nullptr, .units = units_.row(h)});
    }
  }

  /// Writes row t + 1 of each horizon. bucket: of the day t, [num_padded]; packed: the same.
  void step(std::size_t t,
            const Panel& bucket,
            const std::uint8_t* packed,
            const PricePaths& paths,
            std::vector<Daily>& returns) {
    const std::uint32_t size =
        count_members(packed, paths.num_symbols(), static_cast<std::uint8_t>(number_));
    purchases_.form(t, {.bucket = bucket.row(0),
                        .number = static_cast<double>(number_),
                        .size = static_cast<double>(size),
                        .each = paths.units(entry_, t),
                        .num_padded = bucket.stride()});
    const auto now = static_cast<std::ptrdiff_t>(t);
    for (std::size_t h = 0; h < horizons_.size(); ++h) {
      if (horizons_[h] > 1) books_[book_of_[h]].leaving = purchases_.units(sold(now, h));
    }
    const double entered = roll({.entering = purchases_.units(now),
                                 .close_before = paths.index(t),
                                 .close = paths.index(t + 1),
                                 .num_padded = units_.stride()},
                                books_);
    for (std::size_t h = 0; h < horizons_.size(); ++h) {
      returns[h][t + 1] = return_of(h, now, entered);
    }
  }

 private:
  std::ptrdiff_t sold(std::ptrdiff_t now, std::size_t h) const {
    return now - static_cast<std::ptrdiff_t>(horizons_[h]);
  }

  /// Of a horizon whose book has rolled on, from the close of `now` to the next.
  double return_of(std::size_t h, std::ptrdiff_t now, double entered) {
    num_held_[h] -= purchases_.is_formed(sold(now, h));
    // Units bought and sold again leave rounding behind, which is no portfolio.
    const double carried = num_held_[h] > 0 ? books_[book_of_[h]].carried : 0;
    num_held_[h] += purchases_.is_formed(now);
    if (num_held_[h] == 0) std::fill_n(units_.row(h), units_.stride(), 0.0);
    const auto next = static_cast<std::size_t>(now) + 1;
    if (num_held_[h] == 0 || next < purchases_.first_formed() + horizons_[h]) return kNaN;
    const double value = horizons_[h] > 1 ? books_[book_of_[h]].now : entered;
    return value / (carried + purchases_.is_formed(now)) - 1;
  }

  /// Days of purchases to keep: until the longest horizon has sold them.
  static std::size_t num_days(std::span<const std::size_t> horizons, const PricePaths& paths) {
    std::size_t longest = 0;
    for (const std::size_t horizon : horizons) {
      TW_CHECK(horizon, >, 0u);
      longest = std::max(longest, std::min(horizon, paths.num_rows()));
    }
    return longest + 1;
  }

  std::size_t number_;
  Entry entry_;
  std::span<const std::size_t> horizons_;
  Purchases purchases_;
  Panel units_;  // by horizon
  std::vector<Book> books_;
  std::vector<std::size_t> book_of_;  // by horizon; of no meaning for one day
  std::vector<int> num_held_;         // portfolios, by horizon
};

}  // namespace

PricePaths::PricePaths(const DailyReturns& returns)
    : index_(returns.from_close.num_rows, returns.from_close.num_symbols),
      units_from_open_(num_rows(), num_symbols()),
      units_from_close_(num_rows(), num_symbols()) {
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
    double* const from_open = units_from_open_.row(t);
    double* const from_close = units_from_close_.row(t);
    for (std::size_t i = 0; i < num_symbols(); ++i) {
      const double change = std::isfinite(close(t, i)) ? close(t, i) : 0;
      now[i] = before[i] * (1 + change);
      const double at_open = (1 + open(t, i)) / now[i];
      const double at_close = 1 / before[i] + 0 * close(t, i);
      from_open[i] = std::isfinite(at_open) ? at_open : kNaN;
      from_close[i] = std::isfinite(at_close) ? at_close : kNaN;
    }
  }
}

std::vector<std::vector<Daily>> staggered_returns(const Buckets& buckets,
                                                  std::span<const std::size_t> wanted,
                                                  std::span<const std::size_t> horizons,
                                                  const PricePaths& paths,
                                                  Entry entry) {
  TW_CHECK(buckets.num_rows(), ==, paths.num_rows());
  TW_CHECK(buckets.num_symbols(), ==, paths.num_symbols());
  const std::size_t num_rows = paths.num_rows();
  const std::vector<Daily> none(horizons.size(), Daily(num_rows, kNaN));
  std::vector<std::vector<Daily>> returns(wanted.size(), none);
  std::vector<Leg> legs;
  for (const std::size_t bucket : wanted) legs.emplace_back(bucket, horizons, paths, entry);
  Panel row(1, paths.num_symbols(), kNaN);
  for (std::size_t t = 0; t + 1 < num_rows; ++t) {
    unpack_buckets(buckets.row(t), paths.num_symbols(), row.row(0));
    for (std::size_t k = 0; k < legs.size(); ++k) {
      legs[k].step(t, row, buckets.row(t), paths, returns[k]);
    }
  }
  return returns;
}

}  // namespace tickwerk::factor
