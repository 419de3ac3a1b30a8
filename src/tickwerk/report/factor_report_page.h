// A factor report as one HTML page: charts of the factors with the largest |t|, tables of all. Used
// by factor_report.cpp.
#pragma once

#include <string>

#include "tickwerk/report/factor_report.h"

namespace tickwerk::report {

/// Under 1 MB for 158 factors over ten years of daily bars; longer series are drawn with every k-th
/// bar, which their captions say.
std::string factor_report_page(const FactorReport& report);

}  // namespace tickwerk::report
