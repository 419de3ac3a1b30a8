// The tables of a zoo's report, the same in Markdown, on the page and in the terminal; a missing
// figure is a dash. Models come in the order of judge(). Used by the files of zoo_report.h.
#pragma once

#include <vector>

#include "tickwerk/report/table.h"
#include "tickwerk/report/zoo_report_verdict.h"

namespace tickwerk::report {

using JudgedModels = std::vector<JudgedModel>;

/// What a reader wants to know first.
Table zoo_headline_table(const JudgedModels& judged);

/// How near predictions come, over all rows tested and by split.
Table zoo_fit_table(const JudgedModels& judged);
Table zoo_split_table(const ZooReport& report, const JudgedModels& judged);

/// The test windows: dates, rows, what the purge took.
Table zoo_window_table(const ZooReport& report);

/// Top fifth less bottom fifth.
Table zoo_portfolio_table(const JudgedModels& judged);

/// Share of each feature in each model's importance, the mean over models largest first.
std::vector<std::size_t> features_by_importance(const ZooReport& report);
Table zoo_importance_table(const ZooReport& report, const JudgedModels& judged);

Table zoo_model_table(const JudgedModels& judged);
Table zoo_feature_table(const ZooReport& report);
Table zoo_provenance_table(const ZooReport& report);

}  // namespace tickwerk::report
