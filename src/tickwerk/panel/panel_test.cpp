#include "tickwerk/panel/panel.h"

#include <gtest/gtest.h>

#include <cmath>

namespace tickwerk {
namespace {

TEST(Panel, PadsRowsToWholeVectors) {
  const Panel panel(3, 9, kNaN);
  EXPECT_EQ(panel.stride(), 16u);
  for (std::size_t t = 0; t < 3; ++t) {
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(panel.row(t)) % kVectorBytes, 0u);
    for (std::size_t i = 0; i < panel.stride(); ++i) EXPECT_TRUE(std::isnan(panel.row(t)[i]));
  }
  EXPECT_EQ(BasicPanel<std::int8_t>(1, 65).stride(), 128u);
}

TEST(Panel, StartsAtZeroWithoutAFill) {
  const Panel large(600, 500);  // above the size that gets huge pages
  double sum = 0;
  for (std::size_t t = 0; t < large.num_rows(); ++t) {
    for (std::size_t i = 0; i < large.stride(); ++i) sum += std::abs(large.row(t)[i]);
  }
  EXPECT_EQ(sum, 0.0);
}

TEST(PanelView, LooksAtRowsOfTheSameMemory) {
  Panel panel(4, 2);
  panel(2, 1) = 7;
  const PanelView tail = panel.view().rows(2, 4);
  EXPECT_EQ(tail.num_rows, 2u);
  EXPECT_EQ(tail(0, 1), 7.0);
}

TEST(Panel, MayBeEmpty) {
  EXPECT_TRUE(Panel().empty());
  EXPECT_TRUE(Panel(0, 5).empty());
  EXPECT_TRUE(Panel(5, 0).empty());
}

}  // namespace
}  // namespace tickwerk
