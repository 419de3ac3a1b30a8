#include "tickwerk/report/ml_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "tickwerk/base/error.h"
#include "tickwerk/io/atomic_file.h"
#include "tickwerk/report/figures.h"
#include "tickwerk/report/ml_report_figures.h"
#include "tickwerk/report/ml_report_sections.h"
#include "tickwerk/report/ml_report_verdict.h"
#include "tickwerk/report/page.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::report {
namespace {

void require_complete(const MlTrainingReport& report) {
  TW_CHECK(report.model.scores.folds.size(), ==, report.model.folds.size());
  for (const model::Fold& fold : report.model.folds) {
    TW_CHECK(fold.split, <, report.model.splits.size());
  }
}

std::string one_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char letter) { return letter == '\n' || letter == '\r'; }, ' ');
  return text;
}

class MarkdownParts {
 public:
  std::string take() { return std::move(text_); }

  void section(const std::string& title) { text_ += fmt::format("\n## {}\n", title); }
  void operator()(const Paragraph& part) { text_ += fmt::format("\n{}\n", one_line(part.text)); }
  void operator()(const Items& part) {
    text_ += '\n';
    for (const std::string& line : part.lines) text_ += fmt::format("- {}\n", one_line(line));
  }
  void operator()(const CaptionedTable& part) {
    text_ += fmt::format("\n{}:\n\n{}", part.caption, part.table.markdown());
  }
  void operator()(const Listing& part) {
    text_ += fmt::format("\n```{}\n", part.language);
    for (const std::string& line : part.lines) text_ += one_line(line) + "\n";
    text_ += "```\n";
  }
  void operator()(const NumberChart& /*chart*/) {}
  void operator()(const BarChart& /*chart*/) {}

 private:
  std::string text_;
};

class PageParts {
 public:
  explicit PageParts(Page& page) : page_(page) {}

  void operator()(const Paragraph& part) { page_.paragraph(part.text); }
  void operator()(const Items& part) { page_.list(part.lines); }
  void operator()(const CaptionedTable& part) { page_.table(part.caption, part.table); }
  void operator()(const Listing& part) {
    Table table({{part.language}});
    for (const std::string& line : part.lines) table.add({line});
    page_.table("To be copied", table);
  }
  void operator()(const NumberChart& chart) { page_.chart(chart); }
  void operator()(const BarChart& chart) { page_.chart(chart); }

 private:
  Page& page_;
};

std::vector<KeyFigure> key_figures(const MlTrainingReport& report) {
  const model::MetaScores& scores = report.model.scores;
  const SkillJudgement judged = judge(report);
  return {
      {"AUC", with_decimals(judged.roc_auc, 4),
       fmt::format("error {}, chance 0.5", with_decimals(judged.error, 4))},
      {"PR AUC", with_decimals(scores.pooled.average_precision, 4),
       fmt::format("base rate {}", with_decimals(scores.pooled.base_rate, 4))},
      {"Brier", with_decimals(scores.pooled.brier, 4),
       fmt::format("base rate {}", with_decimals(brier_of_base_rate(scores.pooled), 4))},
      {report.rows_are == RowsAre::kBars ? "Bars taken" : "Entries taken",
       percent(scores.pooled.at_threshold.taken),
       fmt::format("confidence {} or more", with_decimals(report.notes.config.min_confidence, 2))},
      {"Their mean return", signed_percent(scores.mean_return_taken),
       fmt::format("all {}", signed_percent(scores.mean_return))}};
}

}  // namespace

std::string ml_report_markdown(const MlTrainingReport& report) {
  require_complete(report);
  MarkdownParts parts;
  for (const ReportSection& section : sections_of(report)) {
    parts.section(section.title);
    for (const ReportPart& part : section.parts) std::visit(parts, part);
  }
  return fmt::format("# {}\n\n{}\n", markdown_cell(title_of(report)),
                     markdown_cell(subject_of(report))) +
         parts.take();
}

std::string ml_report_page(const MlTrainingReport& report) {
  require_complete(report);
  Page page({.title = title_of(report), .lead = subject_of(report)});
  PageParts parts(page);
  bool is_verdict = true;
  for (const ReportSection& section : sections_of(report)) {
    page.section(section.title);
    for (const ReportPart& part : section.parts) {
      std::visit(parts, part);
      if (is_verdict) page.figures(key_figures(report));
      is_verdict = false;
    }
  }
  return page.html();
}

std::string ml_summary(const MlTrainingReport& report) {
  require_complete(report);
  std::string text = fmt::format("{}\n{}\n", subject_of(report), verdict(report));
  for (const std::string& said : findings(report)) text += said + "\n";
  for (const std::string& said : warnings(report)) text += fmt::format("warning: {}\n", said);
  return text;
}

std::vector<std::filesystem::path> write_ml_report(const MlTrainingReport& report,
                                                   const std::filesystem::path& output) {
  TW_ZONE("write_ml_report");
  const std::string stem = report.run == MlRun::kTraining ? "ml_training" : "ml_validation";
  std::vector<std::filesystem::path> names = {stem + "_metrics.json", stem + "_report.html",
                                              stem + "_report.md"};
  io::write_file(output / names[0], ml_metrics_json(report));
  io::write_file(output / names[1], ml_report_page(report));
  io::write_file(output / names[2], ml_report_markdown(report));
  return names;
}

}  // namespace tickwerk::report
