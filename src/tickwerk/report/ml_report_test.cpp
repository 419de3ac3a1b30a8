#include "tickwerk/report/ml_report.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tickwerk/report/ml_report_charts.h"
#include "tickwerk/report/ml_report_fixture.h"
#include "tickwerk/report/ml_report_sections.h"
#include "tickwerk/report/ml_report_tables.h"
#include "tickwerk/report/text_fixture.h"

namespace tickwerk::report {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::vector<std::string> row_of(const Table& table, std::string_view first) {
  for (const auto& row : table.rows()) {
    if (row.front() == first) return row;
  }
  return {};
}

using Row = std::vector<std::string>;

TEST(MlTables, PutMetricsBesideTheBaseRate) {
  const Table table = metric_table(MlSample().report());
  EXPECT_EQ(row_of(table, "AUC"), (Row{"AUC", "0.5625", "0.5625", "0.0200", "0.5000", "higher"}));
  EXPECT_EQ(row_of(table, "AUC, its error"), (Row{"AUC, its error", "0.0400", "-", "-", "-", ""}));
  EXPECT_EQ(row_of(table, "Brier"),
            (Row{"Brier", "0.2400", "0.2400", "0.0156", "0.2500", "lower"}));
  EXPECT_EQ(row_of(table, "log loss").at(4), "0.6931");  // log 2
  EXPECT_EQ(row_of(table, "PR AUC").at(4), "0.5000");
}

TEST(MlTables, DateAndCountFolds) {
  const MlSample sample;
  EXPECT_EQ(fold_rows_table(sample.report()).rows().at(1),
            (Row{"window 2 of 12", "2020-01-11 to 2020-01-15", "200", "100", "7", "3", "50.00 %"}));
  EXPECT_EQ(fold_scores_table(sample.report()).rows().at(0),
            (Row{"window 1 of 12", "0.5625", "0.0400", "0.5625", "0.2400", "0.6875", "0.6562"}));
}

TEST(MlTables, CompareTakenWithAll) {
  const MlSample sample;
  const Table table = operating_table(sample.report());
  EXPECT_EQ(row_of(table, "entries"), (Row{"entries", "1,200", "480"}));
  EXPECT_EQ(row_of(table, "mean realized return"),
            (Row{"mean realized return", "+0.25 %", "+1.25 %"}));
  EXPECT_EQ(operating_by_fold_table(sample.report()).rows().front().back(), "+1.00 %");
}

TEST(MlReport, CallsRowsOfEveryBarBars) {
  MlSample sample;
  sample.notes.strategy = sample.notes.label_name;
  MlTrainingReport report = sample.report();
  report.rows_are = RowsAre::kBars;
  for (const std::string& text : {ml_report_markdown(report), ml_summary(report)}) {
    EXPECT_TRUE(holds(text, "Which bars success_10 calls a success: 1,300 of 4 symbols")) << text;
    EXPECT_FALSE(holds(text, "entries") || holds(text, "entry")) << text;
  }
  EXPECT_TRUE(holds(ml_report_markdown(report), "# Model of success_10 on every bar"));
  EXPECT_TRUE(holds(ml_report_page(report), "Bars taken"));
}

TEST(MlTables, OrderFeaturesByWhatTestsLose) {
  MlSample sample;
  sample.model.scores.permutation = {-0.01, 0.03};
  EXPECT_EQ(by_importance(sample.report()), (std::vector<std::size_t>{1, 0}));
  EXPECT_EQ(importance_table(sample.report()).rows().front(),
            (Row{"noise", "0.03000", "0.2500", "6.000"}));
}

TEST(MlTables, SayWhoChoseAParameter) {
  MlSample sample;
  sample.notes.config.model.trees.max_depth = 3;
  Table table = parameter_table(sample.report());
  EXPECT_EQ(row_of(table, "max_depth"), (Row{"max_depth", "3", "set"}));
  EXPECT_EQ(row_of(table, "learning_rate"),
            (Row{"learning_rate", "0.3", "default of the library"}));
  EXPECT_EQ(row_of(table, "gamma"), (Row{"gamma", "0", "default of the library"}));
  sample.notes.config.model.kind = model::ModelKind::kRandomForest;
  table = parameter_table(sample.report());
  EXPECT_EQ(row_of(table, "subsample").at(1), "0.8");
  EXPECT_EQ(row_of(table, "num_boost_round").at(1), "1");
}

TEST(MlTables, HoldAuditsAgainstTheirLimits) {
  MlSample sample;
  sample.audit = {{.check = "feature told",
                   .verdict = model::AuditVerdict::kWarning,
                   .value = 0.31254,
                   .limit = 0.3,
                   .text = "rank correlation"},
                  {.check = "rows", .text = "in order"}};
  const Table table = audit_table(sample.report());
  EXPECT_EQ(table.rows().at(0),
            (Row{"feature told", "warning", "0.3125", "0.3", "rank correlation"}));
  EXPECT_EQ(table.rows().at(1), (Row{"rows", "ok", "-", "-", "in order"}));
}

TEST(MlTables, HaveADashForWhatIsMissing) {
  MlSample sample;
  sample.model.scores.pooled = {};
  sample.model.scores.mean_return = {};
  sample.model.scores.mean_return_taken = {};
  sample.model.scores.calibrated = {};
  sample.model.scores.calibrated_brier = {};
  EXPECT_EQ(row_of(metric_table(sample.report()), "Brier").at(1), "-");
  EXPECT_EQ(row_of(operating_table(sample.report()), "mean realized return").at(2), "-");
  EXPECT_EQ(calibration_table(sample.report()).rows().front().at(5), "-");
  EXPECT_FALSE(holds(ml_report_page(sample.report()), "nan"));
}

TEST(MlCharts, DrawBinsWhereTheyStandBesideTheDiagonal) {
  const NumberChart chart = calibration_chart(MlSample().report());
  EXPECT_EQ(chart.points, (std::vector<double>{0, 0.25, 0.375, 0.625, 0.75, 1}));
  const Series& raw = chart.series.at(0);
  EXPECT_TRUE(std::isnan(raw.values[0]));
  EXPECT_EQ(raw.values[1], 0.375);
  EXPECT_TRUE(std::isnan(raw.values[2]));
  EXPECT_EQ(raw.values[4], 0.625);
  EXPECT_EQ(chart.series.at(1).values[2], 0.4375);
  EXPECT_EQ(chart.series.at(2).values, chart.points);
  // 600 rows of uniqueness 1/4 are 150.
  EXPECT_DOUBLE_EQ(raw.low[1], wilson_interval(0.375, 150).low);
}

TEST(MlCharts, LeaveOutDotsOfAHandfulOfRows) {
  MlSample sample;
  sample.model.scores.calibrated.bins[3].num_rows = 9;
  EXPECT_EQ(calibration_chart(sample.report()).points,
            (std::vector<double>{0, 0.25, 0.625, 0.75, 1}));
}

TEST(MlCharts, WilsonsIntervalOfSomethingThatNeverHappened) {
  // With share 0 it is [0, z^2 / (n + z^2)].
  EXPECT_NEAR(wilson_interval(0, 10).low, 0, 1e-15);
  EXPECT_NEAR(wilson_interval(0, 10).high, 1.96 * 1.96 / (10 + 1.96 * 1.96), 1e-12);
  EXPECT_NEAR(wilson_interval(0.5, 96.04 - 3.8416).high, 0.6, 1e-12);
  EXPECT_EQ(wilson_interval(0.5, 0).high, 1);
}

TEST(MlCharts, ShareOutEachKindOfImportance) {
  const BarChart chart = importance_chart(MlSample().report());
  EXPECT_EQ(chart.groups, (std::vector<std::string>{"told", "noise"}));
  EXPECT_EQ(chart.series.at(0).values, (std::vector<double>{0.75, -0.25}));
  EXPECT_EQ(chart.series.at(1).values, (std::vector<double>{0.75, 0.25}));
  EXPECT_EQ(chart.series.at(2).values, (std::vector<double>{0.25, 0.75}));
}

TEST(MlCharts, MeasureFoldsFromChance) {
  const BarChart chart = auc_chart(MlSample().report());
  EXPECT_EQ(chart.series.at(0).values.at(0), 0.0625);
  EXPECT_NEAR(chart.series.at(0).low.at(0), 0.0625 - 0.08, 1e-15);
  EXPECT_NEAR(chart.series.at(0).high.at(0), 0.0625 + 0.08, 1e-15);
}

TEST(MlReport, PutsTheVerdictFirst) {
  const std::string text = ml_report_markdown(MlSample().report());
  EXPECT_TRUE(
      text.starts_with("# Meta-model of trend\n\nWhich entries of trend succeed: 1,300 of 4 "
                       "symbols from 2020-01-01 to 2020-03-06,"));
  EXPECT_TRUE(holds(text, "\n## Result\n\nNo skill shown: "));
  EXPECT_TRUE(
      holds(text, "booster = xgboost.Booster(model_file=\"models/meta/trend_meta_model.ubj\")"));
}

/// Cells of the Markdown tables that are a number or a per cent, as they are.
std::vector<std::string> figures_in(const std::string& markdown) {
  std::vector<std::string> cells;
  std::istringstream lines(markdown);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("| ") || line.starts_with("| -")) continue;
    std::istringstream parts(line);
    for (std::string part; std::getline(parts, part, '|');) {
      const std::size_t first = part.find_first_not_of(' ');
      if (first == std::string::npos) continue;
      const std::string cell = part.substr(first, part.find_last_not_of(' ') - first + 1);
      const std::size_t end = cell.find_first_not_of("0123456789,.");
      const bool is_figure = end == std::string::npos || (end > 0 && cell.substr(end) == " %");
      if (is_figure) cells.push_back(cell);
    }
  }
  return cells;
}

TEST(MlReport, HasTheSameFiguresInMarkdownAndOnThePage) {
  const MlSample sample;
  const std::string page = ml_report_page(sample.report());
  const std::vector<std::string> figures = figures_in(ml_report_markdown(sample.report()));
  EXPECT_GT(figures.size(), 200u);
  for (const std::string& figure : figures) EXPECT_TRUE(holds(page, ">" + figure)) << figure;
  EXPECT_LT(page.size(), 100'000u);
}

TEST(MlReport, LeavesOutWhatThereIsNot) {
  MlSample sample;
  sample.audit.clear();
  sample.model.scores.importance = sample.model.scores.permutation = {};
  sample.model.scores.contribution = {};
  sample.model.scores.curve = {};
  MlTrainingReport report = sample.report();
  report.model_file.clear();
  const std::string text = ml_report_markdown(report);
  EXPECT_FALSE(holds(text, "## Importance"));
  EXPECT_FALSE(holds(text, "## Learning curve"));
  EXPECT_FALSE(holds(text, "## The model in Python"));
  EXPECT_TRUE(holds(text, "None was run."));
}

TEST(MlReport, KeepsNamesAsText) {
  MlSample sample;
  sample.notes.strategy = "a|b\n<script>";
  sample.audit = {{.check = "x\xff", .verdict = model::AuditVerdict::kWarning, .text = "<b>"}};
  EXPECT_FALSE(holds(ml_report_page(sample.report()), "b\n<script>"));
  EXPECT_TRUE(holds(ml_report_page(sample.report()), "&lt;b&gt;"));
  EXPECT_TRUE(holds(ml_report_markdown(sample.report()), "# Meta-model of a\\|b <script>"));
  EXPECT_NO_THROW(json::parse(ml_metrics_json(sample.report())));
}

TEST(MlReport, GivesEveryFigureAsJson) {
  const json read = json::parse(ml_metrics_json(MlSample().report()));
  EXPECT_EQ(read["skill"], "not_shown");
  EXPECT_EQ(read["scheme"], "walk-forward");
  EXPECT_EQ(read["scores"]["roc_auc"], 0.5625);
  EXPECT_EQ(read["scores"]["roc_auc_error_widened"], 0.04);
  EXPECT_EQ(read["scores"]["brier_of_base_rate"], 0.25);
  EXPECT_EQ(read["scores"]["log_loss_of_base_rate"], 0.69314718056);  // 12 digits of log 2
  EXPECT_EQ(read["folds"].size(), 12u);
  EXPECT_EQ(read["folds"][1]["tested"], "2020-01-11 to 2020-01-15");
  EXPECT_EQ(read["calibration"]["raw"]["bins"][2]["share_of_ones"], 0.375);
  EXPECT_TRUE(read["calibration"]["raw"]["bins"][0]["share_of_ones"].is_null());
  EXPECT_EQ(read["features"][1]["permutation"], -0.01);
  EXPECT_EQ(read["audit"][0]["verdict"], "ok");
}

TEST(MlReport, WritesThreeFilesTheSameTwice) {
  const MlSample sample;
  const fs::path folder = fs::path(testing::TempDir()) / "ml_report";
  fs::remove_all(folder);
  const std::vector<fs::path> names = write_ml_report(sample.report(), folder);
  EXPECT_EQ(names, (std::vector<fs::path>{"ml_training_metrics.json", "ml_training_report.html",
                                          "ml_training_report.md"}));
  std::vector<std::string> first;
  for (const fs::path& name : names) first.push_back(text_of(folder / name));
  write_ml_report(sample.report(), folder);
  for (std::size_t i = 0; i < names.size(); ++i) EXPECT_EQ(text_of(folder / names[i]), first[i]);
  MlTrainingReport validation = sample.report();
  validation.run = MlRun::kValidation;
  EXPECT_EQ(write_ml_report(validation, folder),
            (std::vector<fs::path>{"ml_validation_metrics.json", "ml_validation_report.html",
                                   "ml_validation_report.md"}));
  fs::remove_all(folder);
}

TEST(MlReport, SaysNoCandidatesWhereNobodyCountedThem) {
  MlSample sample;
  EXPECT_TRUE(holds(ml_report_markdown(sample.report()), "From entries to rows"));
  sample.summary.num_candidates = 0;
  sample.summary.left_out = {};
  const std::string text = ml_report_markdown(sample.report());
  EXPECT_TRUE(holds(text, "Rows of entries"));
  EXPECT_FALSE(holds(text, "candidates"));
}

}  // namespace
}  // namespace tickwerk::report
