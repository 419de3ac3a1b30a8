#include "tickwerk/report/ml_report_sections.h"

#include <fmt/format.h>

#include <algorithm>

#include "tickwerk/report/figures.h"
#include "tickwerk/report/ml_report_charts.h"
#include "tickwerk/report/ml_report_figures.h"
#include "tickwerk/report/ml_report_tables.h"
#include "tickwerk/report/ml_report_verdict.h"

namespace tickwerk::report {
namespace {

ReportSection result_section(const MlTrainingReport& report) {
  ReportSection section{"Result", {Paragraph{verdict(report)}}};
  if (auto said = findings(report); !said.empty()) section.parts.push_back(Items{std::move(said)});
  section.parts.push_back(CaptionedTable{"Scores of tested rows", metric_table(report)});
  section.parts.push_back(Paragraph{
      "The base rate is that of the tested rows, which nobody knew beforehand: what it scores is "
      "hard to beat. Calibrated: by a rising curve fitted on the other folds."});
  return section;
}

ReportSection learned_section(const MlTrainingReport& report) {
  const std::string what =
      report.rows_are == RowsAre::kBars
          ? fmt::format(
                "The label is 1 for a bar whose outcome succeeded, as {} has it. A row is a "
                "bar of a symbol with its features at its close; no strategy chose it.",
                report.notes.label_name)
          : fmt::format(
                "The label is 1 for an entry of {} that succeeded. A row is an entry with "
                "its features on the bar that decided it.",
                report.notes.strategy);
  return {"What was learned",
          {Paragraph{what}, CaptionedTable{"From what", learned_table(report)}}};
}

ReportSection fold_section(const MlTrainingReport& report) {
  return {"Folds",
          {BarChart{auc_chart(report)},
           CaptionedTable{"Scores on tested rows", fold_scores_table(report)},
           CaptionedTable{"Rows", fold_rows_table(report)},
           Paragraph{"Purged: training rows whose label, by its full reach, meets the tested bars. "
                     "Embargoed: those dropped for standing too soon after them."}}};
}

ReportSection operating_section(const MlTrainingReport& report) {
  return {
      "At the operating point",
      {Paragraph{fmt::format(
           "A {0} is taken at a probability of at least {1}. Returns are those of single {0}s as "
           "the label has them, each counted once: no portfolio held them.",
           report.rows_are == RowsAre::kBars ? "bar" : "trade",
           with_decimals(report.notes.config.min_confidence, 2))},
       CaptionedTable{fmt::format("All tested {} against those taken", rows_word(report)),
                      operating_table(report)},
       CaptionedTable{"By fold", operating_by_fold_table(report)}}};
}

ReportSection calibration_section(const MlTrainingReport& report) {
  return {"Calibration",
          {calibration_chart(report),
           CaptionedTable{"By tenths of probability", calibration_table(report)}}};
}

ReportSection importance_section(const MlTrainingReport& report) {
  ReportSection section{"Importance", {}};
  if (report.model.scores.importance.empty()) return section;
  section.parts.push_back(importance_chart(report));
  section.parts.push_back(CaptionedTable{"Mean over folds", importance_table(report)});
  section.parts.push_back(Paragraph{
      "Lost without it: how much the log loss of tested rows rises when the feature's values are "
      "dealt anew among them. SHAP: mean size of what it adds to the log odds of tested rows. "
      "Gain: of the splits in training, which likes features of many values."});
  return section;
}

ReportSection curve_section(const MlTrainingReport& report) {
  ReportSection section{"Learning curve", {}};
  if (report.model.scores.curve.empty()) return section;
  section.parts.push_back(curve_chart(report));
  section.parts.push_back(CaptionedTable{"Mean over folds", curve_table(report)});
  section.parts.push_back(
      Paragraph{"A number of trees chosen by this curve is fitted to the tests: it needs new bars "
                "to be scored on."});
  return section;
}

ReportSection dataset_section(const MlTrainingReport& report) {
  ReportSection section{"Dataset", {}};
  if (!report.summary.years.empty()) section.parts.push_back(year_chart(report));
  section.parts.push_back(CaptionedTable{"By class", class_table(report)});
  section.parts.push_back(CaptionedTable{"By year", year_table(report)});
  section.parts.push_back(CaptionedTable{report.summary.num_candidates > 0
                                             ? fmt::format("From {} to rows", rows_word(report))
                                             : fmt::format("Rows of {}", rows_word(report)),
                                         left_out_table(report)});
  return section;
}

ReportSection feature_section(const MlTrainingReport& report) {
  return {"Features",
          {CaptionedTable{"As written, in the order of the model", feature_table(report)},
           Paragraph{"A missing value is left to the trees. Features look back from the bar that "
                     "decides; one that reads the future does not compile."}}};
}

ReportSection audit_section(const MlTrainingReport& report) {
  ReportSection section{"Leakage audit", {}};
  if (report.audit.empty()) {
    section.parts.push_back(Paragraph{"None was run. The command tickwerk ml audit does."});
  } else {
    section.parts.push_back(CaptionedTable{"What was looked for", audit_table(report)});
  }
  return section;
}

ReportSection python_section(const MlTrainingReport& report) {
  ReportSection section{"The model in Python", {}};
  if (report.model_file.empty()) return section;
  section.parts.push_back(Listing{
      "python",
      {"import xgboost",
       fmt::format("booster = xgboost.Booster(model_file=\"{}\")",
                   report.model_file.generic_string()),
       fmt::format("probability = booster.inplace_predict(rows)  # a matrix of doubles, one "
                   "row {} {}",
                   report.rows_are == RowsAre::kBars ? "a" : "an", row_word(report))}});
  section.parts.push_back(Paragraph{
      fmt::format("Columns: the {} in the order above; the .json file beside the model names them "
                  "too. It has seen outcomes up to {}: ask it about later {} only.",
                  counted(report.notes.features.size(), "feature"),
                  to_string(report.notes.fit_end, report.notes.frequency), rows_word(report))});
  return section;
}

ReportSection limits_section(const MlTrainingReport& report) {
  std::vector<std::string> limits;
  limits.emplace_back(
      "Models, features, labels and thresholds that were tried before this one are counted "
      "nowhere. The best of twenty tries with no skill looks like skill.");
  limits.emplace_back(
      "Scores are of the models of the folds. The final fit, on all rows, was tested on none.");
  limits.emplace_back(
      "Errors allow for labels of one symbol that overlap, not for symbols that rise and fall "
      "together: the true ones are larger.");
  limits.emplace_back(
      report.rows_are == RowsAre::kBars
          ? "Mean returns of bars are no return of a portfolio: they overlap and cost nothing."
          : "Mean returns of trades are no return of a portfolio: a filter also leaves cash idle. "
            "Compare backtests with and without it, at equal gross exposure.");
  limits.emplace_back(
      "Importance says what the model uses, not what moves prices. Features that say the same "
      "share it.");
  limits.emplace_back("Symbols that are missing from the data are missing here.");
  if (report.notes.config.min_confidence != model::MetaModelConfig{}.min_confidence) {
    limits.push_back(
        fmt::format("The confidence of {} was given. If it was chosen for these figures, they are "
                    "too good.",
                    with_decimals(report.notes.config.min_confidence, 2)));
  }
  return {"What the numbers do not say", {Items{std::move(limits)}}};
}

ReportSection method_section() {
  return {"Method",
          {Items{{"AUC: the share of pairs, one of each label, that are in the right order, equal "
                  "scores counting half; its error after DeLong, DeLong and Clarke-Pearson (1988) "
                  "over the square root of the mean uniqueness of the labels (Lopez de Prado 2018, "
                  "section 4.3).",
                  "Verdict: skill is shown where both the AUC of all tested rows and its mean over "
                  "folds lie more than two of their errors above 0.5; the latter's error is from "
                  "the spread over folds.",
                  "PR AUC: average precision, without interpolation. Brier: mean squared "
                  "difference of probability and label. Log loss: natural logarithm.",
                  "Calibration error: mean over rows of what was said less what came true in their "
                  "tenth, without sign."}}}};
}

ReportSection configuration_section(const MlTrainingReport& report) {
  ReportSection section{
      "Configuration",
      {CaptionedTable{"Parameters of the model, as XGBoost names them", parameter_table(report)}}};
  const Table settings = ml_provenance_table(report);
  if (!settings.rows().empty()) {
    section.parts.push_back(CaptionedTable{"What else could change a result", settings});
  }
  return section;
}

}  // namespace

std::string title_of(const MlTrainingReport& report) {
  if (report.rows_are == RowsAre::kBars) {
    return fmt::format("Model of {} on every bar", report.notes.strategy);
  }
  return fmt::format("Meta-model of {}", report.notes.strategy);
}

std::string subject_of(const MlTrainingReport& report) {
  const auto date = [&](Timestamp time) { return to_string(time, report.notes.frequency); };
  return fmt::format(
      "{}: {} of {} from {} to {}, {} on {}; {} of them tested by {}.",
      report.rows_are == RowsAre::kBars
          ? fmt::format("Which bars {} calls a success", report.notes.label_name)
          : fmt::format("Which entries of {} succeed", report.notes.strategy),
      count(report.summary.num_rows), counted(report.summary.num_symbols, "symbol"),
      date(report.notes.fit_begin), date(report.notes.fit_end),
      model_words(report.notes.config.model), counted(report.notes.features.size(), "feature"),
      count(report.model.scores.pooled.num_rows), scheme_words(report.notes.config.splits));
}

std::vector<ReportSection> sections_of(const MlTrainingReport& report) {
  std::vector<ReportSection> all;
  const auto add = [&](ReportSection section) {
    if (!section.parts.empty()) all.push_back(std::move(section));
  };
  add(result_section(report));
  if (auto said = warnings(report); !said.empty()) {
    add({"Reasons to believe less", {Items{std::move(said)}}});
  }
  add(learned_section(report));
  add(fold_section(report));
  add(operating_section(report));
  add(calibration_section(report));
  add(importance_section(report));
  add(curve_section(report));
  add(dataset_section(report));
  add(feature_section(report));
  add(audit_section(report));
  add(python_section(report));
  add(limits_section(report));
  add(method_section());
  if (!report.input_notes.empty()) add({"Notes on the input", {Items{report.input_notes}}});
  add(configuration_section(report));
  return all;
}

}  // namespace tickwerk::report
