// A zoo's report as one HTML page: rank IC over time and by model, portfolios, the fit of every
// split, importance. Used by zoo_report.cpp.
#pragma once

#include <string>

#include "tickwerk/report/zoo_report.h"

namespace tickwerk::report {

/// Charts show the first eight models of judge(), tables all; longer series are drawn with every
/// k-th bar, which their captions say.
std::string zoo_report_page(const ZooReport& report);

}  // namespace tickwerk::report
