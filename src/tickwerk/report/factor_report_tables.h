// The tables of a factor report, the same in Markdown and on the page; a missing figure is a dash.
// Factors come in the order of judge(). Used by factor_report_text.h and factor_report_page.h.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "tickwerk/report/factor_report_verdict.h"
#include "tickwerk/report/table.h"

namespace tickwerk::report {

using Judged = std::span<const JudgedFactor>;

/// What a reader wants to know first.
Table headline_table(Judged judged);

/// Spread of the daily coefficients, and Pearson's beside Spearman's.
Table coefficient_table(Judged judged);

/// Mean rank IC and its t at each horizon.
Table decay_table(Judged judged);

/// Mean return of each bucket over the main horizon. Of more than ten buckets only both ends.
Table quantile_table(Judged judged, factor::Entry entry);

/// Staggered portfolios of the main horizon, marked daily.
Table long_short_table(Judged judged);

Table turnover_table(const FactorReport& report, Judged judged);

/// Empty without regimes.
Table regime_table(const FactorReport& report, Judged judged);

struct FactorPair {
  std::size_t first = 0;  // in the analysis
  std::size_t second = 0;
  double correlation = 0;
};
/// The largest |correlation| first, at most `limit`; those that are NaN are left out.
std::vector<FactorPair> closest_pairs(const FactorReport& report, std::size_t limit);
Table pair_table(const FactorReport& report, std::span<const FactorPair> pairs);

/// The whole matrix of these.
Table correlation_table(const FactorReport& report, Judged judged);

/// Expressions as they were written, in the order of the analysis.
Table definition_table(const FactorReport& report);

Table provenance_table(const FactorReport& report);

}  // namespace tickwerk::report
