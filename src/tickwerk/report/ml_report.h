// What training a meta-model found, as files: a Markdown report, one HTML page and the metrics as
// JSON. Used by the job that trains; computes nothing but what a table shows, and says no more than
// the tested rows do. Files: docs/formats/ml_training_report.md.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tickwerk/base/time.h"
#include "tickwerk/model/audit.h"
#include "tickwerk/model/dataset_summary.h"
#include "tickwerk/model/meta_model.h"
#include "tickwerk/model/meta_model_file.h"

namespace tickwerk::report {

/// What a row is: an entry of the strategy, or every bar of a symbol.
enum class RowsAre { kEntries, kBars };

/// What was run: it gives the files their names.
enum class MlRun { kTraining, kValidation };

/// As many scored folds as folds, each of one of the splits, and `times` that hold every bar of a
/// split (checked).
struct MlTrainingReport {
  const model::MetaModel& model;
  const model::MetaModelNotes& notes;
  const model::DatasetSummary& summary;
  std::span<const Timestamp> times;  // of the dataset's market
  RowsAre rows_are = RowsAre::kEntries;
  MlRun run = MlRun::kTraining;
  std::vector<model::AuditLine> audit = {};  // empty: none was run, which the report says
  std::filesystem::path model_file = {};     // as Python shall open it; empty: not saved
  std::string data_source = {};
  std::string program = {};
  std::vector<std::string> input_notes = {};                       // a sentence each
  std::vector<std::pair<std::string, std::string>> settings = {};  // sorted by key
};

/// `ml_training_report.md`, `ml_training_report.html` and `ml_training_metrics.json` below
/// `output`, of a validation `ml_validation_...`, so that neither replaces what the other found:
/// each whole or not at all, the same bytes for the same report. Returns their names,
/// sorted. Throws kIo.
std::vector<std::filesystem::path> write_ml_report(const MlTrainingReport& report,
                                                   const std::filesystem::path& output);

std::string ml_report_markdown(const MlTrainingReport& report);

/// Below 100 KB with 20 features.
std::string ml_report_page(const MlTrainingReport& report);

/// One document with every figure of the report, 12 significant digits; null for what is missing.
std::string ml_metrics_json(const MlTrainingReport& report);

/// The verdict and the figures behind it, a few lines for a terminal.
std::string ml_summary(const MlTrainingReport& report);

}  // namespace tickwerk::report
