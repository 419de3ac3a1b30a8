#include "tickwerk/backtest/each_order.h"

#include <algorithm>
#include <cmath>

#include "tickwerk/kernel/lanes.h"
#include "tickwerk/strategy/strategy.h"

namespace tickwerk::backtest {
namespace {

constexpr double kDust = 1e-12;  // what rounding leaves of the cash, as a share of what buys need

double target_value(const SidedTargets& targets, double strength) noexcept {
  return strength > 0 ? std::min(strength * targets.unit.longs, targets.cap)
                      : std::max(strength * targets.unit.shorts, -targets.cap);
}

double toward_zero(double quantity, double lot_size) noexcept {
  return lot_size > 0 ? std::trunc(quantity / lot_size) * lot_size : quantity;
}

/// Sums of the positive values and of the negative ones.
Sides sides_of(Book& book, const double* values) noexcept {
  double* longs = book.terms();
  double* shorts = book.more_terms();
  for (std::size_t i = 0; i < book.size; ++i) {
    const double value = values[i];
    longs[i] = value > 0 ? value : 0.0;
    shorts[i] = value < 0 ? -value : 0.0;
  }
  return {kernel::lane_sum(longs, book.size), kernel::lane_sum(shorts, book.size)};
}

OrderLiquidity liquidity_of(Book& book, std::size_t i) noexcept {
  return {book.order_volatility()[i], book.order_adv()[i]};
}

/// Splits every order that meets a price into what closes and what opens, after the participation
/// cap. Returns how many orders that cap cut.
std::int64_t split_orders(Book& book,
                          const double* price,
                          const OrderCosts& costs,
                          double lot_size) noexcept {
  std::int64_t num_cut = 0;
  for (std::size_t i = 0; i < book.size; ++i) {
    double order = book.orders()[i];
    book.opening()[i] = book.closing()[i] = 0;
    if (order == 0 || std::isnan(price[i])) continue;
    const double most = costs.most(liquidity_of(book, i));
    if (std::abs(order) * price[i] > most) {
      order = toward_zero(std::copysign(most / price[i], order), lot_size);
      ++num_cut;
    }
    const double held = book.shares()[i];
    const double closing = order * held < 0 ? std::min(std::abs(order), std::abs(held)) : 0;
    book.closing()[i] = std::copysign(closing, order);
    book.opening()[i] = closing > 0 ? order - book.closing()[i] : order;
  }
  return num_cut;
}

/// Factor of the parts that open shorts, so that initial_margin of the short value is no more than
/// the equity before the fills, both at the prices of the fills.
double affordable_shorts(Book& book, const double* price, const FillRules& rules) noexcept {
  if (rules.initial_margin == 0) return 1;
  double* values = book.impact();  // free until the fills
  double* opened = book.strength();
  for (std::size_t i = 0; i < book.size; ++i) {
    const double at = std::isnan(price[i]) ? book.last_close()[i] : price[i];
    const bool opens_short = book.opening()[i] < 0;
    values[i] = (book.shares()[i] + book.closing()[i]) * at;
    opened[i] = opens_short ? -book.opening()[i] * at : 0.0;
  }
  const double wanted = kernel::lane_sum(opened, book.size);
  if (wanted == 0) return 1;
  const double kept = sides_of(book, values).shorts;
  for (std::size_t i = 0; i < book.size; ++i) {
    const double at = std::isnan(price[i]) ? book.last_close()[i] : price[i];
    values[i] = book.shares()[i] * at;
  }
  const double equity = book.cash + kernel::lane_sum(values, book.size);
  if (rules.initial_margin * (kept + wanted) <= equity + rules.margin_tolerance) return 1;
  const double room = equity / rules.initial_margin - kept;
  return room > kDust * wanted ? room / wanted : 0;
}

/// Factor of the parts that buy, so that cash after all fills is not below 0. Costs are counted at
/// the rates of the whole orders.
double affordable_buys(Book& book,
                       const double* price,
                       const OrderCosts& costs,
                       const FillRules& rules) noexcept {
  double* income = book.terms();
  double* spending = book.more_terms();
  for (std::size_t i = 0; i < book.size; ++i) {
    const double opening = book.opening()[i], closing = book.closing()[i];
    income[i] = spending[i] = 0;
    if (opening == 0 && closing == 0) continue;
    const double rate = costs.rate(std::abs(opening + closing) * price[i], liquidity_of(book, i));
    const bool is_buy = opening > 0 || closing > 0;
    if (is_buy) {
      income[i] = -closing * price[i] * (1 + rate);
      spending[i] = opening * price[i] * (1 + rate);
    } else {
      income[i] = -(opening + closing) * price[i] * (1 - rate);
    }
  }
  const double available = book.cash + kernel::lane_sum(income, book.size);
  const double needed = kernel::lane_sum(spending, book.size);
  if (needed == 0 || needed <= available + rules.cash_tolerance) return 1;
  return available > kDust * needed ? available / needed : 0;
}

void scale_opening_shorts(Book& book, double factor, double lot_size) noexcept {
  for (std::size_t i = 0; factor < 1 && i < book.size; ++i) {
    double& opening = book.opening()[i];
    if (opening < 0) opening = toward_zero(opening * factor, lot_size);
  }
}

void scale_buys(Book& book, double factor, double lot_size) noexcept {
  for (std::size_t i = 0; factor < 1 && i < book.size; ++i) {
    double& opening = book.opening()[i];
    if (opening > 0) opening = toward_zero(opening * factor, lot_size);
  }
}

}  // namespace

Sides holding_sides(Book& book) noexcept {
  double* values = book.impact();  // free between fills
  for (std::size_t i = 0; i < book.size; ++i) values[i] = book.shares()[i] * book.last_close()[i];
  return sides_of(book, values);
}

SidedWant want_sides(Book& book,
                     const std::int8_t* direction,
                     const double* strength,
                     const double* close) noexcept {
  double* kept = book.impact();
  for (std::size_t i = 0; i < book.size; ++i) {
    const double value = book.shares()[i] * book.last_close()[i];
    const bool takes_part = !std::isnan(close[i]) && direction[i] != strategy::kKeep;
    const double side = direction[i] == strategy::kLong    ? 1.0
                        : direction[i] == strategy::kShort ? -1.0
                                                           : 0.0;
    book.strength()[i] = takes_part && side != 0 ? side * strength[i] : 0.0;
    book.held_value()[i] = takes_part ? value : 0.0;
    kept[i] = takes_part ? 0.0 : value;
  }
  const Sides kept_sides = sides_of(book, kept);
  return {sides_of(book, book.strength()), kept_sides};
}

void select_sides(Book& book, const SidedTargets& targets, double least, double band) noexcept {
  for (std::size_t i = 0; i < book.size; ++i) {
    const double target = target_value(targets, book.strength()[i]);
    const double held = book.held_value()[i];
    const double difference = std::abs(target - held);
    const bool same_side = (target > 0 && held > 0) || (target < 0 && held < 0);
    const double limit = same_side ? std::max(band, least) : least;
    if (difference != 0 && difference >= limit) continue;
    book.strength()[i] = book.held_value()[i] = 0;
  }
}

double cost_of_sides(Book& book, const SidedTargets& targets, const OrderCosts& costs) noexcept {
  for (std::size_t i = 0; i < book.size; ++i) {
    const OrderLiquidity of = liquidity_of(book, i);
    const double difference =
        std::abs(target_value(targets, book.strength()[i]) - book.held_value()[i]);
    const double notional = difference == 0 ? 0 : std::min(difference, costs.most(of));
    book.terms()[i] = notional == 0 ? 0 : notional * costs.rate(notional, of);
  }
  return kernel::lane_sum(book.terms(), book.size);
}

std::int64_t order_sides(Book& book,
                         const SidedTargets& targets,
                         double lot_size,
                         const double* close) noexcept {
  std::int64_t count = 0;
  for (std::size_t i = 0; i < book.size; ++i) {
    const bool selected = book.strength()[i] != 0 || book.held_value()[i] != 0;
    const double target = selected ? target_value(targets, book.strength()[i]) / close[i] : 0;
    const double order = selected ? toward_zero(target, lot_size) - book.shares()[i] : 0.0;
    book.orders()[i] = order;
    count += order != 0 ? 1 : 0;
  }
  return count;
}

FilledOrders fill_each_order(Book& book,
                             const double* price,
                             const OrderCosts& costs,
                             const FillRules& rules) noexcept {
  FilledOrders filled;
  filled.num_participation_capped = split_orders(book, price, costs, rules.lot_size);
  scale_opening_shorts(book, affordable_shorts(book, price, rules), rules.lot_size);
  scale_buys(book, affordable_buys(book, price, costs, rules), rules.lot_size);

  double* cost = book.strength();  // a decision is over when its orders are filled
  for (std::size_t i = 0; i < book.size; ++i) {
    book.fills()[i] = book.impact()[i] = 0;
    book.terms()[i] = book.more_terms()[i] = cost[i] = 0;
    const double order = book.orders()[i];
    if (order == 0) continue;
    if (std::isnan(price[i])) {
      ++filled.num_waiting;
      continue;
    }
    const double opening = book.opening()[i], closing = book.closing()[i];
    const bool is_whole = opening == order - closing;
    const double fill = is_whole ? order : opening + closing;
    const double notional = std::abs(fill) * price[i];
    const OrderLiquidity of = liquidity_of(book, i);
    book.fills()[i] = fill;
    book.shares()[i] += fill;
    book.impact()[i] = costs.impact(notional, of);
    cost[i] = fill == 0 ? 0 : notional * costs.rate(notional, of);
    (fill > 0 ? book.terms() : book.more_terms())[i] = notional;
    filled.num_fills += fill != 0 ? 1 : 0;
    filled.num_partial += is_whole ? 0 : 1;
    filled.num_impact_capped += fill != 0 && costs.is_capped(notional, of) ? 1 : 0;
  }
  filled.bought = kernel::lane_sum(book.terms(), book.size);
  filled.sold = kernel::lane_sum(book.more_terms(), book.size);
  filled.cost = kernel::lane_sum(cost, book.size);
  book.cash += filled.sold - filled.bought - filled.cost;
  return filled;
}

}  // namespace tickwerk::backtest
