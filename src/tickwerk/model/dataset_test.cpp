#include "tickwerk/model/dataset.h"

#include <gtest/gtest.h>

#include <limits>

namespace tickwerk::model {
namespace {

TEST(CompleteRows, DropsRowsWithAMissingOrInfiniteFeatureAndKeepsTheRestTogether) {
  Dataset dataset;
  dataset.symbols = {"A", "B"};
  dataset.bar = {0, 0, 1, 1};
  dataset.symbol = {0, 1, 0, 1};
  dataset.label_end = {2, 2, 3, 3};
  dataset.label = {0.1, 0.2, 0.3, 0.4};
  dataset.realized_return = dataset.label;
  dataset.feature_names = {"f", "g"};
  dataset.features = Panel(2, 4);
  const double f[] = {1, kNaN, 3, 4};
  const double g[] = {5, 6, std::numeric_limits<double>::infinity(), 8};
  std::copy(f, f + 4, dataset.features.row(0));
  std::copy(g, g + 4, dataset.features.row(1));

  const Dataset complete = complete_rows(dataset);

  EXPECT_EQ(complete.bar, (std::vector<std::uint32_t>{0, 1}));
  EXPECT_EQ(complete.symbol, (std::vector<std::uint32_t>{0, 1}));
  EXPECT_EQ(complete.label_end, (std::vector<std::uint32_t>{2, 3}));
  EXPECT_EQ(complete.label, (std::vector<double>{0.1, 0.4}));
  EXPECT_EQ(complete.features(0, 1), 4);
  EXPECT_EQ(complete.features(1, 1), 8);
}

TEST(NumRows, CountsAllRanges) {
  const RowRanges ranges{{0, 3}, {5, 6}};
  EXPECT_EQ(num_rows(ranges), 4u);
}

TEST(ValuesOf, TakesTheRowsOfAVectorOrASpanInTheirOrder) {
  const std::vector<std::uint32_t> bars{10, 11, 12, 13, 14};
  const std::vector<double> values{0.5, 1.5, 2.5, 3.5, 4.5};
  const RowRanges ranges{{1, 3}, {4, 5}};
  EXPECT_EQ(values_of(bars, ranges), (std::vector<std::uint32_t>{11, 12, 14}));
  EXPECT_EQ(values_of(std::span(values), ranges), (std::vector<double>{1.5, 2.5, 4.5}));
  EXPECT_TRUE(values_of(values, {}).empty());
}

}  // namespace
}  // namespace tickwerk::model
