// The tables of a meta-model's report, the same in Markdown and on the page; a missing figure is a
// dash. Used by ml_report_sections.cpp.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "tickwerk/report/ml_report.h"
#include "tickwerk/report/table.h"

namespace tickwerk::report {

/// Strategy, label, rows, splits, dates and fingerprints.
Table learned_table(const MlTrainingReport& report);

/// Which rows each fold trained on and tested.
Table fold_rows_table(const MlTrainingReport& report);
Table fold_scores_table(const MlTrainingReport& report);

/// All tested rows, mean and deviation over folds, and what knowing the base rate alone gives.
Table metric_table(const MlTrainingReport& report);

Table operating_table(const MlTrainingReport& report);
Table operating_by_fold_table(const MlTrainingReport& report);

Table calibration_table(const MlTrainingReport& report);

/// Features by what the tests lose without them, the most first; those without a figure as they
/// stand.
std::vector<std::size_t> by_importance(const MlTrainingReport& report);
Table importance_table(const MlTrainingReport& report);
Table curve_table(const MlTrainingReport& report);

Table class_table(const MlTrainingReport& report);
Table year_table(const MlTrainingReport& report);
Table left_out_table(const MlTrainingReport& report);

/// Expressions as written, how far they look back, and how often they have no value.
Table feature_table(const MlTrainingReport& report);

/// Every parameter of the library that shapes the trees, and who chose it.
Table parameter_table(const MlTrainingReport& report);

Table audit_table(const MlTrainingReport& report);
Table ml_provenance_table(const MlTrainingReport& report);

}  // namespace tickwerk::report
