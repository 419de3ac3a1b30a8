// The leak audit of a dataset's file: what model/audit.h looks for and, where bars are given, the
// features evaluated again on data cut short. Run by `tickwerk ml audit`; writes nothing.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "tickwerk/factor/selection.h"
#include "tickwerk/job/run_config.h"
#include "tickwerk/model/audit.h"

namespace tickwerk::job {

struct MlAuditConfig {
  std::filesystem::path dataset;
  model::AuditConfig audit;

  /// Bars and what stands beside them; without prices nothing is evaluated again.
  RunConfig run;
  /// What the features are; empty: the names and expressions that stand in the file.
  factor::Selection features;
  std::map<std::string, double, std::less<>> params;  // beside those in the file
  std::size_t num_cuts = 8;
};

struct MlAudit {
  std::vector<model::AuditLine> lines;
  std::string dataset;             // one line: rows, features, label
  std::string fingerprint;         // of the dataset
  std::vector<std::string> notes;  // of the bars, a sentence each
};

/// Throws as model::read_dataset, read_recipe(), market::load and factor::load_sources; features
/// that cannot be compiled are a line that is not tested.
MlAudit run_ml_audit(const MlAuditConfig& config);

/// A table with a sentence each, and a last line that counts them; the same as JSON.
std::string audit_text(const MlAudit& audit);
std::string audit_json(const MlAudit& audit);

}  // namespace tickwerk::job
