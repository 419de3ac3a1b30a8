#include "tickwerk/model/gram_lanes.h"

#include <gtest/gtest.h>

#include <vector>

#include "tickwerk/base/random.h"

namespace tickwerk::model {
namespace {

Panel random_columns(std::size_t columns, std::uint64_t stream) {
  Panel result(padded_columns(columns), kBlockRows);
  RandomSequence random({.seed = 3, .stream = stream});
  for (std::size_t c = 0; c < columns; ++c) {
    for (std::size_t r = 0; r < kBlockRows; ++r) result(c, r) = random.uniform() - 0.5;
  }
  return result;
}

TEST(GramLanes, AreTheSumsOfOneRowAfterAnotherBitForBit) {
  for (const std::size_t columns : {1, 4, 5, 15, 33}) {
    for (const std::size_t rows : {8u, 64u, 128u}) {
      const Panel left = random_columns(columns, 1);
      const Panel right = random_columns(columns, 2);
      Panel sums = make_lane_sums(left.num_rows());
      add_products(left.view(), right.view(), rows, sums.span());
      add_products(right.view(), left.view(), rows, sums.span());
      std::vector<double> totals(num_pairs(columns));
      total_products(sums.view(), columns, totals.data());
      for (std::size_t j = 0; j < columns; ++j) {
        for (std::size_t i = 0; i <= j; ++i) {
          double lane[8] = {};
          for (std::size_t r = 0; r < rows; ++r) lane[r % 8] += left(i, r) * right(j, r);
          for (std::size_t r = 0; r < rows; ++r) lane[r % 8] += right(i, r) * left(j, r);
          EXPECT_EQ(totals[pair_at(i, j)], ((lane[0] + lane[4]) + (lane[2] + lane[6])) +
                                               ((lane[1] + lane[5]) + (lane[3] + lane[7])))
              << i << " " << j;
        }
      }
    }
  }
}

TEST(GramLanes, PairsAreCountedThroughByTheirSecond) {
  EXPECT_EQ(pair_at(0, 0), 0u);
  EXPECT_EQ(pair_at(0, 1), 1u);
  EXPECT_EQ(pair_at(1, 1), 2u);
  EXPECT_EQ(pair_at(0, 2), 3u);
  EXPECT_EQ(num_pairs(3), 6u);
  EXPECT_EQ(padded_columns(4), 4u);
  EXPECT_EQ(padded_columns(5), 8u);
}

}  // namespace
}  // namespace tickwerk::model
