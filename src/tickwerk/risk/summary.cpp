#include "tickwerk/risk/summary.h"

#include <algorithm>
#include <cmath>

#include "tickwerk/base/error.h"
#include "tickwerk/risk/growth.h"
#include "tickwerk/risk/moments.h"
#include "tickwerk/risk/returns.h"
#include "tickwerk/risk/sharpe.h"
#include "tickwerk/risk/sharpe_inference.h"
#include "tickwerk/risk/sortino.h"
#include "tickwerk/risk/turnover.h"
#include "tickwerk/risk/value_at_risk.h"
#include "tickwerk/risk/volatility.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::risk {
namespace {

Performance performance_of(const SummaryInput& input,
                           double start,
                           std::span<const EquityRow> rows,
                           std::span<const double> equity) {
  Performance performance;
  if (equity.empty()) return performance;
  const double periods = periods_per_year(input.frequency);
  const std::vector<double> returns = simple_returns(equity);
  performance.final_pf = equity.back() / start;
  performance.total_return = total_return(start, equity.back());
  performance.cagr = cagr(start, equity.back(), returns.size(), periods);
  const ReturnSeries series = sharpe_series(rows, equity, input.frequency);
  performance.sharpe = sharpe(series.returns, input.rf, series.periods_per_year);
  performance.sortino = sortino(returns, input.rf, periods);
  performance.max_drawdown_pct = max_drawdown_pct(start, equity);
  performance.calmar = calmar(performance.cagr, performance.max_drawdown_pct);
  performance.volatility = volatility(returns, periods);
  const TailLoss tail = tail_loss(returns, kTailProbability);
  performance.var_95 = tail.value_at_risk;
  performance.es_95 = tail.expected_shortfall;
  performance.skew = skewness(returns);
  performance.excess_kurtosis = excess_kurtosis(returns);
  return performance;
}

SharpeConfidence confidence_of(const SummaryInput& input, const ReturnSeries& series) {
  SharpeConfidence confidence;
  confidence.num_trials = input.num_trials;
  const auto ratio = sharpe_per_period(series.returns, input.rf / series.periods_per_year);
  if (!ratio) return confidence;
  const std::size_t count = series.returns.size();
  const double a_year = std::sqrt(series.periods_per_year);
  confidence.error_lo = sharpe_error_lo(*ratio, count) * a_year;

  const auto skew = skewness(series.returns);
  const auto excess = excess_kurtosis(series.returns);
  if (!skew || !excess) return confidence;
  const SharpeSample sample{*ratio, count, *skew, *excess + 3};
  const auto error = sharpe_error_mertens(sample);
  if (!error) return confidence;
  confidence.error_mertens = *error * a_year;
  confidence.min_track_record_length = min_track_record_length(sample, 0, kTrackRecordConfidence);
  confidence.probabilistic_sharpe = probabilistic_sharpe(sample, 0);
  confidence.deflated_sharpe =
      deflated_sharpe(sample, input.trial_variance.value_or(*error * *error), input.num_trials);
  return confidence;
}

void add_benchmark(const SummaryInput& input, std::span<const double> returns, Metrics& metrics) {
  if (input.benchmark.empty()) return;
  TW_CHECK(input.benchmark.size(), ==, input.equity.size());
  metrics.against_benchmark = compare_to_benchmark(returns, simple_returns(input.benchmark),
                                                   input.rf, periods_per_year(input.frequency));
  const auto is_value = [](double value) { return !std::isnan(value); };
  const auto first = std::find_if(input.benchmark.begin(), input.benchmark.end(), is_value);
  const auto last = std::find_if(input.benchmark.rbegin(), input.benchmark.rend(), is_value).base();
  std::vector<double> curve;
  for (auto value = first; value < last; ++value) {
    curve.push_back(is_value(*value) ? *value : curve.back());
  }
  const auto skipped = static_cast<std::size_t>(first - input.benchmark.begin());
  const auto rows =
      curve.empty() ? input.equity.first(0) : input.equity.subspan(skipped, curve.size());
  metrics.benchmark = performance_of(input, curve.empty() ? 1 : curve.front(), rows, curve);
}

void judge_all(Metrics& metrics) {
  const auto value_of = [&](std::string_view name) -> std::optional<double> {
    if (name == "sharpe") return metrics.net.sharpe;
    if (name == "max_drawdown_pct") return metrics.net.max_drawdown_pct;
    if (name == "turnover") return metrics.turnover;
    if (name == "cagr") return metrics.net.cagr;
    if (name == "volatility") return metrics.net.volatility;
    if (name == "hit_rate") return metrics.episodes_net.hit_rate;
    TW_CHECK(name, ==, "profit_factor");
    return metrics.episodes_net.profit_factor;
  };
  for (const Gate& gate : kGates) metrics.gates.push_back(judge(gate, value_of(gate.metric)));
  metrics.overall = overall(metrics.gates);
}

}  // namespace

Metrics summarize(const SummaryInput& input) {
  TW_ZONE("summarize");
  Metrics metrics;
  metrics.num_bars = input.equity.size();
  const std::vector<double> net = equity_values(input.equity, Basis::kNet);
  const std::vector<double> gross = equity_values(input.equity, Basis::kGross);
  metrics.net = performance_of(input, input.start_capital, input.equity, net);
  metrics.gross = performance_of(input, input.start_capital, input.equity, gross);
  if (metrics.net.cagr && metrics.gross.cagr) {
    metrics.cost_drag_bps = (*metrics.gross.cagr - *metrics.net.cagr) * 1e4;
  }
  if (!net.empty()) {
    metrics.end_equity = net.back();
    double exposure = 0, net_exposure = 0, before = input.start_capital, share = 0;
    for (const EquityRow& row : input.equity) {
      metrics.total_cost += row.cost;
      metrics.borrow_fee += row.borrow_fee;
      metrics.interest += row.interest;
      exposure += row.gross_exposure;
      net_exposure += row.net_exposure;
      share += before > 0 ? row.cost / before : 0;
      before = row.equity;
    }
    if (const std::size_t num_returns = net.size() - 1; num_returns > 0) {
      metrics.cost_paid_bps =
          share * 1e4 * periods_per_year(input.frequency) / static_cast<double>(num_returns);
    }
    metrics.exposure = exposure / static_cast<double>(input.equity.size());
    metrics.net_exposure = net_exposure / static_cast<double>(input.equity.size());
  }
  metrics.turnover = turnover(input.equity, periods_per_year(input.frequency));
  metrics.sharpe_confidence =
      confidence_of(input, sharpe_series(input.equity, net, input.frequency));
  if (input.fills != nullptr && !net.empty()) {
    const auto last_bar = static_cast<std::int32_t>(input.first_row + net.size() - 1);
    const auto episodes =
        find_episodes(*input.fills, {input.costs, input.impacts}, {last_bar, input.last_close});
    metrics.episodes_net = summarize_episodes(episodes, Basis::kNet);
    metrics.episodes_gross = summarize_episodes(episodes, Basis::kGross);
  }
  add_benchmark(input, simple_returns(net), metrics);
  metrics.worst_drawdowns = worst_drawdowns(input.start_capital, net, kNumWorstDrawdowns);
  const CalendarInput calendar{input.equity, input.start_capital, input.frequency, input.rf};
  metrics.by_year = calendar_returns(calendar, CalendarPeriod::kYear);
  metrics.by_month = calendar_returns(calendar, CalendarPeriod::kMonth);
  judge_all(metrics);
  return metrics;
}

}  // namespace tickwerk::risk
