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

}  // namespace tickwerk::risk
