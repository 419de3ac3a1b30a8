#include "tickwerk/job/trial_figures.h"

#include <fmt/ranges.h>

#include "tickwerk/base/error.h"
#include "tickwerk/base/nearest.h"
#include "tickwerk/risk/drawdown.h"
#include "tickwerk/risk/growth.h"
#include "tickwerk/risk/moments.h"
#include "tickwerk/risk/returns.h"
#include "tickwerk/risk/sharpe.h"
#include "tickwerk/risk/sortino.h"
#include "tickwerk/risk/summary.h"
#include "tickwerk/risk/turnover.h"
#include "tickwerk/risk/value_at_risk.h"
#include "tickwerk/risk/volatility.h"

namespace tickwerk::job {
namespace {

using risk::EquityRow;

constexpr double kMissing = TrialFigures::kMissing;

double known(std::optional<double> value) { return value.value_or(kMissing); }

/// Means over the rows and sums of what was paid.
struct Paid {
  double exposure = kMissing;
  double total_cost = 0;
  double cost_paid_bps = kMissing;
};

Paid paid(const MeasuredRun& run) {
  Paid result;
  if (run.equity.empty()) return result;
  double exposure = 0, share = 0, before = run.start_capital;
  for (const EquityRow& row : run.equity) {
    result.total_cost += row.cost;
    exposure += row.gross_exposure;
    share += before > 0 ? row.cost / before : 0;
    before = row.equity;
  }
  result.exposure = exposure / static_cast<double>(run.equity.size());
  if (const std::size_t num_returns = run.equity.size() - 1; num_returns > 0) {
    result.cost_paid_bps =
        share * 1e4 * periods_per_year(run.frequency) / static_cast<double>(num_returns);
  }
  return result;
}

std::vector<std::string> aims() {
  std::vector<std::string> names;
  for (const TrialMetric& metric : kTrialMetrics) {
    if (metric.better != Better::kNeither) names.emplace_back(metric.name);
  }
  return names;
}

}  // namespace

std::size_t trial_metric(std::string_view name) {
  for (std::size_t k = 0; k < kTrialMetrics.size(); ++k) {
    if (kTrialMetrics[k].name == name && kTrialMetrics[k].better != Better::kNeither) return k;
  }
  const std::vector<std::string> names = aims();
  throw Error(Code::kInvalidArgument,
              fmt::format("metric must be one of {}, found '{}'{}", fmt::join(names, ", "), name,
                          nearest_hint(name, names)));
}

std::size_t TrialFigures::position(std::string_view name) {
  std::size_t k = 0;
  while (k < kTrialMetrics.size() && kTrialMetrics[k].name != name) ++k;
  TW_CHECK(k, <, kTrialMetrics.size());
  return k;
}

std::optional<risk::SharpeSample> TrialFigures::sample() const {
  if (sharpe != sharpe || skewness != skewness || kurtosis != kurtosis) return {};
  return risk::SharpeSample{sharpe, static_cast<std::size_t>(num_returns), skewness, kurtosis};
}

TrialFigures measure(const MeasuredRun& run) {
  TrialFigures figures;
  figures.metrics.fill(kMissing);
  const auto set = [&](std::string_view name, double value) {
    for (std::size_t k = 0; k < kTrialMetrics.size(); ++k) {
      if (kTrialMetrics[k].name == name) figures.metrics[k] = value;
    }
  };
  set("num_orders", static_cast<double>(run.num_orders));
  set("num_fills", static_cast<double>(run.num_fills));
  const Paid costs = paid(run);
  set("total_cost", costs.total_cost);
  if (run.equity.empty()) return figures;

  const double start = run.start_capital, periods = periods_per_year(run.frequency);
  const std::vector<double> equity = risk::equity_values(run.equity, risk::Basis::kNet);
  const std::vector<double> returns = risk::simple_returns(equity);
  const bool is_daily = run.frequency == Frequency::kDaily;
  const risk::ReturnSeries of_days = is_daily
                                         ? risk::ReturnSeries{{}, periods}
                                         : risk::sharpe_series(run.equity, equity, run.frequency);
  const std::vector<double>& series = is_daily ? returns : of_days.returns;
  const double series_periods = of_days.periods_per_year;

  const auto cagr = risk::cagr(start, equity.back(), returns.size(), periods);
  const auto drawdown = risk::max_drawdown_pct(start, equity);
  const auto tail = risk::tail_loss(returns, risk::kTailProbability);
  const auto skew = risk::skewness(returns);
  const auto excess = risk::excess_kurtosis(returns);
  set("final_pf", equity.back() / start);
  set("total_return", known(risk::total_return(start, equity.back())));
  set("cagr", known(cagr));
  set("sharpe", known(risk::sharpe(series, run.rf, series_periods)));
  set("sortino", known(risk::sortino(returns, run.rf, periods)));
  set("max_drawdown_pct", known(drawdown));
  set("calmar", known(risk::calmar(cagr, drawdown)));
  set("volatility", known(risk::volatility(returns, periods)));
  set("var_95", known(tail.value_at_risk));
  set("es_95", known(tail.expected_shortfall));
  set("skew", known(skew));
  set("excess_kurtosis", known(excess));
  set("turnover", known(risk::turnover(run.equity, periods)));
  set("exposure", costs.exposure);
  set("cost_paid_bps", costs.cost_paid_bps);

  figures.num_returns = static_cast<double>(series.size());
  figures.sharpe = known(risk::sharpe_per_period(series, run.rf / series_periods));
  figures.skewness = known(is_daily ? skew : risk::skewness(series));
  figures.kurtosis = known(is_daily ? excess : risk::excess_kurtosis(series)) + 3;
  return figures;
}

}  // namespace tickwerk::job
