// All metrics of a backtest in one struct: the statistics of this folder applied to its equity rows
// and fills, net and gross of costs. Made by the jobs, written by the report. What a run is too
// short or too still for is empty.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "tickwerk/base/time.h"
#include "tickwerk/risk/benchmark.h"
#include "tickwerk/risk/calendar_returns.h"
#include "tickwerk/risk/drawdown.h"
#include "tickwerk/risk/episodes.h"
#include "tickwerk/risk/fill.h"
#include "tickwerk/risk/gates.h"

namespace tickwerk::risk {

inline constexpr double kTailProbability = 0.05;
inline constexpr double kTrackRecordConfidence = 0.95;
inline constexpr std::size_t kNumWorstDrawdowns = 5;

struct SummaryInput {
  std::span<const EquityRow> equity = {};
  double start_capital = 0;
  Frequency frequency = Frequency::kDaily;
  double rf = 0;  // a year

  /// Strategies tried, this one included, and the variance of their Sharpe ratios per period;
  /// without it that of this strategy's own estimate stands in.
  std::size_t num_trials = 1;
  std::optional<double> trial_variance = {};

  /// Empty, or the value of the benchmark on each equity row; NaN where it has none. The comparison
  /// reads the rows that have a value as the row before has; the benchmark's own performance stands
  /// still over a gap and makes it good afterwards.
  std::span<const double> benchmark = {};

  /// Null when fills were counted but not listed: metrics over episodes are then empty.
  const FillList* fills = nullptr;
  CostRates costs = {};
  std::span<const double> impacts = {};     // one a fill where the cost model gave each its own
  std::span<const double> last_close = {};  // per symbol
  std::size_t first_row = 0;                // row of the bars that equity.front() belongs to
};

/// Of one curve. Fractions, but for max_drawdown_pct; a year where it says so.
struct Performance {
  std::optional<double> final_pf;      // last equity / start capital
  std::optional<double> total_return;  // final_pf - 1
  std::optional<double> cagr;          // a year
  std::optional<double> sharpe;        // a year
  std::optional<double> sortino;       // a year
  std::optional<double> max_drawdown_pct;
  std::optional<double> calmar;
  std::optional<double> volatility;  // a year
  std::optional<double> var_95;      // of one bar
  std::optional<double> es_95;       // of one bar
  std::optional<double> skew;
  std::optional<double> excess_kurtosis;
};

/// How sure the net Sharpe ratio is. Errors have its unit (a year); the record length counts the
/// returns that the ratio is made of (bars, or days of intraday bars).
struct SharpeConfidence {
  std::optional<double> error_lo;
  std::optional<double> error_mertens;
  std::optional<double> min_track_record_length;
  std::optional<double> probabilistic_sharpe;  // that the true ratio is above 0
  std::optional<double> deflated_sharpe;
  std::size_t num_trials = 1;
};

struct Metrics {
  std::size_t num_bars = 0;
  std::optional<double> end_equity;  // cash
  double total_cost = 0;             // cash, of the fills
  double borrow_fee = 0;             // cash; in net and gross alike, as interest is
  double interest = 0;               // cash, < 0 when paid
  Performance net;
  Performance gross;
  EpisodeStatistics episodes_net;
  EpisodeStatistics episodes_gross;
  std::optional<double> turnover;       // a year
  std::optional<double> exposure;       // mean gross exposure, a share of equity
  std::optional<double> net_exposure;   // mean of longs less shorts, a share of equity
  std::optional<double> cost_drag_bps;  // gross cagr - net cagr; costs given back, not reinvested
  std::optional<double> cost_paid_bps;  // a year: costs of each bar over the equity before it
  SharpeConfidence sharpe_confidence;
  std::optional<BenchmarkComparison> against_benchmark;
  std::optional<Performance> benchmark;   // from its first value to its last
  std::vector<Drawdown> worst_drawdowns;  // net, rows of the equity
  std::vector<CalendarRow> by_year;
  std::vector<CalendarRow> by_month;
  std::vector<GateResult> gates;  // in the order of kGates, of net metrics
  GateStatus overall = GateStatus::kNotAvailable;
};

/// Throws nothing for input that is short or constant; the same bits whatever the number of
/// threads.
Metrics summarize(const SummaryInput& input);

}  // namespace tickwerk::risk
