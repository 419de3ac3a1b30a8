// The charts of a factor report from its analysis: smoothed, accumulated and rounded to what can be
// seen. Used by factor_report_page.cpp; `shown` are the factors that have a line or bars of their
// own.
#pragma once

#include "tickwerk/report/factor_report_tables.h"
#include "tickwerk/report/page_chart.h"

namespace tickwerk::report {

/// Bars that a rolling mean looks back; it wants values on half of them.
inline constexpr std::size_t kRollingBars = 63;

/// Mean of the values among the last kRollingBars; NaN where fewer than half have one.
std::vector<double> rolling_mean(std::span<const double> daily);

/// Sum of the values so far, NaN before the first; a row without one repeats it.
std::vector<double> cumulative_sum(std::span<const double> daily);

DateChart rolling_ic_chart(const FactorReport& report, Judged shown);
DateChart cumulative_ic_chart(const FactorReport& report, Judged shown);
BarChart decay_chart(Judged shown);

/// One factor: each bucket against the mean of all buckets, from both entries.
BarChart bucket_chart(const FactorReport& report, const JudgedFactor& one);

DateChart long_short_chart(const FactorReport& report, Judged shown);
BarChart turnover_chart(Judged shown);
HeatMap correlation_map(const FactorReport& report, Judged shown);
BarChart regime_chart(const FactorReport& report, Judged shown);

}  // namespace tickwerk::report
