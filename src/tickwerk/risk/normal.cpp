#include "tickwerk/risk/normal.h"

#include <cmath>
#include <limits>
#include <numbers>

namespace tickwerk::risk {

double normal_cdf(double x) noexcept { return 0.5 * std::erfc(-x / std::numbers::sqrt2); }

double normal_quantile(double probability) noexcept {
  if (!(probability >= 0 && probability <= 1)) return std::numeric_limits<double>::quiet_NaN();
  // In the lower half the distribution function keeps its relative accuracy.
  if (probability > 0.5) return -normal_quantile(1 - probability);
  if (probability == 0) return -std::numeric_limits<double>::infinity();
  double low = -40;
  double high = 0;
  while (true) {
    const double middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return high;
    (normal_cdf(middle) < probability ? low : high) = middle;
  }
}

}  // namespace tickwerk::risk
