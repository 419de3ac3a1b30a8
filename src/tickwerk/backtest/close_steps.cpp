#include "tickwerk/backtest/close_steps.h"

#include <algorithm>
#include <cmath>

#include "tickwerk/trace/zone.h"

namespace tickwerk::backtest {

CloseSteps::CloseSteps(const market::Bars& bars, int delist_after, std::size_t first_row)
    : first_row_(first_row),
      frequency_(bars.frequency),
      times_(bars.times),
      ratio_(bars.num_rows(), bars.num_symbols(), kNaN),
      expired_from_(bars.num_rows() + 1, 0) {
  TW_ZONE("CloseSteps");
  const std::size_t num_symbols = bars.num_symbols();
  std::vector<double> last(num_symbols, kNaN);
  std::vector<int> missing(num_symbols, 0);
  for (std::size_t t = first_row; t < bars.num_rows(); ++t) {
    const double* close = bars.close().row(t);
    const bool market_is_open =
        std::any_of(close, close + num_symbols, [](double price) { return !std::isnan(price); });
    expired_from_[t] = expired_.size();
    for (std::size_t i = 0; market_is_open && i < num_symbols; ++i) {
      if (std::isnan(close[i])) {
        if (++missing[i] == delist_after) expired_.push_back(static_cast<std::uint32_t>(i));
        continue;
      }
      missing[i] = 0;
      ratio_(t, i) = std::isnan(last[i]) ? 1 : close[i] / last[i];
      last[i] = close[i];
    }
  }
  std::fill_n(expired_from_.begin(), std::min(first_row, bars.num_rows()), std::size_t{0});
  expired_from_.back() = expired_.size();
}

}  // namespace tickwerk::backtest
