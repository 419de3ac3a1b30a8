#include "tickwerk/job/portfolio_figures.h"

#include <algorithm>
#include <iterator>

#include "tickwerk/risk/moments.h"
#include "tickwerk/risk/sharpe.h"

namespace tickwerk::job {
namespace {

double known(std::optional<double> value) { return value.value_or(TrialFigures::kMissing); }

}  // namespace

TrialFigures measure_portfolio(const factor::Daily& daily,
                               const factor::PortfolioSummary& summary) {
  std::vector<double> returns;
  std::copy_if(daily.begin(), daily.end(), std::back_inserter(returns),
               [](double value) { return value == value; });
  TrialFigures figures;
  figures.metrics.fill(TrialFigures::kMissing);
  for (std::size_t k = 0; k < kTrialMetrics.size(); ++k) {
    const std::string_view name = kTrialMetrics[k].name;
    if (name == "sharpe") figures.metrics[k] = known(summary.sharpe);
    if (name == "total_return") figures.metrics[k] = known(summary.total_return);
    if (name == "volatility") figures.metrics[k] = known(summary.volatility);
    if (name == "max_drawdown_pct") figures.metrics[k] = known(summary.max_drawdown_pct);
  }
  figures.num_returns = static_cast<double>(returns.size());
  if (returns.empty()) return figures;
  figures.sharpe = known(risk::sharpe_per_period(returns, 0));
  figures.skewness = known(risk::skewness(returns));
  figures.kurtosis = known(risk::excess_kurtosis(returns)) + 3;
  return figures;
}

}  // namespace tickwerk::job
