#include "tickwerk/model/shifted_neighbours.h"

#include <gtest/gtest.h>

#include <cmath>

namespace tickwerk::model {
namespace {

/// One symbol of one row a bar, whose labels reach `reach` bars and whose return is the bar.
Dataset one_symbol(std::size_t num_bars, std::uint32_t reach) {
  Dataset d;
  d.symbols = {"A"};
  d.label_reach = reach;
  for (std::uint32_t t = 0; t < num_bars; ++t) {
    d.times.push_back(midnight(Date{static_cast<std::int32_t>(t)}));
    d.bar.push_back(t);
    d.symbol.push_back(0);
    d.label_end.push_back(std::min(t + reach, static_cast<std::uint32_t>(num_bars) - 1));
    d.realized_return.push_back(t);
  }
  d.label = d.realized_return;
  return d;
}

/// Six symbols on twelve bars: the return is the number of the symbol, less 10 on odd bars.
Dataset six_symbols() {
  Dataset d;
  d.label_reach = 1;
  for (std::uint32_t s = 0; s < 6; ++s)
    d.symbols.push_back(std::string(1, static_cast<char>('A' + s)));
  for (std::uint32_t t = 0; t < 12; ++t) {
    d.times.push_back(midnight(Date{static_cast<std::int32_t>(t)}));
    for (std::uint32_t s = 0; s < 6; ++s) {
      d.bar.push_back(t);
      d.symbol.push_back(s);
      d.label_end.push_back(std::min(t + 1, 11u));
      d.realized_return.push_back(s - (t % 2 == 1 ? 10.0 : 0.0));
    }
  }
  d.label = d.realized_return;
  return d;
}

TEST(ShiftedNeighbours, ATargetIsAboveTheMedianOfItsDateWhereADateHasRows) {
  const Dataset dataset = six_symbols();
  const ShiftedNeighbours neighbours(dataset, 1);
  for (std::uint32_t row = 0; row < dataset.num_rows(); ++row) {
    EXPECT_EQ(neighbours.target(row), dataset.symbol[row] > 3 ? 1 : 0) << row;
  }
}

TEST(ShiftedNeighbours, ATargetIsAboveTheMedianOfAllWhereDatesHaveFewRows) {
  const Dataset dataset = one_symbol(40, 4);
  const ShiftedNeighbours neighbours(dataset, 1);
  EXPECT_EQ(neighbours.target(20), 0);
  EXPECT_EQ(neighbours.target(21), 1);
}

TEST(ShiftedNeighbours, FiveNearestRowsSayItTheNearerTheSurer) {
  const Dataset dataset = one_symbol(40, 4);
  const ShiftedNeighbours neighbours(dataset, 1);
  const std::vector<ShiftedNeighbours::Series> series = neighbours.moved(0);
  ASSERT_EQ(series.size(), 1u);
  std::vector<char> trains(dataset.num_rows(), 0);
  for (const std::size_t row : {0, 12, 16, 18, 24, 28, 36}) trains[row] = 1;
  // Of row 20, in reaches of 4 bars: 18 is 0.5 away, 16 and 24 are 1, 12 and 28 are 2.
  const auto says = [](double away) { return 0.5 / (0.1 + away); };
  EXPECT_DOUBLE_EQ(neighbours.predict(series[0], 20, {trains}),
                   -says(0.5) - says(1) + says(1) - says(2) + says(2));
  // More than two reaches away are 0 (5 reaches) and 36 (4) alone.
  EXPECT_DOUBLE_EQ(neighbours.predict(series[0], 20, {trains, 2}), says(4) - says(5));
}

TEST(ShiftedNeighbours, AShiftMovesSlowFeaturesInACircleByMoreThanTheReach) {
  Dataset dataset = one_symbol(60, 2);
  dataset.feature_names = {"slow", "noise"};
  dataset.features = Panel(2, 60);
  for (std::size_t r = 0; r < 60; ++r) {
    dataset.features(0, r) = static_cast<double>(r);
    dataset.features(1, r) = static_cast<double>(r * 37 % 60);
  }
  const ShiftedNeighbours neighbours(dataset, 1);
  EXPECT_EQ(neighbours.num_shifts(), 4u);
  for (std::size_t k = 0; k < neighbours.num_shifts(); ++k) {
    const ShiftedNeighbours::Series series = neighbours.moved(k)[0];
    // Ranks of `slow` are (r + 0.5) / 60 - 0.5.
    const auto shift =
        static_cast<std::size_t>(std::lround((series.places[0].feature[0] + 0.5) * 60 - 0.5));
    EXPECT_GE(shift, 5u);
    EXPECT_LE(shift, 55u);
    for (std::size_t r = 0; r < 60; ++r) {
      const double rank = (static_cast<double>((r + shift) % 60) + 0.5) / 60 - 0.5;
      EXPECT_FLOAT_EQ(series.places[r].feature[0], static_cast<float>(rank)) << r;
      EXPECT_EQ(series.places[r].feature[1], 0) << "noise is no neighbour's mark";
      EXPECT_EQ(series.places[r].bar, static_cast<double>(r) / 2);
    }
  }
}

TEST(ShiftedNeighbours, TooFewDatesHaveNoShift) {
  const Dataset dataset = one_symbol(14, 2);
  EXPECT_EQ(ShiftedNeighbours(dataset, 1).num_shifts(), 0u);
}

TEST(ShiftedNeighbours, RowsCountAsOneWithinAReachOfTheirSymbolWhereDatesHaveMedians) {
  Dataset dataset = six_symbols();
  dataset.label_reach = 2;
  const ShiftedNeighbours neighbours(dataset, 1);
  EXPECT_EQ(neighbours.stretch_of(0), neighbours.stretch_of(6));   // bars 0 and 1 of A
  EXPECT_NE(neighbours.stretch_of(0), neighbours.stretch_of(12));  // bar 2 of A
  EXPECT_NE(neighbours.stretch_of(0), neighbours.stretch_of(1));   // B
}

TEST(ShiftedNeighbours, LabelsThatDoNotOverlapAreAskedAcrossSymbols) {
  const Dataset dataset = six_symbols();
  const ShiftedNeighbours neighbours(dataset, 1);
  EXPECT_EQ(neighbours.num_dates(), 12u);
  const std::vector<ShiftedNeighbours::Series> series = neighbours.moved(0);
  ASSERT_EQ(series.size(), 1u);
  EXPECT_EQ(series[0].rows.size(), dataset.num_rows());
}

TEST(SymbolOrder, BarsAndUniquenessAreOfTheChosenRows) {
  const Dataset dataset = one_symbol(4, 2);  // labels read the bars 1-2, 2-3, 3, 3
  const SymbolOrder order = symbol_order(dataset, 100);
  EXPECT_EQ(bars_of(dataset, order), (std::vector<std::uint32_t>{0, 1, 2, 3}));
  // Bar 1 is read once, 2 twice, 3 by three: of rows 1, 2 and, on its own bar, 3.
  const std::vector<double> unique = uniqueness_of(dataset, order);
  ASSERT_EQ(unique.size(), 4u);
  EXPECT_DOUBLE_EQ(unique[0], (1.0 + 0.5) / 2);
  EXPECT_DOUBLE_EQ(unique[1], (0.5 + 1.0 / 3) / 2);
  EXPECT_DOUBLE_EQ(unique[2], 1.0 / 3);
  EXPECT_DOUBLE_EQ(unique[3], 1.0 / 3);
}

}  // namespace
}  // namespace tickwerk::model
