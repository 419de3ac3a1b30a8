#include "tickwerk/kernel/row_least_squares.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tickwerk/kernel/row_fixture.h"

namespace tickwerk::kernel {
namespace {

constexpr RowCall kResidual{row_residual, kResidualScratchRows};

using Column = std::vector<long double>;

/// Residuals by normal equations of centred columns in long double, eliminated with pivots.
Column slow_residuals(const std::vector<Column>& rows) {
  std::vector<Column> columns = rows;
  for (Column& column : columns) {
    long double mean = 0;
    for (const long double x : column) mean += x / static_cast<long double>(column.size());
    for (long double& x : column) x -= mean;
  }
  const std::size_t p = columns.size() - 1;
  const auto dot = [](const Column& a, const Column& b) {
    long double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
  };
  std::vector<Column> system(p, Column(p + 1));
  for (std::size_t i = 0; i < p; ++i) {
    for (std::size_t j = 0; j < p; ++j) system[i][j] = dot(columns[i + 1], columns[j + 1]);
    system[i][p] = dot(columns[i + 1], columns[0]);
  }
  for (std::size_t i = 0; i < p; ++i) {
    const auto pivot = std::max_element(
        system.begin() + static_cast<std::ptrdiff_t>(i), system.end(),
        [i](const Column& a, const Column& b) { return std::abs(a[i]) < std::abs(b[i]); });
    std::swap(system[i], *pivot);
    for (std::size_t k = 0; k < p; ++k) {
      if (k == i) continue;
      const long double by = system[k][i] / system[i][i];
      for (std::size_t j = i; j <= p; ++j) system[k][j] -= by * system[i][j];
    }
  }
  Column left = columns[0];
  for (std::size_t i = 0; i < p; ++i) {
    for (std::size_t k = 0; k < left.size(); ++k) {
      left[k] -= system[i][p] / system[i][i] * columns[i + 1][k];
    }
  }
  return left;
}

void expect_near(const Values& found, const Values& expected, double tolerance) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (std::isnan(expected[i])) {
      ASSERT_TRUE(std::isnan(found[i])) << i;
    } else {
      ASSERT_NEAR(found[i], expected[i], tolerance) << i;
    }
  }
}

TEST(RowResidual, IsWhatALineLeaves) {
  // Slope 1/2 and intercept 1 on x = 1, 2, 3, 4: y = 1, 3, 2, 3 would give 1.5, 2, 2.5, 3; of
  // y = 1.5 + 1, 2 - 1, 2.5 - 1, 3 + 1 (1, -1, -1, 1 is orthogonal to 1 and x) that is left.
  expect_near(kResidual({{2.5, 1, 1.5, 4}, {1, 2, 3, 4}}), {1, -1, -1, 1}, 1e-15);
}

TEST(RowResidual, WithoutFactorsIsTheDifferenceFromTheMean) {
  expect_near(kResidual({{1, kNaN, 2, 6}}), {-2, kNaN, -1, 3}, 1e-15);
}

TEST(RowResidual, CountsOnlyCompleteSymbols) {
  expect_near(kResidual({{2.5, 1, kNaN, 1.5, 77, 78, 4}, {1, 2, 9, 3, kNaN, kInf, 4}}),
              {1, -1, kNaN, -1, kNaN, kNaN, 1}, 1e-14);
}

TEST(RowResidual, LeavesOutConstantAndDependentFactors) {
  const Values y = random_row(Shape::kContinuous, 100, 0);
  const Values f = random_row(Shape::kContinuous, 100, 4);
  const Values g = random_row(Shape::kContinuous, 100, 8);
  Values combination(100), shifted(100);
  for (std::size_t i = 0; i < 100; ++i) {
    combination[i] = 3 * f[i] - g[i] + 5;
    shifted[i] = 1e6 * f[i] - 1e9;
  }
  const Values expected = kResidual({y, f, g});
  expect_near(kResidual({y, f, Values(100, 0.1), g}), expected, 0);
  expect_near(kResidual({y, f, f, g, combination}), expected, 0);
  expect_near(kResidual({y, shifted, g}), expected, 1e-11);
}

TEST(RowResidual, OfAConstantIsZero) {
  expect_near(kResidual({Values(20, 0.1), random_row(Shape::kContinuous, 20, 4)}), Values(20, 0.0),
              0);
  expect_near(kResidual({{5}, {3}}), {0}, 0);
}

TEST(RowResidual, IsSmallWithAsManyFactorsAsSymbols) {
  std::vector<Values> rows;
  for (std::uint64_t i = 0; i < 12; ++i) rows.push_back(random_row(Shape::kContinuous, 8, 4 * i));
  expect_near(kResidual(rows), Values(8, 0.0), 1e-12);
}

TEST(RowResidual, IsNaNBeyondTheMostFactors) {
  std::vector<Values> rows(kMaxFactors + 2, Values(20, 1.0));
  for (const double value : kResidual(rows)) EXPECT_TRUE(std::isnan(value));
  rows.pop_back();
  expect_near(kResidual(rows), Values(20, 0.0), 0);
}

TEST(RowResidual, EqualsNormalEquationsInLongDouble) {
  for (const Shape shape : {Shape::kContinuous, Shape::kTies, Shape::kSpikes}) {
    for (const std::size_t size : {50u, 97u, 500u, 3000u}) {
      for (const std::size_t num_factors : {1u, 2u, 5u, 11u}) {
        std::vector<Values> rows;
        for (std::uint64_t i = 0; i <= num_factors; ++i) {
          rows.push_back(random_row(shape, size, 100 * i + (i < 3 ? 1 : 4)));
        }
        std::vector<Column> complete(rows.size());
        std::vector<bool> counts(size);
        long double scale = 0;
        for (std::size_t i = 0; i < size; ++i) {
          counts[i] = std::none_of(rows.begin(), rows.end(),
                                   [i](const Values& row) { return std::isnan(row[i]); });
          if (!counts[i]) continue;
          for (std::size_t k = 0; k < rows.size(); ++k) complete[k].push_back(rows[k][i]);
          scale = std::max(scale, std::abs(complete[0].back()));
        }
        const Column residuals = slow_residuals(complete);
        Values expected(size, kNaN);
        for (std::size_t i = 0, next = 0; i < size; ++i) {
          if (counts[i]) expected[i] = static_cast<double>(residuals[next++]);
        }
        expect_near(kResidual(rows), expected, 1e-12 * static_cast<double>(scale));
      }
    }
  }
}

}  // namespace
}  // namespace tickwerk::kernel
