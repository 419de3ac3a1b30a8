// A meta-model's report as sections of text, tables and charts: what Markdown and the page are both
// made of, so that no figure can differ between them. Used by ml_report.cpp.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "tickwerk/report/ml_report.h"
#include "tickwerk/report/page_chart.h"
#include "tickwerk/report/table.h"

namespace tickwerk::report {

struct Paragraph {
  std::string text;
};
struct Items {
  std::vector<std::string> lines;
};
struct CaptionedTable {
  std::string caption;
  Table table;
};
/// Lines of a program, to be copied.
struct Listing {
  std::string language;
  std::vector<std::string> lines;
};

/// Charts are on the page alone: their numbers stand in a table beside them.
using ReportPart = std::variant<Paragraph, Items, CaptionedTable, Listing, NumberChart, BarChart>;

struct ReportSection {
  std::string title;
  std::vector<ReportPart> parts;
};

/// `Meta-model of trend`.
std::string title_of(const MlTrainingReport& report);

/// One sentence: how many entries of what, from when to when, tested how.
std::string subject_of(const MlTrainingReport& report);

/// The first says what came out, the last how it was made. Sections without content are left out.
std::vector<ReportSection> sections_of(const MlTrainingReport& report);

}  // namespace tickwerk::report
