// Panels written in a test row by row, or drawn from a seed, for the tests of factor analysis.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tickwerk/base/random.h"
#include "tickwerk/panel/panel.h"

namespace tickwerk::factor {

/// One vector per row.
inline Panel rows_of(const std::vector<std::vector<double>>& rows) {
  Panel panel(rows.size(), rows.at(0).size(), kNaN);
  for (std::size_t t = 0; t < rows.size(); ++t) {
    for (std::size_t i = 0; i < rows[t].size(); ++i) panel(t, i) = rows[t][i];
  }
  return panel;
}

inline double bell(RandomStream random, std::size_t index) {
  double total = -6;
  for (std::size_t k = 0; k < 12; ++k) total += random.uniform(12 * index + k);
  return total;
}

/// Independent values of deviation `scale`; one in `one_missing` is NaN (0: none).
inline Panel random_panel(std::size_t num_rows,
                          std::size_t num_symbols,
                          std::uint64_t stream,
                          double scale = 1,
                          std::uint64_t one_missing = 0) {
  const RandomStream random{.seed = 5, .stream = stream};
  Panel panel(num_rows, num_symbols, kNaN);
  for (std::size_t t = 0; t < num_rows; ++t) {
    for (std::size_t i = 0; i < num_symbols; ++i) {
      const std::size_t index = t * num_symbols + i;
      if (one_missing > 0 && random.bits(1'000'000'000 + index) % one_missing == 0) continue;
      panel(t, i) = scale * bell(random, index);
    }
  }
  return panel;
}

/// NaN equals NaN.
inline void expect_same(const std::vector<double>& found, const std::vector<double>& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t t = 0; t < found.size(); ++t) {
    EXPECT_EQ(std::isnan(found[t]), std::isnan(expected[t])) << "row " << t;
    if (!std::isnan(expected[t])) {
      EXPECT_NEAR(found[t], expected[t], 1e-12) << "row " << t;
    }
  }
}

}  // namespace tickwerk::factor
