#include "tickwerk/report/ml_report_charts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "tickwerk/report/figures.h"
#include "tickwerk/report/ml_report_figures.h"
#include "tickwerk/report/ml_report_tables.h"
#include "tickwerk/report/ml_report_verdict.h"

namespace tickwerk::report {
namespace {

constexpr double kNormal95 = 1.96;
constexpr std::size_t kFewestDrawn = 10;  // rows of a dot

double value_of(std::optional<double> value) { return value.value_or(kNaN); }

Series series_of(std::string name, std::size_t size) {
  Series series;
  series.name = std::move(name);
  series.values.assign(size, kNaN);
  return series;
}

/// Shares of the sum of sizes; NaN where all are zero.
std::vector<double> shares_of(const std::vector<double>& values,
                              const std::vector<std::size_t>& order) {
  double sum = 0;
  for (const double value : values) sum += std::abs(value);
  std::vector<double> shares;
  for (const std::size_t f : order) shares.push_back(sum > 0 ? values[f] / sum : kNaN);
  return shares;
}

/// Where in `points` a bin's mean probability stands.
std::size_t place_of(const std::vector<double>& points, double point) {
  return static_cast<std::size_t>(std::lower_bound(points.begin(), points.end(), point) -
                                  points.begin());
}

bool is_drawn(const model::ReliabilityBin& bin) {
  return bin.num_rows >= kFewestDrawn && bin.mean_probability && bin.share_of_ones;
}

void place_bins(const model::Reliability& reliability,
                const std::vector<double>& points,
                Series& series) {
  for (const model::ReliabilityBin& bin : reliability.bins) {
    if (!is_drawn(bin)) continue;
    series.values[place_of(points, *bin.mean_probability)] = value_of(bin.share_of_ones);
  }
}

}  // namespace

ShareInterval wilson_interval(double share, double num_rows) noexcept {
  if (!(num_rows > 0)) return {};
  constexpr double kSquare = kNormal95 * kNormal95;
  const double centre = (share + kSquare / (2 * num_rows)) / (1 + kSquare / num_rows);
  const double half =
      kNormal95 * std::sqrt(share * (1 - share) / num_rows + kSquare / (4 * num_rows * num_rows)) /
      (1 + kSquare / num_rows);
  return {std::max(0.0, centre - half), std::min(1.0, centre + half)};
}

BarChart auc_chart(const MlTrainingReport& report) {
  BarChart chart;
  chart.text = {
      .title = "AUC of each fold, above 0.5",
      .caption = "Whiskers: two errors, widened for labels that overlap. Zero is chance."};
  chart.x = {.title = "Fold"};
  chart.y = {.title = "AUC less 0.5"};
  Series series;
  series.name = "AUC less 0.5";
  const auto& scores = report.model.scores;
  for (std::size_t k = 0; k < scores.folds.size(); ++k) {
    chart.groups.push_back(report.model.splits[report.model.folds[k].split].name);
    const double above = value_of(scores.folds[k].scores.roc_auc) - 0.5;
    const double reach = kErrorsFromChance * value_of(widened(scores.folds[k].scores.roc_auc_error,
                                                              scores.mean_uniqueness));
    series.values.push_back(above);
    series.low.push_back(above - reach);
    series.high.push_back(above + reach);
  }
  chart.series = {series};
  return chart;
}

NumberChart calibration_chart(const MlTrainingReport& report) {
  const model::MetaScores& scores = report.model.scores;
  NumberChart chart;
  chart.text = {
      .title = "Said and come true",
      .caption = fmt::format("Dots: {} of a tenth of probability, at their mean, of {} or more. "
                             "Whiskers: 95 % of a share (Wilson), rows counted by the uniqueness "
                             "of their labels. Calibrated: by a rising curve fitted on the other "
                             "folds.",
                             rows_word(report), kFewestDrawn)};
  chart.x = {.title = "Probability said"};
  chart.y = {.title = "Share that came true"};
  chart.points = {0, 1};
  for (const model::Reliability* one : {&scores.reliability, &scores.calibrated}) {
    for (const model::ReliabilityBin& bin : one->bins) {
      if (is_drawn(bin)) chart.points.push_back(*bin.mean_probability);
    }
  }
  std::sort(chart.points.begin(), chart.points.end());
  chart.points.erase(std::unique(chart.points.begin(), chart.points.end()), chart.points.end());
  const std::size_t size = chart.points.size();
  Series diagonal = series_of("As said", size);
  diagonal.values = chart.points;
  Series raw = series_of("Model", size);
  Series calibrated = series_of("Calibrated", size);
  raw.marks = Series::Marks::kDots;
  calibrated.marks = Series::Marks::kDots;
  place_bins(scores.reliability, chart.points, raw);
  place_bins(scores.calibrated, chart.points, calibrated);
  raw.low.assign(size, kNaN);
  raw.high.assign(size, kNaN);
  for (const model::ReliabilityBin& bin : scores.reliability.bins) {
    if (!is_drawn(bin)) continue;
    const std::size_t at = place_of(chart.points, *bin.mean_probability);
    const ShareInterval interval = wilson_interval(
        *bin.share_of_ones, static_cast<double>(bin.num_rows) * scores.mean_uniqueness);
    raw.low[at] = interval.low;
    raw.high[at] = interval.high;
  }
  chart.series = {raw, calibrated, diagonal};
  return chart;
}

BarChart importance_chart(const MlTrainingReport& report) {
  const model::MetaScores& scores = report.model.scores;
  BarChart chart;
  std::vector<std::size_t> order = by_importance(report);
  chart.text = {
      .title = "Importance of features",
      .caption =
          "Each kind as a share of the sum of its sizes, mean over folds. Below zero: the "
          "tests go better without it, which chance does to a feature that says nothing."};
  if (order.size() > kMostFeaturesDrawn) {
    chart.text.caption +=
        fmt::format(" Drawn: the first {} of {}.", kMostFeaturesDrawn, count(order.size()));
    order.resize(kMostFeaturesDrawn);
  }
  chart.x = {.title = "Feature"};
  chart.y = {.title = "Share", .unit = Unit::kPercent};
  for (const std::size_t f : order) chart.groups.push_back(report.notes.features[f].name);
  const auto add = [&](const char* name, const std::vector<double>& values) {
    if (values.empty()) return;
    Series series;
    series.name = name;
    series.values = shares_of(values, order);
    chart.series.push_back(std::move(series));
  };
  add("Lost without it, in tests", scores.permutation);
  add("SHAP", scores.contribution);
  add("Gain", scores.importance);
  return chart;
}

NumberChart curve_chart(const MlTrainingReport& report) {
  const model::MetaScores& scores = report.model.scores;
  NumberChart chart;
  chart.text = {.title = "Loss by number of trees",
                .caption =
                    "Mean over folds. A test line that rises while training falls is noise "
                    "learned by heart."};
  chart.x = {.title = "Trees"};
  chart.y = {.title = "Log loss"};
  Series train = series_of("Training", 0);
  Series test = series_of("Tests", 0);
  Series base = series_of("Base rate alone", 0);
  for (const model::CurvePoint& point : scores.curve) {
    chart.points.push_back(static_cast<double>(point.num_trees));
    train.values.push_back(point.train_loss);
    test.values.push_back(point.test_loss);
    base.values.push_back(value_of(log_loss_of_base_rate(scores.pooled)));
  }
  chart.series = {test, train, base};
  return chart;
}

BarChart year_chart(const MlTrainingReport& report) {
  BarChart chart;
  chart.text = {.title = "Rows by year and class",
                .caption = report.rows_are == RowsAre::kBars
                               ? "By the bar itself, tested or not."
                               : "By the bar that decided the entry, tested or not."};
  chart.x = {.title = "Year"};
  chart.y = {.title = "Rows"};
  for (std::size_t c = 0; c < report.summary.classes.size(); ++c) {
    Series series;
    series.name = report.summary.classes[c].name;
    for (const model::YearCount& year : report.summary.years) {
      series.values.push_back(c < year.by_class.size() ? static_cast<double>(year.by_class[c])
                                                       : kNaN);
    }
    chart.series.push_back(std::move(series));
  }
  for (const model::YearCount& year : report.summary.years) {
    chart.groups.push_back(fmt::to_string(year.year));
  }
  return chart;
}

}  // namespace tickwerk::report
