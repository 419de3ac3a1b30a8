#include "tickwerk/risk/fill.h"

#include <cmath>

namespace tickwerk::risk {

std::string_view to_string(FillStatus status) noexcept {
  switch (status) {
    case FillStatus::kFilled:
      return "filled";
    case FillStatus::kPartial:
      return "partial";
    case FillStatus::kWaiting:
      return "waiting";
    case FillStatus::kDelisted:
      break;
  }
  return "delisted";
}

FillCosts costs_of(const Fill& fill, const CostRates& rates) noexcept {
  const double notional = std::abs(fill.fill_qty) * fill.price;
  const double side = fill.order_qty < 0 ? -1.0 : 1.0;
  return {.commission = notional * rates.commission.value / 1e4,
          .spread = notional * rates.spread.value / 1e4,
          .slippage = notional * rates.impact.value / 1e4,
          .fill_price = fill.price * (1 + side * (rates.spread.value + rates.impact.value) / 1e4)};
}

FillCosts FillCharges::of(const FillList& fills, std::size_t k) const noexcept {
  if (impacts.empty()) return costs_of(fills[k], rates);
  CostRates own = rates;
  own.impact = Bps{impacts[k] * 1e4};
  return costs_of(fills[k], own);
}

}  // namespace tickwerk::risk
