// The factors of a report in the order in which they are shown, and what may be said of each: a
// p-value alone says little when many factors were tried. Used by the files of factor_report.h.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "tickwerk/report/factor_report.h"

namespace tickwerk::report {

/// At the 5 % level, of the mean rank IC: kPositive and kNegative still after Holm's correction for
/// the number of factors, the weak ones only without it.
enum class Evidence { kPositive, kNegative, kWeakPositive, kWeakNegative, kNone, kUnknown };

inline constexpr double kEvidenceLevel = 0.05;

struct JudgedFactor {
  std::size_t index = 0;  // in the analysis
  const factor::FactorAnalysis* factor = nullptr;
  const factor::HorizonAnalysis* main = nullptr;  // the horizon that the files are about
  std::optional<double> t = {};                   // of the mean rank IC
  std::optional<double> p_value = {};
  std::optional<double> p_holm = {};
  Evidence evidence = Evidence::kUnknown;
};

/// The largest |t| first, those without one last; equal ones in the order of the analysis.
std::vector<JudgedFactor> judge(const FactorReport& report);

/// Smallest level at which each test is still rejected when all are corrected together; in the
/// order given. Source: Holm (1979), "A Simple Sequentially Rejective Multiple Test Procedure",
/// Scandinavian Journal of Statistics 6(2).
std::vector<double> holm_adjusted(const std::vector<double>& p_values);

/// `no evidence`, `not available: constant, or fewer than 3 symbols a bar`.
std::string verdict(const JudgedFactor& judged);

/// What came of all of them, in sentences.
std::vector<std::string> findings(const FactorReport& report,
                                  const std::vector<JudgedFactor>& judged);

/// The horizons of a factor, the shortest first.
std::vector<const factor::HorizonAnalysis*> by_horizon(const factor::FactorAnalysis& factor);

}  // namespace tickwerk::report
