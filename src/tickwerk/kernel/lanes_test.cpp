#include "tickwerk/kernel/lanes.h"

#include <gtest/gtest.h>

#include <vector>

namespace tickwerk::kernel {
namespace {

TEST(LaneSum, AddsEveryEighthValueFirst) {
  // 1e16 swallows a 1 added to it, so only this order of the sums gives exactly 2.
  std::vector<double> values(16, 0.0);
  values[0] = 1e16;
  values[8] = -1e16;  // the lane of the first
  values[4] = 1;
  values[12] = 1;
  EXPECT_EQ(lane_sum(values.data(), 16), 2.0);
  // In lanes 0 and 1 the large ones meet last, after 1 was lost in each.
  EXPECT_EQ(lane_sum(std::vector<double>{1e16, -1e16, 0, 0, 1, 0, 0, 0}.data(), 8), 0.0);
}

TEST(LaneSum, TakesAnySize) {
  const std::vector<double> values = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  double expected = 0;
  for (std::size_t size = 0; size <= values.size(); ++size) {
    EXPECT_EQ(lane_sum(values.data(), size), expected);
    if (size < values.size()) expected += values[size];
  }
}

}  // namespace
}  // namespace tickwerk::kernel
