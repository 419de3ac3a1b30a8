// Writes a page with every kind of chart to the file it is given, from made-up numbers; the pages
// tests open it in a browser.
#include <algorithm>
#include <cmath>
#include <exception>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "tickwerk/io/atomic_file.h"
#include "tickwerk/report/page.h"

namespace {

using namespace tickwerk;
using namespace tickwerk::report;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr int kNumDays = 2520;

struct Market {
  std::vector<Timestamp> times;
  std::vector<double> equity;
  std::vector<double> benchmark;
  std::vector<double> drawdown;
  std::vector<double> sharpe;
};

/// Ten years of weekdays; returns that a sum of sines makes, so that no draw is needed.
Market market() {
  Market made;
  double equity = 1e6;
  double benchmark = 1e6;
  double peak = equity;
  for (Date day = make_date(2015, 1, 2); made.times.size() < kNumDays; ++day.days) {
    if (weekday(day) >= Weekday::kSaturday) continue;
    const auto t = static_cast<double>(made.times.size());
    made.times.push_back(midnight(day));
    equity *=
        1 + 0.0004 + 0.006 * std::sin(t * 12.9898) * std::cos(t * 0.83) + 0.002 * std::sin(t / 90);
    benchmark *=
        1 + 0.0003 + 0.009 * std::sin(t * 78.233) * std::cos(t * 1.7) + 0.002 * std::sin(t / 140);
    peak = std::max(peak, equity);
    made.equity.push_back(equity);
    made.benchmark.push_back(benchmark);
    made.drawdown.push_back(equity / peak - 1);
    made.sharpe.push_back(t < 252 ? kNan : 1.1 + std::sin(t / 200) + 0.1 * std::sin(t * 3.1));
  }
  return made;
}

void add_performance(Page& page) {
  const Market made = market();
  page.section("Performance");
  page.figures({{"Return a year", "12.34 %", "after costs of 1.20 % a year"},
                {"Sharpe ratio", "1.21", "standard error 0.32"},
                {"Deflated Sharpe ratio", "0.87", "100 trials on record"},
                {"Largest drawdown", "-18.20 %", "2020-02-19 to 2020-03-23"},
                {"Turnover a year", "8.4", ""}});
  DateChart equity;
  equity.text = {.title = "Equity against the benchmark",
                 .caption = "Marked at the close, after costs; both begin with one million.",
                 .alt = "The strategy ends above the benchmark after ten years."};
  equity.times = made.times;
  equity.y = {.title = "Equity (USD)"};
  equity.series = {{.name = "Strategy", .values = made.equity},
                   {.name = "Benchmark, equally weighted", .values = made.benchmark}};
  page.chart(equity);
  DateChart drawdown;
  drawdown.text = {.title = "Drawdown",
                   .caption = "Loss from the highest equity so far.",
                   .alt = "Drawdowns stay small but for one."};
  drawdown.times = made.times;
  drawdown.y = {.title = "Drawdown", .unit = Unit::kPercent};
  drawdown.series = {{.name = "Strategy", .values = made.drawdown, .area = Series::Area::kToZero}};
  page.chart(drawdown);
  DateChart rolling;
  rolling.text = {.title = "Rolling Sharpe ratio",
                  .caption = "252 sessions; the first year has none.",
                  .alt = "The ratio swings around one."};
  rolling.times = made.times;
  rolling.y = {.title = "Sharpe ratio"};
  rolling.series = {{.name = "Strategy", .values = made.sharpe}};
  page.chart(rolling);
  HeatMap months{.text = {.title = "Return by month",
                          .caption = "Simple returns of the months, after costs.",
                          .alt = "Months gain and lose in turn."},
                 .corner = "Year",
                 .unit = Unit::kPercent,
                 .decimals = 1};
  for (int month = 1; month <= 12; ++month) {
    months.columns.push_back(
        std::string("JanFebMarAprMayJunJulAugSepOctNovDec").substr(3 * (month - 1), 3));
  }
  for (int year = 2015; year <= 2024; ++year) {
    months.rows.push_back(std::to_string(year));
    for (int month = 1; month <= 12; ++month) {
      const bool known = year < 2024 || month < 9;
      months.values.push_back(known ? 0.06 * std::sin(year * 7.3 + month * 2.1) + 0.008 : kNan);
    }
  }
  page.chart(months);
}

void add_factors(Page& page) {
  page.section("Factors");
  page.paragraph("A factor is as good as its rank IC, and as the error of its rank IC.");
  BarChart decay;
  decay.text = {.title = "Decay of the rank IC",
                .caption = "Mean over all days by horizon, with its 95 % interval.",
                .alt = "The rank IC of momentum rises up to 20 days, that of reversal falls."};
  decay.x.title = "Horizon (days)";
  decay.groups = {"1", "5", "10", "20", "60"};
  decay.y.title = "Mean rank IC";
  decay.series = {{.name = "momentum_12_1",
                   .values = {0.011, 0.019, 0.026, 0.031, 0.018},
                   .low = {0.006, 0.011, 0.014, 0.013, -0.009},
                   .high = {0.016, 0.027, 0.038, 0.049, 0.045}},
                  {.name = "reversal_5",
                   .values = {0.014, 0.009, 0.002, -0.004, kNan},
                   .low = {0.009, 0.001, -0.009, -0.021, kNan},
                   .high = {0.019, 0.017, 0.013, 0.013, kNan}}};
  page.chart(decay);
  BarChart quantiles;
  quantiles.text = {.title = "Return by quantile",
                    .caption = "Mean return a day from the next open, 20 days ahead.",
                    .alt = "Returns rise with the quantile."};
  quantiles.x.title = "Quantile";
  quantiles.groups = {"1 (low)", "2", "3", "4", "5 (high)"};
  quantiles.y = {.title = "Mean return a day", .unit = Unit::kBps};
  quantiles.series = {{.name = "Next open", .values = {-1.2e-4, 0.4e-4, 2.1e-4, 3.3e-4, 5.8e-4}}};
  page.chart(quantiles);
  const std::vector<std::string> names = {
      "sma_ratio_20",  "sma_ratio_50",  "ema_ratio_60",  "atr_14_to_close",          "rsi_14",
      "log_return_20", "volatility_60", "momentum_12_1", "<script>alert(1)</script>"};
  std::vector<double> correlations;
  std::vector<double> strengths;
  for (std::size_t i = 0; i < names.size(); ++i) {
    strengths.push_back(0.03 * std::cos(static_cast<double>(i) * 1.3));
    for (std::size_t j = 0; j < names.size(); ++j) {
      correlations.push_back(i == j ? 1 : std::cos(static_cast<double>(i * j + i + j)));
    }
  }
  BarChart by_factor;
  by_factor.text = {.title = "Rank IC by factor",
                    .caption = "Mean over all days, 20 days ahead.",
                    .alt = "About half of the factors have a positive rank IC."};
  by_factor.x = {.title = ""};
  by_factor.groups = names;
  by_factor.y = {.title = "Mean rank IC"};
  by_factor.series = {{.name = "20 days", .values = strengths}};
  page.chart(by_factor);
  HeatMap correlation;
  correlation.text = {.title = "Correlation of the factors",
                      .caption = "Spearman, mean of the days.",
                      .alt = "Ratios of averages move together."};
  correlation.corner = "Factor";
  correlation.rows = names;
  correlation.columns = names;
  correlation.values = correlations;
  correlation.limit = 1;
  page.chart(correlation);
  HeatMap sweep{.text = {.title = "Sharpe ratio by parameters", .caption = "One backtest a cell."},
                .corner = "fast / slow",
                .scale = HeatMap::Scale::kFromLow};
  for (int slow = 60; slow <= 240; slow += 20) sweep.columns.push_back(std::to_string(slow));
  for (int fast = 5; fast <= 50; fast += 5) {
    sweep.rows.push_back(std::to_string(fast));
    for (int slow = 60; slow <= 240; slow += 20) {
      sweep.values.push_back(1.2 - std::abs(fast - 22) / 60.0 - std::abs(slow - 130) / 200.0);
    }
  }
  page.chart(sweep);
}

void add_model(Page& page) {
  page.section("Model");
  std::vector<double> points;
  Series calibration{.name = "Model"};
  Series perfect{.name = "Perfect"};
  for (int i = 0; i <= 10; ++i) {
    const double point = 0.3 + i * 0.04;
    points.push_back(point);
    perfect.values.push_back(point);
    calibration.values.push_back(0.5 + (point - 0.5) * 0.7);
    calibration.low.push_back(calibration.values.back() - 0.02 - 0.05 * std::abs(point - 0.5));
    calibration.high.push_back(calibration.values.back() + 0.02 + 0.05 * std::abs(point - 0.5));
  }
  NumberChart calibrated;
  calibrated.text = {.title = "Calibration",
                     .caption = "Share of gains by predicted probability, with its 95 % interval.",
                     .alt = "The model is too sure of itself at both ends."};
  calibrated.x = {.title = "Predicted probability", .unit = Unit::kPercent};
  calibrated.points = points;
  calibrated.y = {.title = "Share that gained", .unit = Unit::kPercent};
  calibrated.series = {calibration, perfect};
  page.chart(calibrated);
  std::vector<Timestamp> minutes;
  std::vector<Series> many(10);
  for (int i = 0; i < 78; ++i) minutes.push_back({(1'700'000'100LL + i * 300) * 1'000'000'000LL});
  for (std::size_t s = 0; s < many.size(); ++s) {
    many[s].name = "Fold " + std::to_string(s + 1);
    for (int i = 0; i < 78; ++i) {
      many[s].values.push_back(static_cast<double>(s) +
                               std::sin(i / (4.0 + static_cast<double>(s))));
    }
  }
  DateChart session;
  session.text = {.title = "Ten series in one session",
                  .caption = "Five-minute bars; colours come again with dashes.",
                  .alt = "Ten lines, one above the other."};
  session.times = minutes;
  session.frequency = Frequency::kFiveMinutes;
  session.y = {.title = "Loss"};
  session.series = many;
  page.chart(session);
  DateChart unknown;
  unknown.text = {.title = "Nothing known", .caption = "Every value is missing."};
  unknown.times = {midnight(make_date(2024, 1, 2)), midnight(make_date(2024, 1, 3))};
  unknown.series = {{.name = "Model", .values = {kNan, kNan}}};
  page.chart(unknown);
  NumberChart single;
  single.text = {.title = "One point", .caption = "One value between two that are missing."};
  single.points = {0.5, 0.5, 0.5};
  single.series = {{.name = "Model", .values = {kNan, 1, kNan}}};
  page.chart(single);
  NumberChart extremes;
  extremes.text = {.title = "Extremes", .caption = "From the least to the largest numbers."};
  extremes.points = {-1e300, 0, 1e-300, 1e300};
  extremes.series = {{.name = "Model", .values = {-1e300, 1e-12, -1e-300, 1e300}}};
  page.chart(extremes);
  NumberChart tiny;
  tiny.text = {.title = "Tiny", .caption = "A constant and a change in its twelfth digit."};
  tiny.points = {1, 2, 3};
  tiny.series = {{.name = "Constant", .values = {0, 0, 0}},
                 {.name = "Model", .values = {1e-12, 2e-12, -3e-12}}};
  page.chart(tiny);
  Table folds({{"Fold"}, {"Train"}, {"Test"}, {"AUC", Align::kRight}, {"Log loss", Align::kRight}});
  folds.add({"1", "2015-01-02 to 2018-12-31", "2019", "0.541", "0.688"});
  folds.add({"2", "2015-01-02 to 2019-12-31", "2020", "0.527", "0.691"});
  folds.add({"3 </table>", "2015-01-02 to 2020-12-31", "2021", "0.533", "0.690"});
  page.table("Folds, purged by the reach of the label", folds);
  page.list({"Costs are in every number.", "Data until 2024-08-30."});
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  try {
    Page page({.title = "Factor research & </script> sample",
               .lead = "Every kind of chart, drawn from made-up numbers over ten years of days."});
    add_performance(page);
    add_factors(page);
    add_model(page);
    io::AtomicFile file(argv[1]);
    file.write(page.html());
    file.commit();
  } catch (const std::exception&) {
    return 1;
  }
  return 0;
}
