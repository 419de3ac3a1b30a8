#include "tickwerk/factor/staggered_portfolios.h"

#include "tickwerk/factor/panel_fixture.h"

namespace tickwerk::factor {
namespace {

Buckets buckets_of(const std::vector<std::vector<int>>& rows) {
  Buckets buckets(rows.size(), rows[0].size());
  for (std::size_t t = 0; t < rows.size(); ++t) {
    for (std::size_t i = 0; i < rows[t].size(); ++i) {
      buckets(t, i) = static_cast<std::uint8_t>(rows[t][i]);
    }
  }
  return buckets;
}

/// What the definition says, portfolio by portfolio and day by day: quadratic, written for reading.
Daily slow_returns(const Buckets& buckets,
                   std::size_t bucket,
                   std::size_t horizon,
                   const DailyReturns& daily,
                   Entry entry) {
  struct Portfolio {
    std::size_t formed;
    std::vector<double> values;  // by symbol
  };
  const std::size_t num_rows = buckets.num_rows();
  const std::size_t num_symbols = buckets.num_symbols();
  const PanelView first_day = entry == Entry::kNextOpen ? daily.from_open : daily.from_close;
  Daily returns(num_rows, kNaN);
  std::vector<Portfolio> held;
  std::size_t first_formed = num_rows;
  for (std::size_t t = 0; t + 1 < num_rows; ++t) {
    std::erase_if(held,
                  [&](const Portfolio& portfolio) { return portfolio.formed + horizon == t; });
    double before = 0, after = 0;
    for (Portfolio& portfolio : held) {
      for (std::size_t i = 0; i < num_symbols; ++i) {
        const double change = daily.from_close(t, i);
        before += portfolio.values[i];
        if (!std::isnan(change)) portfolio.values[i] *= 1 + change;
        after += portfolio.values[i];
      }
    }
    std::vector<double> values(num_symbols);
    double count = 0;
    for (std::size_t i = 0; i < num_symbols; ++i) {
      if (buckets(t, i) != bucket || std::isnan(first_day(t, i))) continue;
      values[i] = 1 + first_day(t, i);
      count += 1;
    }
    if (count > 0) {
      for (double& value : values) value /= count;
      before += 1;
      for (const double value : values) after += value;
      held.push_back({t, values});
      first_formed = std::min(first_formed, t);
    }
    if (t + 1 >= first_formed + horizon && !held.empty()) returns[t + 1] = after / before - 1;
  }
  return returns;
}

Daily returns_of(const Buckets& buckets,
                 std::size_t bucket,
                 std::size_t horizon,
                 const PricePaths& paths,
                 Entry entry = Entry::kNextOpen) {
  return staggered_returns(buckets, {&bucket, 1}, {&horizon, 1}, paths, entry).at(0).at(0);
}

TEST(StaggeredReturns, OfOneDayAreTheMeanReturnsFromTheOpen) {
  const Buckets buckets = buckets_of({{2, 2, 1}, {1, 2, 2}, {2, 2, 2}});
  const Panel open = rows_of({{0.1, 0.3, 9}, {9, 0.2, 0.4}, {kNaN, kNaN, kNaN}});
  const Panel close = rows_of({{0.5, 0.5, 0.5}, {0.5, 0.5, 0.5}, {kNaN, kNaN, kNaN}});
  const PricePaths paths({open.view(), close.view()});
  expect_same(returns_of(buckets, 2, 1, paths), {kNaN, 0.2, 0.3});
  expect_same(returns_of(buckets, 2, 1, paths, Entry::kClose), {kNaN, 0.5, 0.5});
}

TEST(StaggeredReturns, HoldTwoPortfoliosSideBySide) {
  // One symbol in the bucket a day: 0, then 1, then 0, then 1. Two days each.
  const Buckets buckets = buckets_of({{1, 0}, {0, 1}, {1, 0}, {0, 1}, {1, 0}});
  const Panel open = rows_of({{0.1, 9}, {9, 0.2}, {0.3, 9}, {9, 0.1}, {kNaN, kNaN}});
  const Panel close = rows_of({{9, 9}, {0.5, 9}, {9, 0.25}, {0.1, 9}, {kNaN, kNaN}});
  const PricePaths paths({open.view(), close.view()});
  const Daily found = returns_of(buckets, 1, 2, paths);
  expect_same(found, {kNaN, kNaN,
                      // 1.1 of day 0 gains half, 1 new gains 0.2.
                      (1.1 * 0.5 + 0.2) / 2.1,
                      // 1.2 of day 1 gains a quarter, 1 new gains 0.3.
                      (1.2 * 0.25 + 0.3) / 2.2,
                      // 1.3 of day 2 gains a tenth, 1 new gains 0.1.
                      (1.3 * 0.1 + 0.1) / 2.3});
}

TEST(StaggeredReturns, EqualPortfoliosKeptOneByOne) {
  const Panel factor = random_panel(150, 30, 1, 1, 6);
  const Panel open = random_panel(150, 30, 2, 0.02, 15);
  const Panel close = random_panel(150, 30, 3, 0.03, 12);
  const Buckets buckets = assign_buckets(factor.view(), {.min_symbols = 26});
  const DailyReturns daily{open.view(), close.view()};
  const PricePaths paths(daily);
  for (const Entry entry : {Entry::kNextOpen, Entry::kClose}) {
    const std::vector<std::size_t> horizons{20, 1, 2, 5, 60, 149, 150, 400};
    const std::vector<std::size_t> wanted{5, 2};
    const auto found = staggered_returns(buckets, wanted, horizons, paths, entry);
    for (std::size_t k = 0; k < wanted.size(); ++k) {
      for (std::size_t h = 0; h < horizons.size(); ++h) {
        expect_same(found[k][h], slow_returns(buckets, wanted[k], horizons[h], daily, entry));
      }
    }
  }
}

TEST(StaggeredReturns, PauseWhereNothingIsHeld) {
  const Buckets buckets = buckets_of({{1, 1}, {0, 0}, {1, 1}, {0, 0}});
  const Panel returns = rows_of({{0.1, 0.1}, {0.2, 0.2}, {0.3, 0.3}, {0.4, 0.4}});
  const PricePaths paths({returns.view(), returns.view()});
  expect_same(returns_of(buckets, 1, 1, paths), {kNaN, 0.1, kNaN, 0.3});
}

TEST(StaggeredReturns, KeepWhatStoppedTradingAtItsLastValue) {
  // Symbol 0 loses its haircut of 30 % after its last bar and does nothing afterwards.
  const Buckets buckets = buckets_of({{1, 1}, {0, 0}, {0, 0}, {0, 0}});
  const Panel open = rows_of({{0, 0}, {kNaN, 0}, {kNaN, 0}, {kNaN, 0}});
  const Panel close = rows_of({{0, 0}, {-0.3, 0}, {kNaN, 0.1}, {kNaN, 0}});
  const PricePaths paths({open.view(), close.view()});
  // From three portfolios of which only the first was formed.
  expect_same(returns_of(buckets, 1, 3, paths), {kNaN, kNaN, kNaN, 0.05 / 0.85});
}

TEST(StaggeredReturns, SurviveATotalLoss) {
  const Buckets buckets = buckets_of({{1, 1}, {1, 1}, {1, 1}, {1, 1}});
  const Panel open = rows_of({{0, 0}, {kNaN, 0}, {kNaN, 0}, {kNaN, kNaN}});
  const Panel close = rows_of({{0, 0}, {-1, 0}, {kNaN, 0}, {kNaN, kNaN}});
  const PricePaths paths({open.view(), close.view()});
  expect_same(returns_of(buckets, 1, 2, paths), {kNaN, kNaN, -0.25, 0});
}

TEST(StaggeredReturns, CuttingTheFutureOffChangesNothing) {
  const Panel factor = random_panel(80, 20, 4);
  const Panel open = random_panel(80, 20, 5, 0.02);
  const Panel close = random_panel(80, 20, 6, 0.03);
  const auto returns_until = [&](std::size_t end) {
    const DailyReturns daily{open.view().rows(0, end), close.view().rows(0, end)};
    const PricePaths paths(daily);
    return returns_of(assign_buckets(factor.view().rows(0, end), {}), 5, 10, paths);
  };
  const Daily full = returns_until(80);
  for (std::size_t end = 1; end <= 80; end += 13) {
    const Daily cut = returns_until(end);
    for (std::size_t t = 0; t < end; ++t) {
      EXPECT_TRUE(cut[t] == full[t] || (std::isnan(cut[t]) && std::isnan(full[t]))) << t;
    }
  }
}

TEST(PricePaths, RefuseReturnsOfOtherShapes) {
  const Panel open = rows_of({{0, 0}});
  const Panel close = rows_of({{0, 0}, {0, 0}});
  EXPECT_THROW(PricePaths({open.view(), close.view()}), Error);
}

}  // namespace
}  // namespace tickwerk::factor
