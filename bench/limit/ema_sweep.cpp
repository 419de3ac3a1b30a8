#include "limit/ema_sweep.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <thread>
#include <vector>

#include "limit/vectors.h"

namespace tickwerk::limit {
namespace {

constexpr std::size_t kSweepRows = 32;   // of a block: its bits and prices stay in the cache
constexpr double kCashTolerance = 1e-9;  // of equity
constexpr int kMostLines = 8;

// In place of a held value, which is never negative, where the symbol is not wanted long.
constexpr double kNoOrder = -1;
constexpr double kSellAll = -2;

/// The book of one pair between two blocks.
struct Book {
  double cash = 0;
  double* shares = nullptr;
};

/// What a row of decisions leaves to do: shares that change at the row's prices.
struct Pending {
  double unit = 0;    // value of a long
  double factor = 1;  // of what buys get
};

[[gnu::always_inline]] inline Vector lower(Vector a, Vector b) noexcept { return a < b ? a : b; }

constexpr Mask kUpperFour = {4, 5, 6, 7, 4, 5, 6, 7};
constexpr Mask kUpperTwo = {2, 3, 2, 3, 2, 3, 2, 3};

/// The order of additions of total(), by shuffles.
double total_of(const Sum& sum) noexcept {
  const Vector x = sum.chain[0] + sum.chain[1];
  const Vector four = x + __builtin_shuffle(x, kUpperFour);
  const Vector two = four + __builtin_shuffle(four, kUpperTwo);
  return two[0] + two[1];
}

double least_of(Vector x) noexcept {
  const Vector four = lower(x, __builtin_shuffle(x, kUpperFour));
  const Vector two = lower(four, __builtin_shuffle(four, kUpperTwo));
  return std::min(two[0], two[1]);
}

/// Orders when a long has some value.
struct Split {
  double bought;
  double sold;
  double num_buys;     // of longs
  double num_sells;    // of longs
  double nearest_buy;  // the least of the buys
};

class SplitSums {
 public:
  /// `change` is 0 where there is no order, `of_longs` that of symbols wanted long alone.
  [[gnu::always_inline]] void add(int chain, Vector change, Vector of_longs) noexcept {
    const Mask is_buy = change > 0;
    bought_.chain[chain] += is_buy ? change : Vector{};
    net_.chain[chain] += change;
    num_buys_ += std::popcount(pack(is_buy));
    num_sells_ += std::popcount(pack(of_longs < 0));
    nearest_ = lower(is_buy ? change : Vector{} + kFar, nearest_);
  }
  Split split() const noexcept {
    const double bought = total_of(bought_);
    return {bought, bought - total_of(net_), static_cast<double>(num_buys_),
            static_cast<double>(num_sells_), least_of(nearest_)};
  }

 private:
  static constexpr double kFar = std::numeric_limits<double>::max();
  Sum bought_, net_;
  int num_buys_ = 0, num_sells_ = 0;
  Vector nearest_ = Vector{} + kFar;
};

/// The pairs of some fast windows with all slow ones.
class Part {
 public:
  Part(PanelView close,
       const Sweep& sweep,
       std::size_t first_fast,
       std::size_t last_fast,
       PanelSpan equity)
      : close_(close),
        sweep_(sweep),
        first_fast_(first_fast),
        num_fast_(last_fast - first_fast),
        size_(close.num_symbols),
        equity_(equity),
        means_(kNumFast + kNumSlow, size_),
        shares_(num_fast_ * kNumSlow, size_),
        inverse_(kSweepRows, size_),
        coded_(1, size_),
        above_(num_fast_ * kNumSlow * kSweepRows * size_ / kLanes),
        books_(num_fast_ * kNumSlow) {
    for (std::size_t k = 0; k < books_.size(); ++k) {
      books_[k] = {sweep.start_capital, shares_.row(k)};
    }
  }

  void run() {
    for (std::size_t first = 0; first < close_.num_rows; first += kSweepRows) {
      const std::size_t last = std::min(first + kSweepRows, close_.num_rows);
      for (std::size_t i = 0; i < size_; i += kLanes) compare_means(first, last, i);
      for (std::size_t t = first; t < last; ++t) {
        const double* price = close_.row(t);
        double* inverse = inverse_.row(t - first);
        for (std::size_t i = 0; i < size_; ++i) inverse[i] = 1 / price[i];
      }
      for (std::size_t pair = 0; pair < books_.size(); ++pair) trade(first, last, pair);
    }
  }

 private:
  std::uint8_t* above(std::size_t pair, std::size_t row) noexcept {
    return above_.data() + (pair * kSweepRows + row) * size_ / kLanes;
  }

  /// One bit a symbol: where the fast mean of a pair is above its slow one.
  void compare_means(std::size_t first, std::size_t last, std::size_t symbol) noexcept {
    Vector fast[kNumFast], slow[kNumSlow];
    double fast_weight[kNumFast], slow_weight[kNumSlow];
    const double* start = first == 0 ? close_.row(0) + symbol : nullptr;
    for (std::size_t f = 0; f < num_fast_; ++f) {
      fast_weight[f] = 2.0 / (sweep_.fast[first_fast_ + f] + 1.0);
      fast[f] = load(start != nullptr ? start : means_.row(f) + symbol);
    }
    for (std::size_t s = 0; s < kNumSlow; ++s) {
      slow_weight[s] = 2.0 / (sweep_.slow[s] + 1.0);
      slow[s] = load(start != nullptr ? start : means_.row(kNumFast + s) + symbol);
    }
    for (std::size_t t = first; t < last; ++t) {
      if (t > 0) {
        const Vector price = load(close_.row(t) + symbol);
        for (std::size_t f = 0; f < num_fast_; ++f) {
          fast[f] = (1 - fast_weight[f]) * fast[f] + fast_weight[f] * price;
        }
        for (std::size_t s = 0; s < kNumSlow; ++s) {
          slow[s] = (1 - slow_weight[s]) * slow[s] + slow_weight[s] * price;
        }
      }
      for (std::size_t f = 0; f < num_fast_; ++f) {
        for (std::size_t s = 0; s < kNumSlow; ++s) {
          above(f * kNumSlow + s, t - first)[symbol / kLanes] = pack(fast[f] > slow[s]);
        }
      }
    }
    for (std::size_t f = 0; f < num_fast_; ++f) store(means_.row(f) + symbol, fast[f]);
    for (std::size_t s = 0; s < kNumSlow; ++s) store(means_.row(kNumFast + s) + symbol, slow[s]);
  }

  /// The shares after what is pending at the prices whose inverse is given.
  static Vector settled(Vector shares,
                        Vector coded,
                        Vector inverse,
                        const Pending& pending) noexcept {
    const Vector target = coded >= 0 ? pending.unit * inverse : Vector{};
    const Vector bought = shares + (target - shares) * pending.factor;
    const Vector filled = target > shares ? bought : target;
    return coded == kNoOrder ? shares : filled;
  }

  /// Settles what is pending and values the shares at the next row's prices.
  double settle_and_value(const Book& book,
                          const double* inverse,
                          const double* price,
                          const Pending& pending) noexcept {
    double* coded = coded_.row(0);
    Sum value;
    for_vectors(size_, [&](std::size_t i, int k) {
      const Vector shares =
          settled(load(book.shares + i), load(coded + i), load(inverse + i), pending);
      store(book.shares + i, shares);
      const Vector held = shares * load(price + i);
      store(coded + i, held);
      value.chain[k] += held;
    });
    return total_of(value);
  }

  double value(const Book& book, const double* price) noexcept {
    double* coded = coded_.row(0);
    Sum value;
    for_vectors(size_, [&](std::size_t i, int k) {
      const Vector held = load(book.shares + i) * load(price + i);
      store(coded + i, held);
      value.chain[k] += held;
    });
    return total_of(value);
  }

  /// Decides a row: codes the orders, moves the cash, gives what is left to do. `equity` becomes
  /// that after costs.
  Pending decide(Book& book, const std::uint8_t* bits, double holdings, double& equity) noexcept {
    double* coded = coded_.row(0);
    int num_longs = 0;
    for (std::size_t i = 0; i < size_ / kLanes; ++i) num_longs += std::popcount(bits[i]);
    const double share = num_longs > 0 ? 1.0 / num_longs : 0;
    equity = book.cash + holdings;
    const double least = sweep_.min_trade * equity;
    double unit = equity * share;
    SplitSums sums;
    for_vectors(size_, [&](std::size_t i, int k) {
      const Mask is_long = unpack(bits[i / kLanes]);
      const Vector held = load(coded + i);
      const Vector change = (is_long ? Vector{} + unit : Vector{}) - held;
      const Vector size = absolute(change);
      const Mask is_order = (size >= least) & (size != 0);
      const Vector selected = is_order ? change : Vector{};
      sums.add(k, selected, is_long ? selected : Vector{});
      const Vector coded_order = is_long ? held : Vector{} + kSellAll;
      store(coded + i, is_order ? coded_order : Vector{} + kNoOrder);
    });

    // Traded value is a straight line in the value of a long as long as no order turns from a buy
    // into a sell, so the fixed point is the root of a line; rarely a second one is needed.
    const double rate = sweep_.cost_rate * share;
    Split split = sums.split();
    double sold_all = 0;  // by symbols no longer wanted
    for (int line = 0; line < kMostLines; ++line) {
      const double slope = split.num_buys - split.num_sells;
      const double traded = split.bought + split.sold;
      const double next = (equity * share - rate * (traded - slope * unit)) / (1 + rate * slope);
      const double moved = unit - next;
      if (moved >= 0 && moved < split.nearest_buy) {
        split.bought -= moved * split.num_buys;
        split.sold += moved * split.num_sells;
        unit = next;
        break;
      }
      if (line == 0) sold_all = split.sold - split_at(unit).sold;
      unit = next;
      split = split_at(unit);
      split.sold += sold_all;
      if (std::abs(moved) <= 1e-16 * equity) break;
    }

    Pending pending = {.unit = unit};
    double bought = split.bought;
    const double sold = split.sold;
    const double available = book.cash + sold - sweep_.cost_rate * sold;
    const double needed = bought + sweep_.cost_rate * bought;
    if (needed > available + kCashTolerance * equity) {
      pending.factor = std::max(available, 0.0) / needed;
      bought *= pending.factor;
    }
    const double cost = sweep_.cost_rate * (bought + sold);
    book.cash += sold - bought - cost;
    equity -= cost;
    return pending;
  }

  Split split_at(double unit) noexcept {
    const double* coded = coded_.row(0);
    SplitSums sums;
    for_vectors(size_, [&](std::size_t i, int k) {
      const Vector held = load(coded + i);
      const Vector change = held >= 0 ? unit - held : Vector{};
      sums.add(k, change, change);
    });
    return sums.split();
  }

  void trade(std::size_t first, std::size_t last, std::size_t pair) noexcept {
    Book& book = books_[pair];
    double* equity = equity_.row(first_fast_ * kNumSlow + pair);
    const auto warm_up = static_cast<std::size_t>(sweep_.slow[pair % kNumSlow] - 1);
    std::size_t t = first;
    for (; t < last && t < warm_up; ++t) equity[t] = book.cash;
    if (t == last) return;
    double holdings = value(book, close_.row(t));
    for (;; ++t) {
      const Pending pending = decide(book, above(pair, t - first), holdings, equity[t]);
      const std::size_t next = t + 1 < last ? t + 1 : t;
      holdings = settle_and_value(book, inverse_.row(t - first), close_.row(next), pending);
      if (next == t) return;
    }
  }

  PanelView close_;
  const Sweep& sweep_;
  std::size_t first_fast_;
  std::size_t num_fast_;
  std::size_t size_;
  PanelSpan equity_;
  Panel means_;
  Panel shares_;
  Panel inverse_;
  Panel coded_;
  std::vector<std::uint8_t> above_;
  std::vector<Book> books_;
};

}  // namespace

void ema_sweep(PanelView close, const Sweep& sweep, int num_threads, PanelSpan equity) {
  const auto parts = static_cast<std::size_t>(num_threads);
  std::vector<std::jthread> others;
  for (std::size_t part = 1; part < parts; ++part) {
    others.emplace_back([&, part] {
      Part(close, sweep, kNumFast * part / parts, kNumFast * (part + 1) / parts, equity).run();
    });
  }
  Part(close, sweep, 0, kNumFast / parts, equity).run();
}

}  // namespace tickwerk::limit
