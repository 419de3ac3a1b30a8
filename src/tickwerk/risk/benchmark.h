// A portfolio against a benchmark: how much of its return is the benchmark's, and how steady the
// rest.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace tickwerk::risk {

/// Over the periods in which both have a return (not NaN); r the portfolio, b the benchmark, P
/// periods a year.
struct BenchmarkComparison {
  std::size_t num_returns = 0;              // periods compared
  std::optional<double> alpha;              // (mean(r - rf/P) - beta mean(b - rf/P)) P, a year
  std::optional<double> beta;               // cov(r, b) / var(b)
  std::optional<double> tracking_error;     // std1(r - b) sqrt(P), a year
  std::optional<double> information_ratio;  // mean(r - b) P / tracking_error
  std::optional<double> correlation;
};

/// `rf` a year; both series have the same size (checked). What has no deviation (below
/// kNoDeviation) or fewer than two periods leaves the ratios over it empty. Source: Jensen (1968),
/// "The Performance of Mutual Funds in the Period 1945-1964" (alpha, arithmetic); Goodwin (1998),
/// "The Information Ratio", Financial Analysts Journal 54(4).
BenchmarkComparison compare_to_benchmark(std::span<const double> returns,
                                         std::span<const double> benchmark,
                                         double rf,
                                         double periods_per_year);

}  // namespace tickwerk::risk
