// The models of a zoo in the order in which they are shown, and what may be said of each: of eight
// models the best looks good by luck alone. Used by the files of zoo_report.h.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tickwerk/report/evidence.h"
#include "tickwerk/report/zoo_report.h"

namespace tickwerk::report {

/// Of the mean rank IC. kNegative: the predictions order returns the wrong way round.
struct JudgedModel {
  const model::ZooModel* model = nullptr;
  std::optional<double> t = {};
  std::optional<double> p_value = {};
  std::optional<double> p_holm = {};  // corrected for the number of models
  Evidence evidence = Evidence::kUnknown;
};

/// The largest t first, those without one last; equal ones in the order of the zoo.
std::vector<JudgedModel> judge(const ZooReport& report);

/// `no evidence`, `evidence, wrong way round`.
std::string verdict(const JudgedModel& judged);

/// What came of all of them, in sentences: order, portfolios, choosing the best, fit, and what the
/// splits allow to be said.
std::vector<std::string> findings(const ZooReport& report, const std::vector<JudgedModel>& judged);

}  // namespace tickwerk::report
