// The words of a zoo's report: its title, what was trained on what, how each figure is defined, and
// the whole of it as Markdown. Used by zoo_report.cpp and zoo_report_page.cpp.
#pragma once

#include <string>
#include <vector>

#include "tickwerk/report/zoo_report_tables.h"

namespace tickwerk::report {

/// `Model zoo: fwd_trade_20`.
std::string zoo_title(const ZooReport& report);
/// One sentence: how many models, features, rows, symbols and bars, from when to when.
std::string zoo_subject(const ZooReport& report);
std::string zoo_verdict_legend();
std::string zoo_fit_caption();
std::string zoo_portfolio_caption(const ZooReport& report);
std::string zoo_importance_caption();
/// One line each: definitions, methods, and what is not in the numbers.
std::vector<std::string> zoo_method_notes(const ZooReport& report);
std::string zoo_markdown(const ZooReport& report);

}  // namespace tickwerk::report
