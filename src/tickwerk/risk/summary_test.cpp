#include "tickwerk/risk/summary.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

namespace tickwerk::risk {
namespace {

/// A year and a bit of a curve that wobbles deterministically, with a cost on every bar.
std::vector<EquityRow> wobbly_rows(std::size_t count, double scale) {
  std::vector<EquityRow> rows(count);
  double equity = 1000;
  for (std::size_t i = 0; i < count; ++i) {
    equity *= 1 + 0.001 * static_cast<double>(static_cast<int>(i * 37 % 19) - 8);
    rows[i].time = midnight(Date{19'000 + static_cast<std::int32_t>(i)});
    rows[i].equity = equity * scale;
    rows[i].cost = 0.25 * scale;
    rows[i].bought = 100 * scale;
    rows[i].gross_exposure = i % 2 == 0 ? 0.5 : 1.0;
  }
  return rows;
}

SummaryInput input_of(std::span<const EquityRow> rows, double start) {
  SummaryInput input;
  input.equity = rows;
  input.start_capital = start;
  return input;
}

TEST(Summary, GivesTheHandWorkedExample) {
  std::vector<EquityRow> rows(3);
  const std::array equity{100.0, 110.0, 99.0};
  for (std::size_t i = 0; i < 3; ++i) {
    rows[i].time = midnight(Date{19'000 + static_cast<std::int32_t>(i)});
    rows[i].equity = equity[i];
    rows[i].cost = 1;
    rows[i].gross_exposure = 0.5;
  }
  const Metrics metrics = summarize(input_of(rows, 101));
  EXPECT_EQ(metrics.num_bars, 3u);
  EXPECT_DOUBLE_EQ(*metrics.net.final_pf, 99.0 / 101);
  EXPECT_DOUBLE_EQ(*metrics.net.total_return, 99.0 / 101 - 1);
  EXPECT_DOUBLE_EQ(*metrics.net.max_drawdown_pct, 100 * (99.0 / 110 - 1));
  EXPECT_DOUBLE_EQ(*metrics.gross.final_pf, 102.0 / 101);
  EXPECT_DOUBLE_EQ(*metrics.gross.max_drawdown_pct, 100 * (102.0 / 112 - 1));
  EXPECT_DOUBLE_EQ(metrics.total_cost, 3);
  EXPECT_DOUBLE_EQ(*metrics.exposure, 0.5);
  // Returns 0.1 and -0.1: mean 0 to rounding, deviation sqrt(0.02).
  EXPECT_NEAR(*metrics.net.volatility, std::sqrt(0.02 * 252), 1e-12);
  EXPECT_NEAR(*metrics.net.sharpe, 0, 1e-12);
  EXPECT_FALSE(metrics.net.cagr);
  EXPECT_FALSE(metrics.cost_drag_bps);
  EXPECT_FALSE(metrics.net.skew);
}

TEST(Summary, AddsUpFeesAndInterestApartFromCosts) {
  std::vector<EquityRow> rows = wobbly_rows(3, 1);
  rows[1].borrow_fee = 2;
  rows[2].borrow_fee = 3;
  rows[2].interest = -0.5;
  rows[0].net_exposure = -0.5;
  rows[2].net_exposure = 2;
  const Metrics metrics = summarize(input_of(rows, 1000));
  EXPECT_DOUBLE_EQ(metrics.borrow_fee, 5);
  EXPECT_DOUBLE_EQ(metrics.interest, -0.5);
  EXPECT_DOUBLE_EQ(metrics.total_cost, 0.75);
  EXPECT_DOUBLE_EQ(*metrics.net_exposure, 0.5);
}

TEST(Summary, OfOneBarHasNoRatiosAndOfNoBarNothing) {
  const auto rows = wobbly_rows(1, 1);
  const Metrics one = summarize(input_of(rows, 1000));
  EXPECT_TRUE(one.net.final_pf);
  EXPECT_TRUE(one.net.max_drawdown_pct);
  EXPECT_FALSE(one.net.sharpe || one.net.sortino || one.net.volatility || one.net.var_95);
  EXPECT_FALSE(one.turnover || one.net.cagr || one.net.calmar);
  EXPECT_FALSE(one.sharpe_confidence.error_lo || one.sharpe_confidence.probabilistic_sharpe);
  EXPECT_EQ(one.overall, GateStatus::kNotAvailable);  // a drawdown of 0 alone is no ok

  const Metrics none = summarize(input_of({}, 1000));
  EXPECT_FALSE(none.net.final_pf || none.end_equity || none.exposure);
  EXPECT_EQ(none.overall, GateStatus::kNotAvailable);
  EXPECT_TRUE(none.by_year.empty());
}

TEST(Summary, WithoutTradesIsStillAndHasNoEpisodes) {
  std::vector<EquityRow> rows(300);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].time = midnight(Date{19'000 + static_cast<std::int32_t>(i)});
    rows[i].equity = rows[i].cash = 1000;
  }
  SummaryInput input = input_of(rows, 1000);
  const FillList no_fills;
  input.fills = &no_fills;
  const Metrics metrics = summarize(input);
  EXPECT_DOUBLE_EQ(*metrics.net.cagr, 0);
  EXPECT_DOUBLE_EQ(*metrics.net.max_drawdown_pct, 0);
  EXPECT_DOUBLE_EQ(*metrics.turnover, 0);
  EXPECT_FALSE(metrics.net.sharpe || metrics.net.sortino || metrics.net.calmar);
  EXPECT_FALSE(metrics.episodes_net.hit_rate || metrics.episodes_net.profit_factor);
  EXPECT_TRUE(metrics.worst_drawdowns.empty());
}

TEST(Summary, DoesNotDependOnTheSizeOfTheAccount) {
  const auto small_rows = wobbly_rows(300, 1);
  const auto large_rows = wobbly_rows(300, 1024);
  const Metrics small = summarize(input_of(small_rows, 1000));
  const Metrics large = summarize(input_of(large_rows, 1024'000));
  EXPECT_EQ(small.net.sharpe, large.net.sharpe);
  EXPECT_EQ(small.net.sortino, large.net.sortino);
  EXPECT_EQ(small.net.cagr, large.net.cagr);
  EXPECT_EQ(small.gross.cagr, large.gross.cagr);
  EXPECT_EQ(small.net.max_drawdown_pct, large.net.max_drawdown_pct);
  EXPECT_EQ(small.net.es_95, large.net.es_95);
  EXPECT_EQ(small.turnover, large.turnover);
  EXPECT_EQ(small.sharpe_confidence.probabilistic_sharpe,
            large.sharpe_confidence.probabilistic_sharpe);
  EXPECT_EQ(*small.end_equity * 1024, *large.end_equity);
}

TEST(Summary, GrossIsAboveNetByTheCostDrag) {
  const auto rows = wobbly_rows(300, 1);
  const Metrics metrics = summarize(input_of(rows, 1000));
  EXPECT_GT(*metrics.gross.final_pf, *metrics.net.final_pf);
  EXPECT_DOUBLE_EQ(*metrics.cost_drag_bps, (*metrics.gross.cagr - *metrics.net.cagr) * 1e4);
  EXPECT_NEAR(*metrics.gross.final_pf - *metrics.net.final_pf, 300 * 0.25 / 1000, 1e-12);
  EXPECT_DOUBLE_EQ(*metrics.net.calmar, *metrics.net.cagr / (-*metrics.net.max_drawdown_pct / 100));
  EXPECT_DOUBLE_EQ(*metrics.exposure, 0.75);
}

TEST(Summary, DeflatesTheSharpeRatioOnlyAfterTrials) {
  const auto rows = wobbly_rows(300, 1);
  SummaryInput input = input_of(rows, 1000);
  const SharpeConfidence one = summarize(input).sharpe_confidence;
  EXPECT_FALSE(one.deflated_sharpe);
  input.num_trials = 10;
  const SharpeConfidence ten = summarize(input).sharpe_confidence;
  EXPECT_LT(*ten.deflated_sharpe, *ten.probabilistic_sharpe);
  EXPECT_EQ(ten.error_lo, one.error_lo);
}

TEST(Summary, AgainstItselfAsBenchmarkIsBetaOne) {
  const auto rows = wobbly_rows(300, 1);
  std::vector<double> own;
  for (const EquityRow& row : rows) own.push_back(row.equity / 8);
  SummaryInput input = input_of(rows, rows[0].equity);
  input.benchmark = own;
  const Metrics metrics = summarize(input);
  EXPECT_NEAR(*metrics.against_benchmark->beta, 1, 1e-12);
  EXPECT_NEAR(*metrics.against_benchmark->alpha, 0, 1e-12);
  EXPECT_NEAR(*metrics.benchmark->final_pf, *metrics.net.final_pf, 1e-12);
  EXPECT_NEAR(*metrics.benchmark->sharpe, *metrics.net.sharpe, 1e-9);
}

TEST(Summary, BenchmarkRunsFromItsFirstToItsLastValueAndMakesAGapGood) {
  std::vector<EquityRow> rows(6);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].time = midnight(Date{19'000 + static_cast<std::int32_t>(i)});
    rows[i].equity = 100 + static_cast<double>(i * i);
  }
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  const std::array values{kNone, 50.0, 55.0, kNone, 44.0, 66.0};
  SummaryInput input = input_of(rows, 100);
  input.benchmark = values;
  const Metrics metrics = summarize(input);
  EXPECT_DOUBLE_EQ(*metrics.benchmark->total_return, 66.0 / 50 - 1);
  EXPECT_DOUBLE_EQ(*metrics.benchmark->max_drawdown_pct, 100 * (44.0 / 55 - 1));
  EXPECT_EQ(metrics.against_benchmark->num_returns, 2u);  // 50 to 55 and 44 to 66

  const std::array ends_early{50.0, 55.0, 66.0, kNone, kNone, kNone};
  input.benchmark = ends_early;
  // Two returns of 10 and 20 %, and no day of standing still: mean 15 %, deviation sqrt(0.005).
  EXPECT_NEAR(*summarize(input).benchmark->volatility, std::sqrt(0.005 * 252), 1e-12);

  const std::array none{kNone, kNone, kNone, kNone, kNone, kNone};
  input.benchmark = none;
  EXPECT_FALSE(summarize(input).benchmark->total_return);
}

TEST(Summary, CountsEpisodesWhereFillsAreListed) {
  const auto rows = wobbly_rows(3, 1);
  FillList fills;
  Fill buy;
  buy.bar = 7;
  buy.order_qty = buy.fill_qty = 2;
  buy.price = 10;
  fills.push_back(buy);
  SummaryInput input = input_of(rows, 1000);
  input.fills = &fills;
  input.first_row = 7;
  const std::array last_close{12.0};
  input.last_close = last_close;
  const Metrics metrics = summarize(input);
  EXPECT_EQ(metrics.episodes_net.num_open, 1u);
  EXPECT_DOUBLE_EQ(*metrics.episodes_net.holding_period_bars, 2);
  EXPECT_DOUBLE_EQ(*metrics.episodes_gross.avg_win, 4);
  EXPECT_DOUBLE_EQ(*metrics.episodes_net.avg_win, 4 - 20 * 1.25e-4);
}

}  // namespace
}  // namespace tickwerk::risk
