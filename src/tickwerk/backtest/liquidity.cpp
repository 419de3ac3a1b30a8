#include "tickwerk/backtest/liquidity.h"

#include <vector>

#include "tickwerk/kernel/rolling.h"
#include "tickwerk/kernel/technical.h"
#include "tickwerk/market/own_bars.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::backtest {

Liquidity liquidity(const market::Bars& bars) {
  TW_ZONE("liquidity");
  if (!bars.has("volume")) {
    throw Error(Code::kNotFound,
                "cost_model sqrt and participation_cap need the field 'volume', found bars without "
                "it");
  }
  using Series = std::span<const std::vector<double>>;
  Liquidity found;
  found.volatility =
      market::map_own_bars(bars, {"close"}, [](Series fields, std::span<double> out) {
        if (out.empty()) return;
        std::vector<double> returns(out.size());
        kernel::log_return(fields[0], returns);
        out[0] = kNaN;
        kernel::rolling_deviation(std::span(returns).subspan(1), kLiquidityWindow, out.subspan(1));
      });
  found.adv =
      market::map_own_bars(bars, {"close", "volume"}, [](Series fields, std::span<double> out) {
        std::vector<double> traded(out.size());
        for (std::size_t t = 0; t < out.size(); ++t) traded[t] = fields[0][t] * fields[1][t];
        kernel::rolling_mean(traded, kLiquidityWindow, kLiquidityWindow, out);
      });
  return found;
}

}  // namespace tickwerk::backtest
