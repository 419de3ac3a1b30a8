#include "tickwerk/backtest/row_kernels.h"

#include <algorithm>
#include <cmath>

#include "tickwerk/kernel/lanes.h"
#include "tickwerk/kernel/vector_clones.h"
#include "tickwerk/strategy/strategy.h"

// The loops stand in functions of their own on plain pointers: there the compiler sees that nothing
// overlaps.
namespace tickwerk::backtest {
namespace {

using kernel::kLanes;
using kernel::lane_sum;

[[gnu::always_inline]] inline double target_value(Targets targets, double strength) noexcept {
  const double value = strength * targets.unit;
  return value < targets.cap ? value : targets.cap;
}

struct Presence {
  std::int64_t num_present = 0;
  std::int64_t num_expired = 0;
};

TW_VECTOR_CLONES
Presence mark_loop(std::size_t size,
                   const double* __restrict close,
                   const double* __restrict shares,
                   double delist_after,
                   double* __restrict last_close,
                   double* __restrict bars_missing,
                   double* __restrict value) noexcept {
  std::int64_t num_present = 0, num_expired = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const double price = close[i];
    const bool has_bar = price == price;
    const double last = has_bar ? price : last_close[i];
    const double missing = has_bar ? 0.0 : bars_missing[i] + 1;
    bars_missing[i] = missing;
    last_close[i] = last;
    value[i] = shares[i] * last;
    num_present += has_bar ? 1 : 0;
    num_expired += (missing == delist_after) & (shares[i] != 0) ? 1 : 0;
  }
  return {num_present, num_expired};
}

TW_VECTOR_CLONES
void add_loop(std::size_t size, double amount, double* values) noexcept {
  for (std::size_t i = 0; i < size; ++i) values[i] += amount;
}

TW_VECTOR_CLONES
void product_loop(std::size_t size,
                  const double* __restrict a,
                  const double* __restrict b,
                  double* __restrict out) noexcept {
  for (std::size_t i = 0; i < size; ++i) out[i] = a[i] * b[i];
}

TW_VECTOR_CLONES
void want_loop(std::size_t size,
               const std::int8_t* __restrict direction,
               const double* __restrict strength_in,
               const double* __restrict close,
               const double* __restrict shares,
               const double* __restrict last_close,
               double* __restrict strength,
               double* __restrict held_value,
               double* __restrict kept_value) noexcept {
  constexpr double kLong = static_cast<double>(strategy::kLong);
  constexpr double kKeep = static_cast<double>(strategy::kKeep);
  for (std::size_t i = 0; i < size; ++i) {
    const double wanted = direction[i];
    const double value = shares[i] * last_close[i];
    const bool takes_part = (close[i] == close[i]) & (wanted != kKeep);
    const double relative = wanted == kLong ? strength_in[i] : 0.0;
    strength[i] = takes_part ? relative : 0.0;
    held_value[i] = takes_part ? value : 0.0;
    kept_value[i] = takes_part ? 0.0 : value;
  }
}

TW_VECTOR_CLONES
void select_loop(std::size_t size,
                 Targets targets,
                 double least,
                 double band,
                 double* __restrict strength,
                 double* __restrict held_value,
                 double* __restrict traded) noexcept {
  for (std::size_t i = 0; i < size; ++i) {
    const double target = target_value(targets, strength[i]);
    const double held = held_value[i];
    const double difference = std::abs(target - held);
    const double inner = (target != 0) & (held != 0) ? band : 0.0;
    const double limit = inner > least ? inner : least;
    const bool is_order = (difference >= limit) & (difference != 0);
    strength[i] = is_order ? strength[i] : 0.0;
    held_value[i] = is_order ? held : 0.0;
    traded[i] = is_order ? difference : 0.0;
  }
}

TW_VECTOR_CLONES
double traded_loop(std::size_t size,
                   Targets targets,
                   const double* __restrict strength,
                   const double* __restrict held_value) noexcept {
  double lane[kLanes] = {};
  for (std::size_t i = 0; i < size; i += kLanes) {
    for (std::size_t j = 0; j < kLanes; ++j) {
      lane[j] += std::abs(target_value(targets, strength[i + j]) - held_value[i + j]);
    }
  }
  return lane_sum(lane, kLanes);
}

TW_VECTOR_CLONES
std::int64_t order_loop(std::size_t size,
                        Targets targets,
                        const double* __restrict strength,
                        const double* __restrict held_value,
                        const double* __restrict close,
                        const double* __restrict shares,
                        double* __restrict orders) noexcept {
  std::int64_t count = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const double target = target_value(targets, strength[i]) / close[i];
    const bool selected = (strength[i] != 0) | (held_value[i] != 0);
    const double order = selected ? target - shares[i] : 0.0;
    orders[i] = order;
    count += order != 0 ? 1 : 0;
  }
  return count;
}

TW_VECTOR_CLONES
Tradeable tradeable_loop(std::size_t size,
                         const double* __restrict orders,
                         const double* __restrict price,
                         double* __restrict bought,
                         double* __restrict sold) noexcept {
  std::int64_t num_buys = 0, num_sells = 0, num_waiting = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const bool has_price = price[i] == price[i];
    const double notional = has_price ? orders[i] * price[i] : 0.0;
    bought[i] = notional > 0 ? notional : 0.0;
    sold[i] = notional < 0 ? -notional : 0.0;
    num_buys += has_price & (orders[i] > 0) ? 1 : 0;
    num_sells += has_price & (orders[i] < 0) ? 1 : 0;
    num_waiting += !has_price & (orders[i] != 0) ? 1 : 0;
  }
  return {.notional = {}, .num_buys = num_buys, .num_sells = num_sells, .num_waiting = num_waiting};
}

TW_VECTOR_CLONES
void fill_loop(std::size_t size,
               const double* __restrict orders,
               const double* __restrict price,
               double* __restrict fills,
               double* __restrict shares) noexcept {
  for (std::size_t i = 0; i < size; ++i) {
    const double fill = price[i] == price[i] ? orders[i] : 0.0;
    fills[i] = fill;
    shares[i] += fill;
  }
}

TW_VECTOR_CLONES
void scaled_fill_loop(std::size_t size,
                      const double* __restrict orders,
                      const double* __restrict price,
                      double buy_factor,
                      double* __restrict fills) noexcept {
  for (std::size_t i = 0; i < size; ++i) {
    const double scaled = orders[i] > 0 ? orders[i] * buy_factor : orders[i];
    fills[i] = price[i] == price[i] ? scaled : 0.0;
  }
}

TW_VECTOR_CLONES
void account_loop(std::size_t size,
                  const double* __restrict fills,
                  const double* __restrict price,
                  double* __restrict shares,
                  double* __restrict bought,
                  double* __restrict sold) noexcept {
  for (std::size_t i = 0; i < size; ++i) {
    const double notional = fills[i] != 0 ? fills[i] * price[i] : 0.0;
    shares[i] += fills[i];
    bought[i] = notional > 0 ? notional : 0.0;
    sold[i] = notional < 0 ? -notional : 0.0;
  }
}

TW_VECTOR_CLONES
void drop_loop(std::size_t size,
               const double* __restrict price,
               double* __restrict orders) noexcept {
  for (std::size_t i = 0; i < size; ++i) orders[i] = price[i] == price[i] ? 0.0 : orders[i];
}

Notional notional_of_terms(Book& book) noexcept {
  return {lane_sum(book.terms(), book.size), lane_sum(book.more_terms(), book.size)};
}

double whole_lots(double quantity, double lot_size) noexcept {
  return std::trunc(quantity / lot_size) * lot_size;
}

}  // namespace

MarkSums mark(Book& book, const double* close, double delist_after) noexcept {
  const Presence presence = mark_loop(book.size, close, book.shares(), delist_after,
                                      book.last_close(), book.bars_missing(), book.terms());
  return {lane_sum(book.terms(), book.size), presence.num_present, presence.num_expired};
}

void forget_missing(Book& book) noexcept { add_loop(book.size, -1, book.bars_missing()); }

double holdings_value(Book& book) noexcept {
  product_loop(book.size, book.shares(), book.last_close(), book.terms());
  return lane_sum(book.terms(), book.size);
}

WantSums want(Book& book,
              const std::int8_t* direction,
              const double* strength,
              const double* close) noexcept {
  want_loop(book.size, direction, strength, close, book.shares(), book.last_close(),
            book.strength(), book.held_value(), book.terms());
  return {lane_sum(book.strength(), book.size), lane_sum(book.terms(), book.size)};
}

double select_orders(Book& book, Targets targets, double least, double band) noexcept {
  select_loop(book.size, targets, least, band, book.strength(), book.held_value(), book.terms());
  return lane_sum(book.terms(), book.size);
}

double traded_value(Book& book, Targets targets) noexcept {
  return traded_loop(book.size, targets, book.strength(), book.held_value());
}

std::int64_t order_shares(Book& book,
                          Targets targets,
                          double lot_size,
                          const double* close) noexcept {
  const std::int64_t count = order_loop(book.size, targets, book.strength(), book.held_value(),
                                        close, book.shares(), book.orders());
  if (lot_size == 0) return count;
  std::int64_t count_in_lots = 0;
  for (std::size_t i = 0; i < book.size; ++i) {
    double& order = book.orders()[i];
    if (order == 0) continue;
    const double target = target_value(targets, book.strength()[i]) / close[i];
    order = whole_lots(target, lot_size) - book.shares()[i];
    count_in_lots += order != 0 ? 1 : 0;
  }
  return count_in_lots;
}

Tradeable tradeable(Book& book, const double* price) noexcept {
  Tradeable orders =
      tradeable_loop(book.size, book.orders(), price, book.terms(), book.more_terms());
  orders.notional = notional_of_terms(book);
  return orders;
}

void fill_orders(Book& book, const double* price) noexcept {
  fill_loop(book.size, book.orders(), price, book.fills(), book.shares());
}

Notional fill_scaled_orders(Book& book,
                            const double* price,
                            double buy_factor,
                            double lot_size) noexcept {
  scaled_fill_loop(book.size, book.orders(), price, buy_factor, book.fills());
  for (std::size_t i = 0; lot_size > 0 && i < book.size; ++i) {
    double& fill = book.fills()[i];
    if (fill > 0) fill = whole_lots(fill, lot_size);
  }
  account_loop(book.size, book.fills(), price, book.shares(), book.terms(), book.more_terms());
  return notional_of_terms(book);
}

std::int64_t count_bought(Book& book) noexcept {
  return std::count_if(book.fills(), book.fills() + book.size,
                       [](double fill) { return fill > 0; });
}

void drop_filled(Book& book, const double* price) noexcept {
  drop_loop(book.size, price, book.orders());
}

}  // namespace tickwerk::backtest
