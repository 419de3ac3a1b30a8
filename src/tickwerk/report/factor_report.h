// What factor analysis found, as files: summaries and daily series as CSV, a Markdown report and
// one HTML page. Used by job/factor_analysis.cpp; computes nothing but what a table shows.
// Files: docs/formats/factor_analysis.md.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tickwerk/base/time.h"
#include "tickwerk/factor/analysis.h"

namespace tickwerk::report {

/// At least one factor and one horizon, the same number of horizons for each factor, daily series
/// as long as `times`, and a summary for each of `regimes` (checked).
struct FactorReport {
  const factor::Analysis& analysis;  // the first horizon of each factor is what the files are about
  std::span<const Timestamp> times;  // of the rows analysed
  std::string set = {};              // in file names: `core_vol_liquidity`
  std::vector<std::string> expressions = {};   // of each factor, as written
  std::vector<std::string> descriptions = {};  // of each factor; may be empty
  Frequency frequency = Frequency::kDaily;
  std::size_t num_symbols = 0;
  factor::AnalysisConfig config = {};
  std::size_t num_trials = 0;  // on record, these included; 0: no record is kept
  std::vector<std::string> regimes = {};
  std::string data_source = {};
  std::string data_fingerprint = {};
  std::string program = {};
  std::vector<std::string> notes = {};
  std::vector<std::pair<std::string, std::string>> settings = {};  // sorted by key
};

/// `factor_analysis_<set>_<h>d_<freq>_...`: ic_summary.csv, rank_ic_summary.csv,
/// portfolio_summary.csv, daily.csv, report.md, page.html and, where correlations were computed,
/// correlation.csv, below `output`. Each whole or not at all, the same bytes for the same report.
/// Returns their names, sorted. Throws kIo.
std::vector<std::filesystem::path> write_factor_report(const FactorReport& report,
                                                       const std::filesystem::path& output);

/// A table for the terminal, the factor with the largest |t of the rank IC| first.
std::string factor_summary(const FactorReport& report);
/// The same as one JSON document, with the other horizons.
std::string factor_summary_json(const FactorReport& report);

}  // namespace tickwerk::report
