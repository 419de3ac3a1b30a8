// A zoo's report as CSV texts for programs, and all predictions as Parquet. Used by zoo_report.cpp.
#pragma once

#include <filesystem>
#include <string>

#include "tickwerk/report/zoo_report_verdict.h"

namespace tickwerk::report {

/// A row a model and split.
std::string zoo_metrics_csv(const ZooReport& report);
/// A row a model: over all rows and days tested.
std::string zoo_portfolio_csv(const ZooReport& report);
/// A row a model and feature, the largest importance of a model first.
std::string zoo_importance_csv(const ZooReport& report);
/// A row a model, the largest t first, with its verdict.
std::string zoo_summary_csv(const ZooReport& report);

/// A row for each row of the dataset that a split tested: timestamp, symbol, y_true, split_index
/// (NaN where several splits tested it), then the prediction of each model under its name. Throws
/// kIo.
void write_predictions(const ZooReport& report, const std::filesystem::path& path);

}  // namespace tickwerk::report
