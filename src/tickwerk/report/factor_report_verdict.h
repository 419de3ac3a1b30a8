// The factors of a report in the order in which they are shown, and what may be said of each: a
// p-value alone says little when many factors were tried. Used by the files of factor_report.h.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "tickwerk/report/evidence.h"
#include "tickwerk/report/factor_report.h"

namespace tickwerk::report {

struct JudgedFactor {
  std::size_t index = 0;  // in the analysis
  const factor::FactorAnalysis* factor = nullptr;
  const factor::HorizonAnalysis* main = nullptr;  // the horizon that the files are about
  std::optional<double> t = {};                   // of the mean rank IC
  std::optional<double> p_value = {};
  std::optional<double> p_holm = {};
  Evidence evidence = Evidence::kUnknown;  // of the mean rank IC
  /// The horizon at which it orders returns better than a factor can; null where none.
  const factor::HorizonAnalysis* too_good = nullptr;
};

/// Mean rank IC, of either sign, from which on a factor is too good to be true.
inline constexpr double kTooGoodRankIc = 0.3;

/// The largest |t| first, those without one last; equal ones in the order of the analysis.
std::vector<JudgedFactor> judge(const FactorReport& report);

/// `no evidence`, `too good to be true`, `not available: the same value for all symbols`.
std::string verdict(const JudgedFactor& judged);

/// What came of all of them, in sentences.
std::vector<std::string> findings(const FactorReport& report,
                                  const std::vector<JudgedFactor>& judged);

/// The horizons of a factor, the shortest first.
std::vector<const factor::HorizonAnalysis*> by_horizon(const factor::FactorAnalysis& factor);

}  // namespace tickwerk::report
