// The words of a factor report: its title, what was analysed, how each figure is defined, and the
// whole of it as Markdown. Used by factor_report.cpp and factor_report_page.cpp.
#pragma once

#include <string>
#include <vector>

#include "tickwerk/report/factor_report_tables.h"

namespace tickwerk::report {

/// The horizon that the files are about, in bars.
std::size_t main_horizon(const FactorReport& report);

/// `factor_analysis_core_20d_1d`: what the names of all files begin with.
std::string file_stem(const FactorReport& report);

/// `Factor analysis: core, 20 bars ahead`.
std::string title_of(const FactorReport& report);

/// One sentence: how many factors, symbols and bars, from when to when.
std::string subject_of(const FactorReport& report);

/// How to read the verdicts, one line.
std::string verdict_legend();

/// One line each: definitions, methods, and what is not in the numbers.
std::vector<std::string> method_notes(const FactorReport& report);

/// Captions that the Markdown text and the page share.
std::string decay_caption();
std::string quantile_caption(const FactorReport& report);
std::string long_short_caption(const FactorReport& report);
std::string turnover_caption(const FactorReport& report);
std::string correlation_caption();
std::string regime_caption();

std::string factor_report_markdown(const FactorReport& report);

}  // namespace tickwerk::report
