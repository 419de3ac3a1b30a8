// The CSV files of a factor report. Numbers in the shortest text that reads back the same, but for
// probabilities (12 significant digits, since they need more of the C library than IEEE promises);
// what is missing or not finite is empty. Used by factor_report.cpp.
#pragma once

#include <filesystem>
#include <string>

#include "tickwerk/report/factor_report.h"

namespace tickwerk::report {

std::string ic_summary_csv(const FactorReport& report);

/// Also by regime, and with the autocorrelation of ranks.
std::string rank_ic_summary_csv(const FactorReport& report);

std::string portfolio_summary_csv(const FactorReport& report);

/// The matrix, with its names. Requires one.
std::string correlation_csv(const FactorReport& report);

/// One row a time and factor, of the main horizon. Throws kIo.
void write_daily_csv(const FactorReport& report, const std::filesystem::path& path);

}  // namespace tickwerk::report
