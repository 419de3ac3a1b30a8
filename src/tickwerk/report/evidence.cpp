#include "tickwerk/report/evidence.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace tickwerk::report {

Evidence evidence_of(const Tested& tested) noexcept {
  if (!tested.p_holm) return Evidence::kUnknown;
  const bool positive = tested.t > 0.0;
  if (tested.p_holm < kEvidenceLevel) return positive ? Evidence::kPositive : Evidence::kNegative;
  if (tested.p_value < kEvidenceLevel) {
    return positive ? Evidence::kWeakPositive : Evidence::kWeakNegative;
  }
  return Evidence::kNone;
}

std::vector<double> holm_adjusted(const std::vector<double>& p_values) {
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return p_values[a] < p_values[b]; });
  std::vector<double> adjusted(p_values.size());
  double level = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto num_left = static_cast<double>(order.size() - i);
    level = std::max(level, std::min(1.0, num_left * p_values[order[i]]));
    adjusted[order[i]] = level;
  }
  return adjusted;
}

std::string p_text(double p_value) {
  return p_value < 0.001 ? "p < 0.001" : fmt::format("p {:.3f}", p_value);
}

}  // namespace tickwerk::report
