// Times of two workloads run in turn (ABBA), so that both see the same machine: whatever slows it
// for a while hits both, and the ratio of the two runs of a pair stays true.
#pragma once

#include <cstddef>
#include <functional>
#include <nlohmann/json.hpp>
#include <vector>

namespace tickwerk::bench {

struct Spread {
  double median = 0;
  double least = 0;
  double lower_quartile = 0;
  double upper_quartile = 0;
};
Spread spread(std::vector<double> values);
nlohmann::ordered_json to_json(const Spread& spread);

struct Paired {
  Spread first_ms;
  Spread second_ms;
  Spread ratio;  // first / second, of the runs of one pair
  std::size_t num_pairs = 0;
};

/// Runs both twice unmeasured, then `num_pairs` times each, the order of a pair swapped every time.
Paired measure_paired(const std::function<void()>& first,
                      const std::function<void()>& second,
                      std::size_t num_pairs);

}  // namespace tickwerk::bench
