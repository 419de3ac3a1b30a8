// What the model zoo found, as files: scores of every model on every split, all predictions,
// portfolios, importance, a summary and one HTML page. Used by job/factor_ml.cpp; trains nothing
// and computes nothing but what a table shows. Files: docs/formats/model_zoo.md.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tickwerk/model/zoo.h"

namespace tickwerk::report {

/// At least one model (checked).
struct ZooReport {
  const model::Zoo& zoo;
  const model::ZooRows& rows;
  model::SplitConfig splits = {};
  std::string tag = {};  // in file names: `fwd_trade_20_1d`
  std::string label_text = {};
  std::vector<std::string> expressions = {};  // of each feature, as written
  std::string data_source = {};
  std::string data_fingerprint = {};
  std::string dataset = {};  // name of its file
  std::string program = {};
  /// Of all trials on record over these bars, these models among them; 0: no record is kept.
  std::size_t num_trials = 0;
  std::optional<double> trial_variance = {};  // of their Sharpe ratios, per period
  double periods_per_year = 252;
  std::vector<std::string> notes = {};
  std::vector<std::pair<std::string, std::string>> settings = {};  // sorted by key
};

/// `ml_metrics_<tag>.csv`, `ml_predictions_<tag>.parquet`, `ml_portfolio_metrics_<tag>.csv`,
/// `ml_feature_importance_<tag>.csv`, `ml_model_zoo_summary.csv`, `.md` and
/// `ml_model_zoo_report.html` below `output`. Each whole or not at all, the same bytes for the same
/// report. Returns their names, sorted. Throws kIo.
std::vector<std::filesystem::path> write_zoo_report(const ZooReport& report,
                                                    const std::filesystem::path& output);

/// A table for the terminal, the model with the largest t of the rank IC first, and what may be
/// said of all of them.
std::string zoo_summary(const ZooReport& report);
/// The same as one JSON document, with the splits.
std::string zoo_summary_json(const ZooReport& report);

}  // namespace tickwerk::report
