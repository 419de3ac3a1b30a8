// The stages of the loop for shorts and for orders that each have a cost of their own.
#include <algorithm>
#include <cmath>

#include "tickwerk/backtest/loop.h"

namespace tickwerk::backtest {
namespace {

constexpr double kMarginTolerance = 1e-9;  // of equity
constexpr int kEquityIterations = 8;

/// Shares left of a short of which the part `covered` must go, in whole lots: toward zero.
double left_of_short(double shares, double covered, double lot_size) {
  if (covered >= 1) return 0;
  const double left = shares * (1 - covered);
  return lot_size > 0 ? std::trunc(left / lot_size) * lot_size : left;
}

}  // namespace

void Loop::decide_each_order(std::size_t t, double equity) {
  if (!(equity > 0)) {  // ruined: nothing left to share out
    std::fill_n(book_.orders(), book_.size, 0.0);
    orders_open_ = false;
    return;
  }
  const double* strength = signals_.strength.empty() ? book_.ones() : signals_.strength.row(t);
  const SidedWant wanted = want_sides(book_, signals_.direction.row(t), strength, close_.row(t));
  if (costs_.reads_liquidity()) {
    std::copy_n(liquidity_.volatility.row(t), book_.size, book_.order_volatility());
    std::copy_n(liquidity_.adv.row(t), book_.size, book_.order_adv());
  }
  const auto unit = [](double budget, double strengths) {
    return strengths > 0 ? std::max(budget, 0.0) / strengths : 0;
  };
  const auto targets_at = [&](double at_equity) -> SidedTargets {
    return {
        .unit = {.longs = unit(long_share_ * at_equity - wanted.kept.longs, wanted.strength.longs),
                 .shorts =
                     unit(short_share_ * at_equity - wanted.kept.shorts, wanted.strength.shorts)},
        .cap = spec_.max_weight * std::max(at_equity, 0.0)};
  };

  SidedTargets targets = targets_at(equity);
  select_sides(book_, targets, config_.min_trade * equity, spec_.band * equity);
  for (int i = 0; open_ == nullptr && i < kEquityIterations; ++i) {
    const SidedTargets next = targets_at(equity - cost_of_sides(book_, targets, costs_));
    const bool settled = next.unit.longs == targets.unit.longs &&
                         next.unit.shorts == targets.unit.shorts && next.cap == targets.cap;
    targets = next;
    if (settled) break;
  }
  orders_open_ = order_sides(book_, targets, config_.lot_size, close_.row(t)) > 0;
}

/// With less equity than the maintenance margin, covers of all shorts by the part that brings them
/// back to the initial margin, where the strategy does not cover more. Returns whose order changed.
std::span<const std::uint32_t> Loop::call_margin(std::size_t t, double equity) {
  if (spec_.short_selling == strategy::ShortSelling::kRefuse) return {};
  const ShortRules& rules = config_.shorts;
  const double shorts = holding_sides(book_).shorts;
  if (!(shorts > 0) || equity >= rules.maintenance_margin * shorts) return {};
  ++result_.num_margin_calls;
  const double covered = equity > 0 ? 1 - equity / (rules.initial_margin * shorts) : 1;
  std::size_t count = 0;
  for (std::size_t i = 0; i < bars_.num_symbols(); ++i) {
    const double held = book_.shares()[i];
    if (!(held < 0)) continue;
    const double cover = left_of_short(held, covered, config_.lot_size) - held;
    if (cover <= book_.orders()[i]) continue;
    book_.orders()[i] = cover;
    remember_liquidity(t, i);
    with_orders_[count++] = static_cast<std::uint32_t>(i);
  }
  result_.num_margin_covers += count;
  return {with_orders_.data(), count};
}

void Loop::remember_liquidity(std::size_t t, std::size_t symbol) {
  if (!costs_.reads_liquidity()) return;
  book_.order_volatility()[symbol] = liquidity_.volatility(t, symbol);
  book_.order_adv()[symbol] = liquidity_.adv(t, symbol);
}

void Loop::fill_each_order(std::size_t t, const Panel& prices, double tolerance) {
  const double* price = prices.row(t);
  // What an order may fall short of by rounding alone: of equity at the last known closes.
  const double margin_tolerance =
      kMarginTolerance * std::max(book_.cash + holdings_value(book_), 0.0);
  const FilledOrders filled =
      backtest::fill_each_order(book_, price, costs_,
                                {.initial_margin = config_.shorts.initial_margin,
                                 .cash_tolerance = tolerance,
                                 .margin_tolerance = margin_tolerance,
                                 .lot_size = config_.lot_size});
  traded_ = {.bought = filled.bought, .sold = filled.sold};
  cost_ = filled.cost;
  result_.num_fills += static_cast<std::uint64_t>(filled.num_fills);
  result_.num_partial += static_cast<std::uint64_t>(filled.num_partial);
  result_.num_waiting += static_cast<std::uint64_t>(filled.num_waiting);
  result_.num_impact_capped += static_cast<std::uint64_t>(filled.num_impact_capped);
  result_.num_participation_capped += static_cast<std::uint64_t>(filled.num_participation_capped);
  if (config_.fills == Listing::kList) list_each_fill(t, price);
  orders_open_ = filled.num_waiting > 0;
  if (orders_open_) {
    drop_filled(book_, price);
  } else {
    std::fill_n(book_.orders(), book_.size, 0.0);
  }
}

void Loop::list_each_fill(std::size_t t, const double* price) {
  using risk::FillStatus;
  for (const std::uint32_t i : symbols_with_orders()) {
    const double ordered = book_.orders()[i], filled = book_.fills()[i];
    const FillStatus status = std::isnan(price[i]) ? FillStatus::kWaiting
                              : filled == ordered  ? FillStatus::kFilled
                                                   : FillStatus::kPartial;
    risk::Fill fill;
    fill.bar = static_cast<std::int32_t>(t);
    fill.symbol = i & 0xffffff;
    fill.status_bits = static_cast<std::uint8_t>(status);
    fill.order_qty = ordered;
    fill.fill_qty = filled;
    fill.price = price[i];
    result_.fills.push_back(fill);
    if (costs_.has_own_impacts()) result_.impacts.push_back(book_.impact()[i]);
  }
}

}  // namespace tickwerk::backtest
