// The figures of one trial: what a sweep compares and what stays on record of every backtest.
// Computed from equity rows and counts alone, with the statistics of `risk`; knows no file and no
// strategy.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tickwerk/risk/fill.h"
#include "tickwerk/risk/sharpe_inference.h"

namespace tickwerk::job {

/// kNeither: said, but no aim.
enum class Better { kMore, kLess, kNeither };

struct TrialMetric {
  std::string_view name;  // as in metrics.json
  Better better = Better::kMore;
};

/// All of them, in the order of every file.
inline constexpr std::array kTrialMetrics{
    TrialMetric{"sharpe"},
    TrialMetric{"cagr"},
    TrialMetric{"max_drawdown_pct"},  // negative: more is nearer to zero
    TrialMetric{"total_return"},
    TrialMetric{"final_pf"},
    TrialMetric{"sortino"},
    TrialMetric{"calmar"},
    TrialMetric{"volatility", Better::kLess},
    TrialMetric{"var_95", Better::kLess},
    TrialMetric{"es_95", Better::kLess},
    TrialMetric{"skew", Better::kNeither},
    TrialMetric{"excess_kurtosis", Better::kNeither},
    TrialMetric{"turnover", Better::kLess},
    TrialMetric{"exposure", Better::kNeither},
    TrialMetric{"total_cost", Better::kLess},
    TrialMetric{"cost_paid_bps", Better::kLess},
    TrialMetric{"num_orders", Better::kNeither},
    TrialMetric{"num_fills", Better::kNeither},
};

/// Position of a metric in kTrialMetrics; throws kInvalidArgument with the nearest name when there
/// is none or it is no aim.
std::size_t trial_metric(std::string_view name);

/// NaN is what the run was too short or too still for.
struct TrialFigures {
  static constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

  std::array<double, kTrialMetrics.size()> metrics{};
  double num_returns = 0;      // that the Sharpe ratio is made of: bars, or days of intraday bars
  double sharpe = kMissing;    // per period of these returns
  double skewness = kMissing;  // of these returns
  double kurtosis = kMissing;  // 3 for a normal

  double metric(std::string_view name) const { return metrics[position(name)]; }

  /// Empty without a Sharpe ratio.
  std::optional<risk::SharpeSample> sample() const;

 private:
  static std::size_t position(std::string_view name);
};

/// One backtest as `measure` reads it.
struct MeasuredRun {
  std::span<const risk::EquityRow> equity;
  double start_capital = 0;
  Frequency frequency = Frequency::kDaily;
  double rf = 0;  // a year
  std::uint64_t num_orders = 0;
  std::uint64_t num_fills = 0;
};

/// The same bits as risk::summarize for each metric that has its name there.
TrialFigures measure(const MeasuredRun& run);

}  // namespace tickwerk::job
