#include "tickwerk/backtest/liquidity.h"

#include "tickwerk/expr/module.h"
#include "tickwerk/factor/evaluate.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::backtest {
namespace {

expr::Module definitions() {
  const std::string text = fmt::format(
      "volatility = ts_std(log_ret(close), {0})\n"
      "adv = ts_mean(close * volume, {0})\n",
      kLiquidityWindow);
  return expr::Module::parse(text, "liquidity", {});
}

}  // namespace

Liquidity liquidity(const market::Bars& bars) {
  TW_ZONE("liquidity");
  if (!bars.has("volume")) {
    throw Error(Code::kNotFound,
                "cost_model sqrt and participation_cap need the field 'volume', found bars without "
                "it");
  }
  factor::Evaluation found = factor::evaluate({.bars = bars}, definitions());
  return {.volatility = std::move(found.values[0]), .adv = std::move(found.values[1])};
}

}  // namespace tickwerk::backtest
