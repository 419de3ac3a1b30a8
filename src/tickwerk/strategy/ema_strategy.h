// The built-in strategies that compare two exponential means of the close. They stand behind the
// interface that strategy files will use; their texts say what the kernels compute.
#pragma once

#include <span>

#include "tickwerk/strategy/strategy.h"

namespace tickwerk::strategy {

/// `long: ema(close, fast) > ema(close, slow)`, `score: ema(close, fast) / ema(close, slow) - 1`.
/// Parameters: fast and slow, whole numbers in [1, 100000], in bars.
class EmaStrategy final : public Strategy {
 public:
  explicit EmaStrategy(StrategySpec spec);

  Factors build_factors(const market::Bars& bars) const override;

 private:
  int fast_;
  int slow_;
};

/// `ema_trend` and `trend_baseline`, sorted by name.
std::span<const StrategySpec> ema_strategies();

}  // namespace tickwerk::strategy
