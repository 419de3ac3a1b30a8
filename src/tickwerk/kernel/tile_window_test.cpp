// Small windows worked by hand; definitions at large: expr/operators_brute_force_test.cpp.
#include "tickwerk/kernel/tile_window.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tickwerk/kernel/tile_offset.h"
#include "tickwerk/kernel/tile_recursive.h"
#include "tickwerk/panel/panel.h"

namespace tickwerk::kernel {
namespace {

using Series = std::vector<double>;

constexpr std::size_t kBefore = 32;  // bars of NaN before the first, and after the last

/// The kernel over one lane of at most sixteen bars; the other lanes hold NaN.
Series run(TileKernel kernel,
           const std::vector<Series>& inputs,
           const std::vector<double>& constants) {
  constexpr std::size_t kBars = 2 * kBefore + kTileBlock;
  struct alignas(64) Tile {
    double values[kBars * kTileLanes];
  };
  std::vector<Tile> tiles(inputs.size());
  std::vector<const double*> pointers;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    for (double& value : tiles[i].values) value = kNaN;
    for (std::size_t bar = 0; bar < inputs[i].size(); ++bar) {
      tiles[i].values[(kBefore + bar) * kTileLanes + 5] = inputs[i][bar];
    }
    pointers.push_back(&tiles[i].values[kBefore * kTileLanes]);
  }
  alignas(64) double out[kTileBlock * kTileLanes];
  alignas(64) double state[8 * kTileLanes] = {};
  kernel({.inputs = pointers.data(),
          .out = out,
          .num_bars = kTileBlock,
          .constants = constants.data(),
          .state = state,
          .num_inputs = pointers.size()});
  Series found;
  for (std::size_t bar = 0; bar < inputs[0].size(); ++bar) {
    found.push_back(out[bar * kTileLanes + 5]);
  }
  return found;
}

void expect_near(const Series& found, const Series& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t t = 0; t < found.size(); ++t) {
    if (std::isnan(expected[t])) {
      EXPECT_TRUE(std::isnan(found[t])) << t << ": " << found[t];
    } else {
      EXPECT_NEAR(found[t], expected[t], 1e-14 * (1 + std::fabs(expected[t]))) << t;
    }
  }
}

const Series kX = {2, 4, 9, 1, 1};

TEST(TileWindow, AddsMultipliesAndCompares) {
  expect_near(run(tile::window_sum, {kX}, {3, 3}), {kNaN, kNaN, 15, 14, 11});
  expect_near(run(tile::window_product, {kX}, {3, 3}), {kNaN, kNaN, 72, 36, 9});
  expect_near(run(tile::window_min, {kX}, {3, 3}), {kNaN, kNaN, 2, 1, 1});
  expect_near(run(tile::window_max, {kX}, {3, 3}), {kNaN, kNaN, 9, 9, 9});
}

TEST(TileWindow, PositionsCountFromTheOldestBarAndTheOldestWinsTies) {
  expect_near(run(tile::window_argmin, {kX}, {3, 3}), {kNaN, kNaN, 1, 3, 2});
  expect_near(run(tile::window_argmax, {kX}, {3, 3}), {kNaN, kNaN, 3, 2, 1});
  const double infinity = std::numeric_limits<double>::infinity();
  expect_near(run(tile::window_argmin, {{kNaN, infinity, infinity}}, {3, 1}), {kNaN, 3, 2});
}

TEST(TileWindow, MomentsAreThoseOfTheSample) {
  expect_near(run(tile::window_mean, {kX}, {3, 3}), {kNaN, kNaN, 5, 14.0 / 3, 11.0 / 3});
  expect_near(run(tile::window_variance, {kX}, {3, 3, 1}),
              {kNaN, kNaN, 13, (98 - 14 * 14.0 / 3) / 2, (83 - 11 * 11.0 / 3) / 2});
  expect_near(run(tile::window_deviation, {{3, 7}}, {2, 2, 0}), {kNaN, 2});
  expect_near(run(tile::window_covariance, {{1, 2, 3}, {2, 4, 9}}, {3, 3, 1}), {kNaN, kNaN, 3.5});
  expect_near(run(tile::window_beta, {{2, 4, 9}, {1, 2, 3}}, {3, 3}), {kNaN, kNaN, 3.5});
  expect_near(run(tile::window_correlation, {{1, 2, 3}, {2, 4, 9}}, {3, 3}),
              {kNaN, kNaN, 7 / std::sqrt(2 * 26.0)});
}

TEST(TileWindow, MissingValuesAreLeftOutDownToTheMinimumCount) {
  const Series x = {2, kNaN, 8, kNaN, kNaN};
  expect_near(run(tile::window_mean, {x}, {3, 1}), {2, 2, 5, 8, 8});
  expect_near(run(tile::window_mean, {x}, {3, 2}), {kNaN, kNaN, 5, kNaN, kNaN});
  expect_near(run(tile::window_mean, {x}, {3, 3}), {kNaN, kNaN, kNaN, kNaN, kNaN});
  expect_near(run(tile::window_sum, {x}, {3, 4}), {kNaN, kNaN, kNaN, kNaN, kNaN});
}

TEST(TileWindow, AnInfinityIsInTheSumAndHasNoMean) {
  const double infinity = std::numeric_limits<double>::infinity();
  expect_near(run(tile::window_mean, {{1, infinity, 1, 1}}, {2, 2}), {kNaN, kNaN, kNaN, 1});
  EXPECT_EQ(run(tile::window_sum, {{1, infinity}}, {2, 2})[1], infinity);
}

TEST(TileWindow, ShapesAreThoseOfPandas) {
  // G1 of (1, 2, 4): deviations -4/3, -1/3, 5/3.
  const double third = (-64 - 1 + 125) / 27.0, second = 42 / 9.0;
  expect_near(run(tile::window_skewness, {{1, 2, 4}}, {3, 3}),
              {kNaN, kNaN, 3 / (2 * 1.0) * third / std::pow(second / 2, 1.5)});
  // G2 of (0, 0, 0, 4): squares sum to 12, fourth powers to 84.
  expect_near(run(tile::window_kurtosis, {{0, 0, 0, 4}}, {4, 4}), {kNaN, kNaN, kNaN, 4});
  expect_near(run(tile::window_kurtosis, {{5, 5, 5, 5}}, {4, 4}), {kNaN, kNaN, kNaN, kNaN});
}

TEST(TileWindow, TrendsAreRegressionsOnTime) {
  expect_near(run(tile::window_slope, {kX}, {3}), {kNaN, kNaN, 3.5, -1.5, -4});
  expect_near(run(tile::window_residual, {kX}, {3}), {kNaN, kNaN, 0.5, -13.0 / 6, 4.0 / 3});
  expect_near(run(tile::window_r2, {{1, 2, 3, 7}}, {3}), {kNaN, kNaN, 1, 25.0 / 28});
  expect_near(run(tile::decay_linear, {kX}, {3}), {kNaN, kNaN, 37 / 6.0, 25 / 6.0, 14 / 6.0});
}

TEST(TileWindow, RanksAndQuantilesAverageTies) {
  expect_near(run(tile::window_rank, {{2, 4, 4, 1}}, {3, 3}), {kNaN, kNaN, 2.5 / 3, 1.0 / 3});
  expect_near(run(tile::window_rank, {{2, kNaN, 4}}, {3, 1}), {1, kNaN, 1});
  expect_near(run(tile::window_quantile, {kX}, {3, 0.25, 3}), {kNaN, kNaN, 3, 2.5, 1});
  expect_near(run(tile::window_median, {{5, kNaN, 1, 2}}, {3, 2}), {kNaN, kNaN, 3, 1.5});
}

TEST(TileRecursive, MeansBeginWithTheirFirstValues) {
  expect_near(run(tile::ema, {{4, 8, kNaN, 2}}, {3}), {kNaN, kNaN, kNaN, 4});
  expect_near(run(tile::wilder, {{4, 8, kNaN, 3}}, {2}), {kNaN, 6, kNaN, 4.5});
  EXPECT_EQ(run(tile::ema, {{0.1, 0.1, 0.1}}, {2})[2], 0.1);
  EXPECT_EQ(run(tile::wilder, {{0.1, 0.1, 0.1}}, {2})[2], 0.1);
}

TEST(TileRecursive, LatchObeysExitFirstAndNaNChangesNothing) {
  expect_near(run(tile::latch, {{0, 1, 0, 1, kNaN, 1, 1}, {0, 0, kNaN, 1, 0, kNaN, 0}}, {}),
              {0, 1, 1, 0, 0, 0, 1});
}

TEST(TileRecursive, SumsLastValuesAndAges) {
  expect_near(run(tile::cumulative_sum, {{1, kNaN, 2}}, {}), {1, kNaN, 3});
  expect_near(run(tile::last_value, {{kNaN, 1, kNaN}}, {}), {kNaN, 1, 1});
  expect_near(run(tile::bars_since, {{0, 1, kNaN, 0, 1}}, {}), {kNaN, 0, 1, 2, 0});
}

TEST(TileOffset, ReadsBothWays) {
  expect_near(run(tile::offset, {kX}, {-2}), {kNaN, kNaN, 2, 4, 9});
  expect_near(run(tile::offset, {kX}, {1}), {4, 9, 1, 1, kNaN});
  expect_near(run(tile::ahead, {kX, {4, 3, 2, 1, 0}}, {2, 0.5}), {9, 1, 1, 0.5, 0.5});
}

}  // namespace
}  // namespace tickwerk::kernel
