// What one order costs and how much of it may trade, from its notional and from how liquid the
// symbol was on the bar that decided it. Internal to `backtest`: used where orders are looked at
// one by one (each_order.cpp).
#pragma once

#include <cmath>
#include <limits>

#include "tickwerk/backtest/backtest.h"

namespace tickwerk::backtest {

/// Volatility and adv as in `Liquidity`, of the symbol on the deciding bar; NaN where unknown.
struct OrderLiquidity {
  double volatility = kNaN;
  double adv = kNaN;
};

class OrderCosts {
 public:
  explicit OrderCosts(const BacktestConfig& config)
      : fixed_((config.costs.commission.value + config.costs.spread.value) / 1e4),
        linear_impact_(config.costs.impact.fraction()),
        is_sqrt_(config.cost_model == CostModel::kSqrt),
        coef_(config.impact_coef),
        cap_(config.impact_cap.fraction()),
        participation_(config.participation_cap) {}

  bool reads_liquidity() const noexcept { return is_sqrt_ || participation_ > 0; }
  bool has_own_impacts() const noexcept { return is_sqrt_; }

  /// Fraction of notional; the cap where liquidity is unknown.
  double impact(double notional, OrderLiquidity of) const noexcept {
    if (!is_sqrt_) return linear_impact_;
    if (coef_ == 0) return 0;
    const double found = coef_ * of.volatility * std::sqrt(notional / of.adv);
    return found <= cap_ ? found : cap_;
  }

  /// Whether an impact that `impact` gave was cut to the cap.
  bool is_capped(double notional, OrderLiquidity of) const noexcept {
    return is_sqrt_ && coef_ != 0 &&
           !(coef_ * of.volatility * std::sqrt(notional / of.adv) <= cap_);
  }

  /// Commission, spread and impact as a fraction of notional.
  double rate(double notional, OrderLiquidity of) const noexcept {
    return fixed_ + impact(notional, of);
  }

  /// Largest notional that may trade on one bar; 0 where liquidity is unknown and matters.
  double most(OrderLiquidity of) const noexcept {
    if (participation_ == 0) return std::numeric_limits<double>::infinity();
    const double limit = participation_ * of.adv;
    return limit >= 0 ? limit : 0;
  }

 private:
  double fixed_;
  double linear_impact_;
  bool is_sqrt_;
  double coef_;
  double cap_;
  double participation_;
};

}  // namespace tickwerk::backtest
