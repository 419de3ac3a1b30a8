#include "tickwerk/report/zoo_report_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <span>

#include "tickwerk/factor/portfolio_summary.h"
#include "tickwerk/report/factor_report_charts.h"
#include "tickwerk/report/figures.h"
#include "tickwerk/report/page.h"
#include "tickwerk/report/zoo_report_text.h"

namespace tickwerk::report {
namespace {

constexpr std::size_t kMostDrawn = 8;
constexpr std::size_t kMostInMap = 40;
constexpr std::size_t kMostPoints = 2000;
constexpr double kWhiskerErrors = 1.96;
constexpr double kNoticeable = 1e-5;

using Shown = std::span<const JudgedModel>;
using DailyLine = std::function<std::vector<double>(const model::ZooModel&)>;

double value_of(std::optional<double> value) { return value.value_or(kNaN); }

/// Rounded to what a chart can show, which keeps the page small.
double seen(double value) { return std::round(value / kNoticeable) * kNoticeable; }

/// From the first bar that was tested on.
DateChart over_time(const ZooReport& report, Shown shown, ChartText text, const DailyLine& line) {
  DateChart chart;
  chart.text = std::move(text);
  const model::Dataset& dataset = report.rows.rows;
  chart.frequency = dataset.frequency;
  std::size_t first = dataset.times.size();
  for (const model::Split& split : report.rows.splits) {
    first = std::min<std::size_t>(first, split.test_bars.front().first);
  }
  const std::size_t num_rows = dataset.times.size() - first;
  const std::size_t step = (num_rows + kMostPoints - 1) / kMostPoints;
  std::vector<std::size_t> rows;
  for (std::size_t t = first; t < dataset.times.size(); t += step) rows.push_back(t);
  if (rows.back() + 1 != dataset.times.size()) rows.push_back(dataset.times.size() - 1);
  if (step > 1) {
    chart.text.caption += fmt::format(" Drawn: {} of {} bars, 1 in {}, and the last.",
                                      count(rows.size()), count(num_rows), step);
  }
  for (const std::size_t t : rows) chart.times.push_back(dataset.times[t]);
  for (const JudgedModel& one : shown) {
    const std::vector<double> all = line(*one.model);
    TW_CHECK(all.size(), ==, dataset.times.size());
    Series series;
    series.name = one.model->spec.name;
    for (const std::size_t t : rows) series.values.push_back(seen(all[t]));
    chart.series.push_back(std::move(series));
  }
  return chart;
}

DateChart rank_ic_chart(const ZooReport& report, Shown shown) {
  DateChart chart =
      over_time(report, shown,
                {.title = "Rank IC, cumulative sum",
                 .caption = "A steady slope is a steady relation; a bend is where it changed."},
                [](const model::ZooModel& model) { return cumulative_sum(model.scores.rank_ic); });
  chart.y = {.title = "Sum of rank IC"};
  return chart;
}

BarChart rank_ic_bars(const JudgedModels& judged) {
  BarChart chart;
  chart.text = {.title = "Mean rank IC by model",
                .caption =
                    "Whiskers: 1.96 standard errors, mean over t. Not corrected for the "
                    "number of models."};
  chart.x = {.title = "Model"};
  chart.y = {.title = "Mean rank IC"};
  Series series;
  series.name = "Mean rank IC";
  for (const JudgedModel& one : judged) {
    const double mean = value_of(one.model->scores.rank_ic_summary.mean);
    const double error = one.t && *one.t != 0 ? std::abs(mean / *one.t) : kNaN;
    chart.groups.push_back(one.model->spec.name);
    series.values.push_back(mean);
    series.low.push_back(mean - kWhiskerErrors * error);
    series.high.push_back(mean + kWhiskerErrors * error);
  }
  chart.series = {series};
  return chart;
}

DateChart long_short_chart(const ZooReport& report, Shown shown) {
  DateChart chart =
      over_time(report, shown,
                {.title = "Top fifth less bottom fifth, compounded",
                 .caption = "Staggered portfolios from the next open, marked daily, before costs."},
                [](const model::ZooModel& model) {
                  return factor::cumulative_return(model.scores.long_short);
                });
  chart.y = {.title = "Return so far", .unit = Unit::kPercent};
  return chart;
}

/// One group a split, one bar a model.
BarChart split_chart(const ZooReport& report,
                     Shown shown,
                     ChartText text,
                     const std::function<double(const model::SplitScores&)>& value) {
  BarChart chart;
  chart.text = std::move(text);
  chart.x = {.title = "Split"};
  for (const model::Split& split : report.rows.splits) chart.groups.push_back(split.name);
  for (const JudgedModel& one : shown) {
    Series series;
    series.name = one.model->spec.name;
    for (const model::SplitScores& split : one.model->splits) series.values.push_back(value(split));
    chart.series.push_back(std::move(series));
  }
  return chart;
}

HeatMap importance_map(const ZooReport& report, Shown shown) {
  HeatMap map;
  map.text = {.title = "Importance by model", .caption = zoo_importance_caption()};
  map.corner = "Feature";
  map.unit = Unit::kPercent;
  map.decimals = 1;
  map.scale = HeatMap::Scale::kFromLow;
  for (const JudgedModel& one : shown) map.columns.push_back(one.model->spec.name);
  std::vector<std::size_t> features = features_by_importance(report);
  if (features.size() > kMostInMap) {
    features.resize(kMostInMap);
    map.text.caption += fmt::format(" The first {}; all are in the CSV file.", kMostInMap);
  }
  for (const std::size_t f : features) {
    map.rows.push_back(report.rows.rows.feature_names[f]);
    for (const JudgedModel& one : shown) map.values.push_back(one.model->importance[f].mean_share);
  }
  return map;
}

std::vector<KeyFigure> key_figures(const ZooReport& report, const JudgedModels& judged) {
  const JudgedModel& best = judged.front();
  const auto found = std::count_if(judged.begin(), judged.end(), [](const JudgedModel& one) {
    return one.evidence == Evidence::kPositive;
  });
  std::vector<KeyFigure> figures = {{"Models with evidence",
                                     fmt::format("{} of {}", found, judged.size()),
                                     "p < 0.05 after Holm's correction"}};
  if (best.t) {
    figures.push_back({"Best mean rank IC",
                       with_decimals(best.model->scores.rank_ic_summary.mean, 4),
                       fmt::format("{}, t {}", best.model->spec.name, with_decimals(best.t, 2))});
    const auto& held = best.model->scores.long_short_summary;
    if (held) {
      figures.push_back({"Its Sharpe ratio", with_decimals(held->sharpe, 2),
                         fmt::format("standard error {}", with_decimals(held->sharpe_error, 2))});
      figures.push_back({"Deflated", with_decimals(held->deflated_sharpe, 3),
                         "above the luckiest of as many models"});
    }
  }
  if (report.zoo.overfitting) {
    figures.push_back({"Probability of overfitting", percent(report.zoo.overfitting->probability),
                       "of choosing the best model"});
  }
  return figures;
}

}  // namespace

std::string zoo_report_page(const ZooReport& report) {
  const JudgedModels judged = judge(report);
  const Shown shown = Shown(judged).first(std::min(judged.size(), kMostDrawn));
  Page page({.title = zoo_title(report), .lead = zoo_subject(report)});
  page.section("Result");
  page.figures(key_figures(report, judged));
  page.list(findings(report, judged));
  page.paragraph(zoo_verdict_legend());
  page.table(fmt::format("{}, the largest t first", counted(judged.size(), "model")),
             zoo_headline_table(judged));
  page.section("Order");
  page.chart(rank_ic_bars(judged));
  page.chart(rank_ic_chart(report, shown));
  page.section("Predictions");
  page.paragraph(zoo_fit_caption());
  page.table("Over all rows tested", zoo_fit_table(judged));
  page.section("Long-short");
  page.paragraph(zoo_portfolio_caption(report));
  if (!judged.front().model->scores.long_short.empty()) {
    page.chart(long_short_chart(report, shown));
  }
  page.table("Top fifth less bottom fifth", zoo_portfolio_table(judged));
  page.section("Splits");
  BarChart fit =
      split_chart(report, shown,
                  {.title = "R\u00b2 of the test by split",
                   .caption = "Below 0 the mean of the outcomes would have been nearer."},
                  [](const model::SplitScores& one) { return value_of(one.test.r2); });
  fit.y = {.title = "R\u00b2"};
  page.chart(fit);
  BarChart gap = split_chart(
      report, shown,
      {.title = "Gap by split",
       .caption =
           "R\u00b2 in training less that of the test: how much of what was learned was noise."},
      [](const model::SplitScores& one) { return value_of(one.gap); });
  gap.y = {.title = "Gap of R\u00b2"};
  page.chart(gap);
  page.table("Windows", zoo_window_table(report));
  page.table("Scores by split", zoo_split_table(report, judged));
  page.section("Importance");
  page.chart(importance_map(report, shown));
  page.section("Models");
  page.table("Parameters, fixed before training", zoo_model_table(judged));
  page.section("Features");
  page.table("Expressions as written", zoo_feature_table(report));
  page.section("Method");
  page.list(zoo_method_notes(report));
  if (!report.notes.empty()) {
    page.section("Notes on the input");
    page.list(report.notes);
  }
  page.section("Configuration");
  page.table("What could change a result, and where it comes from", zoo_provenance_table(report));
  return page.html();
}

}  // namespace tickwerk::report
