// What the market gave for an order, what it cost, and what equity was after each bar: the result
// of a backtest as data, read by the statistics here, by reports and by tests. Nothing here decides
// or trades.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "tickwerk/base/time.h"
#include "tickwerk/base/units.h"

namespace tickwerk::risk {

enum class FillStatus : std::uint8_t { kFilled, kPartial, kWaiting, kDelisted };
std::string_view to_string(FillStatus status) noexcept;

/// One order on one bar. Quantities are signed shares (buys > 0); a waiting order has fill_qty 0.
struct Fill {
  std::int32_t bar = 0;  // row of the bars
  std::uint32_t symbol : 24 = 0;
  std::uint32_t status_bits : 8 = 0;
  double order_qty = 0;
  double fill_qty = 0;
  double price = 0;  // unslipped

  FillStatus status() const noexcept { return static_cast<FillStatus>(status_bits); }
};

/// An order as decided at the close of `bar`: signed shares.
struct Order {
  std::int32_t bar = 0;
  std::int32_t symbol = 0;
  double qty = 0;
};

/// Costs per traded notional. Commission is paid in cash; spread and impact move the fill price.
struct CostRates {
  Bps commission{0.5};
  Bps spread{0.25};
  Bps impact{0.5};

  /// All three, as a fraction of notional.
  constexpr double total() const noexcept {
    return (commission.value + spread.value + impact.value) / 1e4;
  }
};

/// Costs of one fill in cash, all >= 0, and the price paid: price * (1 +- (spread + impact)).
struct FillCosts {
  double commission = 0;
  double spread = 0;
  double slippage = 0;
  double fill_price = 0;
  double total() const noexcept { return commission + spread + slippage; }
};
FillCosts costs_of(const Fill& fill, const CostRates& rates) noexcept;

using FillList = std::vector<Fill>;
using OrderList = std::vector<Order>;

/// Fraction of notional that each fill of a list moved the market by, one a fill.
using ImpactList = std::vector<double>;

/// What the fills of a list cost: rates for all of them, but for the impact where a cost model gave
/// each fill its own (then `impacts` has one a fill).
struct FillCharges {
  FillCharges(const CostRates& all = {}, std::span<const double> each = {})
      : rates(all), impacts(each) {}

  FillCosts of(const FillList& fills, std::size_t k) const noexcept;

  CostRates rates;
  std::span<const double> impacts;
};

/// State after all fills of one bar. Exposures are shares of equity; the other figures are cash.
struct EquityRow {
  Timestamp time;
  double equity = 0;
  double cash = 0;
  double gross_exposure = 0;
  double net_exposure = 0;
  double cost = 0;        // of the fills of this bar
  double bought = 0;      // notional of its buys
  double sold = 0;        // notional of its sells
  double borrow_fee = 0;  // paid on this bar for the shorts held since the row before
  double interest = 0;    // got on this bar for the cash held since the row before, paid when < 0
};

}  // namespace tickwerk::risk
