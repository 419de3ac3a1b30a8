#include "paired.h"

#include <algorithm>
#include <chrono>

namespace tickwerk::bench {
namespace {

constexpr std::size_t kWarmUps = 2;

double elapsed_ms(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
      .count();
}

/// Linear between the closest ranks.
double quantile(const std::vector<double>& sorted, double p) {
  const double place = p * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

}  // namespace

Spread spread(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return {.median = quantile(values, 0.5),
          .least = values.front(),
          .lower_quartile = quantile(values, 0.25),
          .upper_quartile = quantile(values, 0.75)};
}

nlohmann::ordered_json to_json(const Spread& spread) {
  return {{"median", spread.median},
          {"least", spread.least},
          {"lower_quartile", spread.lower_quartile},
          {"upper_quartile", spread.upper_quartile}};
}

Paired measure_paired(const std::function<void()>& first,
                      const std::function<void()>& second,
                      std::size_t num_pairs) {
  for (std::size_t i = 0; i < kWarmUps; ++i) {
    first();
    second();
  }
  std::vector<double> first_ms(num_pairs), second_ms(num_pairs), ratio(num_pairs);
  for (std::size_t i = 0; i < num_pairs; ++i) {
    if (i % 2 == 0) first_ms[i] = elapsed_ms(first);
    second_ms[i] = elapsed_ms(second);
    if (i % 2 == 1) first_ms[i] = elapsed_ms(first);
    ratio[i] = first_ms[i] / second_ms[i];
  }
  return {.first_ms = spread(std::move(first_ms)),
          .second_ms = spread(std::move(second_ms)),
          .ratio = spread(std::move(ratio)),
          .num_pairs = num_pairs};
}

}  // namespace tickwerk::bench
