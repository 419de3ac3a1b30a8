// What factors foretell, from prices to a page: labels, coefficients, quantile portfolios, their
// files. Run by `tickwerk factors analyze`.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "tickwerk/factor/analysis.h"
#include "tickwerk/factor/selection.h"
#include "tickwerk/job/job.h"

namespace tickwerk::job {

/// What coefficients are taken against; ranks are the same.
enum class LabelKind { kSimple, kLog };

struct FactorAnalysisConfig {
  RunConfig run;                // bars, what stands beside them, output, trials
  factor::Selection selection;  // its first horizon is the one that the files are about
  std::map<std::string, double, std::less<>> params;
  std::vector<int> decay = {1, 5, 10, 20, 60};  // horizons beside the first
  LabelKind label = LabelKind::kSimple;
  factor::AnalysisConfig analysis;
  std::filesystem::path regime;  // one word a day; empty for none
  std::string regime_column;     // empty: see market::load_day_labels
};

/// Steps: load_data, build_factors, analyze_factors, generate_reports. Every factor and horizon is
/// put on record as a trial over these bars, and deflated Sharpe ratios count all trials there.
/// Throws as factor::select, market::load, factor::load_sources, market::load_day_labels,
/// factor::evaluate and factor::analyze; kInvalidArgument where nothing is left that is a factor.
JobResult analyze_factors(const FactorAnalysisConfig& config);

}  // namespace tickwerk::job
