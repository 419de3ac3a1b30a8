#include "tickwerk/risk/drawdown.h"

#include <algorithm>

namespace tickwerk::risk {

std::optional<double> max_drawdown_pct(double start, std::span<const double> equity) noexcept {
  if (equity.empty()) return {};
  double highest = start;
  double worst = 0;
  for (const double value : equity) {
    highest = std::max(highest, value);
    worst = std::min(worst, value / highest - 1);
  }
  return 100 * worst;
}

std::vector<Drawdown> worst_drawdowns(double start,
                                      std::span<const double> equity,
                                      std::size_t count) {
  std::vector<Drawdown> all;
  double highest = start;
  std::optional<std::size_t> peak;
  bool under_water = false;
  for (std::size_t i = 0; i < equity.size(); ++i) {
    if (equity[i] >= highest) {
      if (under_water) all.back().recovery = i;
      under_water = false;
      highest = equity[i];
      peak = i;
      continue;
    }
    const double depth_pct = 100 * (equity[i] / highest - 1);
    if (!under_water) {
      all.push_back({.depth_pct = depth_pct, .peak = peak, .trough = i, .recovery = {}});
      under_water = true;
    } else if (depth_pct < all.back().depth_pct) {
      all.back().depth_pct = depth_pct;
      all.back().trough = i;
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const Drawdown& left, const Drawdown& right) {
    return left.depth_pct < right.depth_pct;
  });
  if (all.size() > count) all.resize(count);
  return all;
}

std::optional<double> calmar(std::optional<double> cagr,
                             std::optional<double> max_drawdown_pct) noexcept {
  if (!cagr || !max_drawdown_pct || !(*max_drawdown_pct < 0)) return {};
  return *cagr / (-*max_drawdown_pct / 100);
}

}  // namespace tickwerk::risk
