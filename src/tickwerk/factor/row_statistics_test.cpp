#include "tickwerk/factor/row_statistics.h"

#include "tickwerk/factor/panel_fixture.h"
#include "tickwerk/kernel/row_order.h"
#include "tickwerk/kernel/row_rank.h"

namespace tickwerk::factor {
namespace {

/// By the kernel that ranks both sides anew.
double kernel_spearman(const double* x, const double* y, std::size_t size) {
  Panel orders(2, size), scratch(kernel::kOrderScratchRows + kernel::kRankScratchRows, size);
  for (const std::size_t side : {0, 1}) {
    const double* const inputs[] = {side == 0 ? x : y};
    kernel::row_order(
        {inputs, orders.row(side), size, orders.stride(), 1, nullptr, scratch.row(0)});
  }
  const double* const inputs[] = {orders.row(0), orders.row(1)};
  double result = 0;
  kernel::row_spearman({inputs, &result, size, orders.stride(), 2, nullptr, scratch.row(0)});
  return result;
}

double correlation(const Panel& rows) {
  RowStatistics statistics(rows.num_symbols());
  RankRow x(rows.num_symbols()), y(rows.num_symbols());
  statistics.rank(rows.row(0), x);
  statistics.rank(rows.row(1), y);
  return statistics.rank_correlation(x, y);
}

TEST(RankCorrelation, RanksOnlyTheSymbolsInBothRows) {
  // Left: 3, 1, 1, 2 against 1, 2, 3, 4, ranks 4, 1.5, 1.5, 3: -1.5 / sqrt(4.5 * 5).
  const Panel rows = rows_of({{3, 1, kNaN, 1, 2, 1.5, 0}, {1, 2, 1.5, 3, 4, kNaN, kNaN}});
  EXPECT_DOUBLE_EQ(correlation(rows), -1.5 / std::sqrt(4.5 * 5));
}

TEST(RankCorrelation, HasTheBitsOfTheKernelForAnyMissingAndTies) {
  int num_values = 0;
  for (const std::size_t size : {3, 7, 8, 9, 40, 250, 501}) {
    for (const std::uint64_t one_missing : {0, 2, 7, 50, 200}) {
      for (const double scale : {1e-3, 1.0, 1e3}) {  // rounded to whole numbers: ties or none
        Panel rows = random_panel(2, size, size + one_missing, scale, one_missing);
        for (std::size_t i = 0; i < size; ++i) {
          for (const std::size_t side : {0, 1}) rows(side, i) = std::round(rows(side, i));
        }
        const double found = correlation(rows);
        const double expected = kernel_spearman(rows.row(0), rows.row(1), size);
        EXPECT_TRUE(found == expected || (std::isnan(found) && std::isnan(expected)))
            << found << " " << expected << " of " << size;
        num_values += std::isnan(found) ? 0 : 1;
      }
    }
  }
  EXPECT_GT(num_values, 50);
}

TEST(RankCorrelation, IsMissingWhereTooFewAreInBoth) {
  EXPECT_TRUE(std::isnan(correlation(rows_of({{1, 2, 3, kNaN}, {1, 2, kNaN, 4}}))));
  EXPECT_TRUE(std::isnan(correlation(rows_of({{1, 2, 3, kNaN}, {5, 5, 5, 4}}))));
  EXPECT_EQ(correlation(rows_of({{1, 2, 3, kNaN}, {1, 2, 30, 4}})), 1);
}

TEST(DistinctOrder, PartsEqualValuesBySymbol) {
  const Panel values = rows_of({{7, 3, 7, kNaN, 3, 9}});
  RowStatistics statistics(6);
  RankRow ranks(6);
  statistics.rank(values.row(0), ranks);
  const double* const order = statistics.distinct_order(ranks.order());
  expect_same({order, order + 6}, {2, 0, 3, kNaN, 1, 4});
}

}  // namespace
}  // namespace tickwerk::factor
