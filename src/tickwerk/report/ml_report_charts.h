// The charts of a meta-model's report from its scores. Used by ml_report_sections.cpp.
#pragma once

#include "tickwerk/report/ml_report.h"
#include "tickwerk/report/page_chart.h"

namespace tickwerk::report {

inline constexpr std::size_t kMostFeaturesDrawn = 20;

/// AUC less 0.5 of each fold, with two errors.
BarChart auc_chart(const MlTrainingReport& report);

/// What came true against what was said, with the diagonal: dots of bins that have rows.
NumberChart calibration_chart(const MlTrainingReport& report);

/// Each kind as a share of its sum, so that the three stand on one axis.
BarChart importance_chart(const MlTrainingReport& report);

NumberChart curve_chart(const MlTrainingReport& report);
BarChart year_chart(const MlTrainingReport& report);

/// The interval of a share seen in `num_rows` independent rows, 95 %. Source: Wilson (1927),
/// "Probable Inference, the Law of Succession, and Statistical Inference", Journal of the American
/// Statistical Association 22(158).
struct ShareInterval {
  double low = 0;
  double high = 1;
};
ShareInterval wilson_interval(double share, double num_rows) noexcept;

}  // namespace tickwerk::report
