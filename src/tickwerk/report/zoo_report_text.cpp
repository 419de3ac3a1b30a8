#include "tickwerk/report/zoo_report_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "tickwerk/report/figures.h"

namespace tickwerk::report {
namespace {

using model::SplitScheme;

std::string line_list(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += fmt::format("- {}\n", markdown_cell(line));
  return text;
}

std::string section(std::string_view title, std::string_view caption, const Table& table) {
  std::string text = fmt::format("## {}\n\n", title);
  if (!caption.empty()) text += fmt::format("{}\n\n", caption);
  return text + table.markdown() + "\n";
}

std::string scheme_note(const ZooReport& report) {
  const model::SplitConfig& splits = report.splits;
  const std::string reach = counted(report.rows.rows.label_reach, "bar");
  if (splits.scheme == SplitScheme::kWalkForward) {
    return fmt::format(
        "Splits: walk-forward over the bars that have a label, {}; window i of n tests bars "
        "[m (i + 1) / (n + 1), m (i + 2) / (n + 1)) of m and trains on {} before it{}.",
        counted(splits.num_splits, "window"),
        splits.window == model::TrainWindow::kExpanding
            ? std::string("all")
            : fmt::format("the last {}", counted(splits.window_dates, "bar")),
        splits.purge == model::Purge::kNone
            ? ", nothing purged"
            : fmt::format(", less the rows whose label, which reads {} ahead, reaches it", reach));
  }
  return fmt::format(
      "Splits: {}, {}; rows whose label, which reads {} ahead, meets a test part are purged on "
      "both sides, then {} as embargo. Where several splits test a row, their predictions are "
      "averaged.",
      splits.scheme == SplitScheme::kPurgedKFold ? "purged folds" : "combinatorial purged",
      counted(report.rows.splits.size(), "split"), reach,
      counted(splits.embargo.value_or(report.rows.rows.label_reach), "bar"));
}

std::string overlap_note(std::size_t horizon) {
  if (horizon <= 1) return "Labels of one bar do not overlap: t and p are those of a sample mean.";
  return fmt::format(
      "Overlap: labels of neighbouring bars share {} of {} bars. t: Hansen and Hodrick (1980) with "
      "{} lags; Newey and West (1987) with {} where that variance is not positive. p: two-sided, "
      "corrected for the small number of independent blocks.",
      horizon - 1, horizon, horizon - 1, 3 * horizon);
}

}  // namespace

std::string zoo_title(const ZooReport& report) {
  return fmt::format("Model zoo: {}", report.rows.rows.label_name);
}

std::string zoo_subject(const ZooReport& report) {
  const model::Dataset& dataset = report.rows.rows;
  std::string text =
      fmt::format("{} on {}, {} of {}", counted(report.zoo.models.size(), "model"),
                  counted(dataset.num_features(), "feature"), counted(dataset.num_rows(), "row"),
                  counted(dataset.symbols.size(), "symbol"));
  if (dataset.num_rows() > 0) {
    text += fmt::format(" from {} to {}",
                        to_string(dataset.times[dataset.bar.front()], dataset.frequency),
                        to_string(dataset.times[dataset.bar.back()], dataset.frequency));
  }
  return text + fmt::format(
                    "; what is predicted: {}. All figures are of rows that training never saw, "
                    "before costs.",
                    report.label_text.empty() ? dataset.label_name : report.label_text);
}

std::string zoo_verdict_legend() {
  return "Sorted by t of the mean rank IC. Evidence: Holm's p, corrected for the number of models, "
         "is below 0.05. Weak: only the p of the model alone is. Wrong way round: high predictions "
         "came before low returns. Gap: R\u00b2 in training less that of the test, the mean over "
         "splits.";
}

std::string zoo_fit_caption() {
  return "Over all rows tested. R\u00b2 is against the mean of the outcomes that were tested: "
         "below 0 "
         "that mean would have been nearer. The right sign: of outcome and prediction.";
}

std::string zoo_portfolio_caption(const ZooReport& report) {
  const std::size_t horizon = std::max<std::size_t>(report.rows.rows.label_reach, 1);
  return fmt::format(
      "Top fifth of the predictions less the bottom fifth, equal counts. Spread: mean difference "
      "of the labels. The rest: {}, bought at the next open, marked daily, so that nothing "
      "overlaps.",
      counted(horizon, "staggered portfolio"));
}

std::string zoo_importance_caption() {
  return "Share of a feature in the importance that a model gives all features, the mean over "
         "splits: of linear models the size of the coefficient of the standardised feature, of "
         "trees the mean gain of their splits. Features that say the same share it among them.";
}

std::vector<std::string> zoo_method_notes(const ZooReport& report) {
  std::vector<std::string> notes;
  notes.push_back(scheme_note(report));
  notes.push_back(fmt::format(
      "Rows: every model has the same; {} of {} lack a feature and are left out, after the windows "
      "were cut.",
      count(report.rows.num_incomplete),
      count(report.rows.num_incomplete + report.rows.rows.num_rows())));
  notes.push_back(
      "Linear models standardise features by their training rows. Parameters are fixed before "
      "anything is trained: nothing here was tuned, and tuning on these figures would spoil them.");
  notes.push_back(
      "Rank IC: on each bar, Spearman's correlation across symbols (average ranks, at least 3) of "
      "prediction and outcome; IC: Pearson's. IR: mean over deviation, a bar, not annualised.");
  notes.push_back(overlap_note(report.rows.rows.label_reach));
  notes.push_back(fmt::format(
      "Holm (1979) corrects p for the number of models shown; models of the same rows are alike, "
      "so it errs to the careful side. What was tried elsewhere is in no correction of p{}.",
      report.num_trials > 0
          ? "; the record of trials knows the portfolios that were tried over these bars"
          : ""));
  notes.push_back(
      "Sharpe: a year, its error after Mertens (2002). Deflated (Bailey and Lopez de Prado 2014): "
      "probability that the true ratio is above the best of as many worthless models, whose ratios "
      "spread as these do. Probability of overfitting: combinatorially symmetric cross-validation "
      "of the daily returns, 16 blocks (Bailey, Borwein, Lopez de Prado and Zhu 2017).");
  notes.push_back(
      "Before costs: a portfolio pays for its turnover at every renewal. Symbols that are missing "
      "from the data are missing here.");
  notes.push_back(
      "Trees (XGBoost) give the same bits for the same seed and number of threads; linear models "
      "for any number of threads.");
  return notes;
}

std::string zoo_markdown(const ZooReport& report) {
  const JudgedModels judged = judge(report);
  std::string text = fmt::format("# {}\n\n{}\n\n", markdown_cell(zoo_title(report)),
                                 markdown_cell(zoo_subject(report)));
  text += line_list(findings(report, judged)) + "\n";
  text += section("Result", zoo_verdict_legend(), zoo_headline_table(judged));
  text += section("Predictions", zoo_fit_caption(), zoo_fit_table(judged));
  text += section("Long-short", zoo_portfolio_caption(report), zoo_portfolio_table(judged));
  text += section("Splits", "", zoo_window_table(report));
  text += section("Scores by split", "", zoo_split_table(report, judged));
  text += section("Importance", zoo_importance_caption(), zoo_importance_table(report, judged));
  text += section("Models", "", zoo_model_table(judged));
  text += section("Features", "", zoo_feature_table(report));
  text += "## Method\n\n" + line_list(zoo_method_notes(report)) + "\n";
  if (!report.notes.empty()) text += "## Notes on the input\n\n" + line_list(report.notes) + "\n";
  return text + "## Configuration\n\n" + zoo_provenance_table(report).markdown();
}

}  // namespace tickwerk::report
