#include "tickwerk/report/factor_report_charts.h"

#include <fmt/format.h>

#include <cmath>
#include <functional>

#include "tickwerk/factor/portfolio_summary.h"
#include "tickwerk/report/factor_report_text.h"
#include "tickwerk/report/figures.h"
#include "tickwerk/report/page_text.h"

namespace tickwerk::report {
namespace {

/// Three charts of six lines with this many points take about half a megabyte.
constexpr std::size_t kMostPoints = 2600;
/// Whiskers of 95 % of a normal distribution.
constexpr double kWhiskerErrors = 1.96;
constexpr double kNoticeable = 1e-5;

double value_of(std::optional<double> value) { return value.value_or(kNaN); }

/// Rounded to what a chart can show, which keeps the page small.
double seen(double value) { return std::round(value / kNoticeable) * kNoticeable; }

using Line = std::function<std::vector<double>(const JudgedFactor&)>;

DateChart over_time(const FactorReport& report, Judged shown, ChartText text, const Line& line) {
  DateChart chart;
  chart.text = std::move(text);
  chart.frequency = report.frequency;
  const std::size_t num_rows = report.times.size();
  const std::size_t step = (num_rows + kMostPoints - 1) / kMostPoints;
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < num_rows; row += step) rows.push_back(row);
  if (!rows.empty() && rows.back() != num_rows - 1) rows.push_back(num_rows - 1);
  if (step > 1) {
    chart.text.caption += fmt::format(" Drawn: {} of {} bars, 1 in {}, and the last.",
                                      count(rows.size()), count(num_rows), step);
  }
  for (const std::size_t row : rows) chart.times.push_back(report.times[row]);
  for (const JudgedFactor& one : shown) {
    const std::vector<double> all = line(one);
    TW_CHECK(all.size(), ==, num_rows);
    Series series;
    series.name = one.factor->name;
    for (const std::size_t row : rows) series.values.push_back(seen(all[row]));
    chart.series.push_back(std::move(series));
  }
  return chart;
}

/// A mean with the whiskers that its t implies; none where there is no t.
void add_mean(Series& series, const factor::IcSummary& summary) {
  const double mean = value_of(summary.mean);
  const double error = summary.t && summary.t->t != 0 ? std::abs(mean / summary.t->t) : kNaN;
  series.values.push_back(mean);
  series.low.push_back(mean - kWhiskerErrors * error);
  series.high.push_back(mean + kWhiskerErrors * error);
}

/// Each value less the mean of those there are.
std::vector<double> against_mean(const std::vector<std::optional<double>>& means) {
  double sum = 0;
  double number = 0;
  for (const auto& mean : means) {
    if (!mean) continue;
    sum += *mean;
    number += 1;
  }
  std::vector<double> values;
  for (const auto& mean : means) values.push_back(mean ? *mean - sum / number : kNaN);
  return values;
}

}  // namespace

std::vector<double> rolling_mean(std::span<const double> daily) {
  std::vector<double> means(daily.size(), kNaN);
  for (std::size_t t = 0; t < daily.size(); ++t) {
    double sum = 0;
    std::size_t number = 0;
    for (std::size_t k = t - std::min(t, kRollingBars - 1); k <= t; ++k) {
      if (std::isnan(daily[k])) continue;
      sum += daily[k];
      ++number;
    }
    if (2 * number >= kRollingBars) means[t] = sum / static_cast<double>(number);
  }
  return means;
}

std::vector<double> cumulative_sum(std::span<const double> daily) {
  std::vector<double> sums(daily.size(), kNaN);
  double sum = 0;
  bool begun = false;
  for (std::size_t t = 0; t < daily.size(); ++t) {
    if (!std::isnan(daily[t])) {
      sum += daily[t];
      begun = true;
    }
    if (begun) sums[t] = sum;
  }
  return sums;
}

DateChart rolling_ic_chart(const FactorReport& report, Judged shown) {
  DateChart chart =
      over_time(report, shown,
                {.title = fmt::format("Rank IC, mean of {} bars", kRollingBars),
                 .caption = "Single bars are noise and are in the daily CSV file. The window looks "
                            "back; returns end later, so neighbours share most of their data."},
                [](const JudgedFactor& one) { return rolling_mean(one.main->rank_ic); });
  chart.y = {.title = "Rank IC"};
  return chart;
}

DateChart cumulative_ic_chart(const FactorReport& report, Judged shown) {
  DateChart chart =
      over_time(report, shown,
                {.title = "Rank IC, cumulative sum",
                 .caption = "A steady slope is a steady relation; a bend is where it changed."},
                [](const JudgedFactor& one) { return cumulative_sum(one.main->rank_ic); });
  chart.y = {.title = "Sum of rank IC"};
  return chart;
}

/// One group a horizon, one series a factor; `add` adds a horizon to the series.
template <class Add>
BarChart by_horizon_chart(Judged shown, ChartText text, Axis y, Add add) {
  BarChart chart;
  chart.text = std::move(text);
  chart.x = {.title = "Horizon"};
  chart.y = std::move(y);
  for (const factor::HorizonAnalysis* at : by_horizon(*shown.front().factor)) {
    chart.groups.push_back(counted(at->horizon, "bar"));
  }
  for (const JudgedFactor& one : shown) {
    Series series;
    series.name = one.factor->name;
    for (const factor::HorizonAnalysis* at : by_horizon(*one.factor)) add(series, *at);
    chart.series.push_back(std::move(series));
  }
  return chart;
}

BarChart decay_chart(Judged shown) {
  return by_horizon_chart(
      shown,
      {.title = "Mean rank IC by horizon",
       .caption = "Whiskers: 1.96 standard errors, mean over t. Horizons share their data."},
      {.title = "Mean rank IC"}, [](Series& series, const factor::HorizonAnalysis& at) {
        add_mean(series, at.rank_ic_summary);
      });
}

BarChart bucket_chart(const FactorReport& report, const JudgedFactor& one) {
  BarChart chart;
  const auto& open = one.main->next_open.quantiles;
  const auto& close = one.main->at_close.quantiles;
  chart.text.title = one.factor->name;
  chart.text.caption = with_minus_signs(
      fmt::format("Mean return over {} of each bucket less the mean of all buckets. Next open: "
                  "monotonicity {}, top less bottom {}.",
                  counted(main_horizon(report), "bar"), with_decimals(open.monotonicity, 2),
                  signed_percent(open.spread_mean)));
  chart.x = {.title = "Bucket"};
  chart.y = {.title = "Above the mean of buckets", .unit = Unit::kPercent};
  for (std::size_t k = 0; k < open.mean.size(); ++k) {
    chart.groups.push_back(fmt::format("q{}", k + 1));
  }
  Series at_open;
  at_open.name = "Next open";
  at_open.values = against_mean(open.mean);
  Series at_close;
  at_close.name = "Close";
  at_close.values = against_mean(close.mean);
  chart.series = {at_open, at_close};
  return chart;
}

DateChart long_short_chart(const FactorReport& report, Judged shown) {
  DateChart chart = over_time(
      report, shown,
      {.title = "Top less bottom, compounded",
       .caption = fmt::format("{} from the next open, marked daily, before costs. Falls where "
                              "the IC is negative.",
                              counted(main_horizon(report), "staggered portfolio"))},
      [](const JudgedFactor& one) {
        return factor::cumulative_return(one.main->next_open.long_short);
      });
  chart.y = {.title = "Return so far", .unit = Unit::kPercent};
  return chart;
}

BarChart turnover_chart(Judged shown) {
  return by_horizon_chart(
      shown,
      {.title = "Turnover by horizon",
       .caption =
           "Share of the top and bottom buckets, their mean, that is new when a portfolio is "
           "renewed after so many bars."},
      {.title = "New at a renewal", .unit = Unit::kPercent},
      [](Series& series, const factor::HorizonAnalysis& at) {
        series.values.push_back((value_of(at.bottom_turnover) + value_of(at.top_turnover)) / 2);
      });
}

HeatMap correlation_map(const FactorReport& report, Judged shown) {
  HeatMap map;
  map.text = {.title = "Rank correlation of factors", .caption = correlation_caption()};
  map.corner = "Factor";
  map.limit = 1;
  for (const JudgedFactor& one : shown) {
    map.rows.push_back(one.factor->name);
    for (const JudgedFactor& other : shown) {
      map.values.push_back(report.analysis.correlation(one.index, other.index));
    }
  }
  map.columns = map.rows;
  return map;
}

BarChart regime_chart(const FactorReport& report, Judged shown) {
  BarChart chart;
  chart.text = {.title = "Mean rank IC by regime",
                .caption = "Whiskers: 1.96 standard errors, mean over t."};
  chart.x = {.title = "Regime"};
  chart.y = {.title = "Mean rank IC"};
  chart.groups = report.regimes;
  for (const JudgedFactor& one : shown) {
    Series series;
    series.name = one.factor->name;
    const auto& parts = one.main->rank_ic_by_regime;
    for (std::size_t k = 0; k < report.regimes.size(); ++k) {
      add_mean(series, k < parts.size() ? parts[k] : factor::IcSummary{});
    }
    chart.series.push_back(std::move(series));
  }
  return chart;
}

}  // namespace tickwerk::report
