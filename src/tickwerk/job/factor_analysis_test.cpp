#include "tickwerk/job/factor_analysis.h"

#include <array>
#include <cmath>
#include <sstream>

#include "tickwerk/job/job_fixture.h"
#include "tickwerk/job/trials.h"

namespace tickwerk::job {
namespace {

constexpr std::size_t kSymbols = 4;
using Row = std::array<double, kSymbols>;

constexpr std::array<const char*, 4> kDays = {"2024-01-02", "2024-01-03", "2024-01-04",
                                              "2024-01-05"};
constexpr Row kFirstClose = {1, 2, 3, 4};  // of A, B, C and D, who keep this order
/// From the close of each day but the last to the next one.
constexpr std::array<Row, 3> kReturns = {{{.1, .2, .3, .4}, {.4, .3, .2, .1}, {.2, .1, .4, .3}}};
constexpr double kGap = 1.05;  // each open over the close before

Row close_of(std::size_t day) {
  Row close = kFirstClose;
  for (std::size_t t = 0; t < day; ++t) {
    for (std::size_t i = 0; i < kSymbols; ++i) close[i] *= 1 + kReturns[t][i];
  }
  return close;
}

double pearson(const Row& x, const Row& y) {
  double mean_x = 0, mean_y = 0, xy = 0, xx = 0, yy = 0;
  for (std::size_t i = 0; i < kSymbols; ++i) mean_x += x[i] / kSymbols, mean_y += y[i] / kSymbols;
  for (std::size_t i = 0; i < kSymbols; ++i) {
    xy += (x[i] - mean_x) * (y[i] - mean_y);
    xx += (x[i] - mean_x) * (x[i] - mean_x);
    yy += (y[i] - mean_y) * (y[i] - mean_y);
  }
  return xy / std::sqrt(xx * yy);
}

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::stringstream stream(line);
  for (std::string cell; std::getline(stream, cell, ',');) cells.push_back(cell);
  if (line.ends_with(',')) cells.emplace_back();
  return cells;
}

/// Four symbols over four days; the factor `level` is the close.
class FactorAnalysis : public JobFixture {
 protected:
  FactorAnalysisConfig config() const {
    std::string text = "timestamp,symbol,open,high,low,close,volume\n";
    for (std::size_t day = 0; day < kDays.size(); ++day) {
      const Row close = close_of(day), before = day == 0 ? kFirstClose : close_of(day - 1);
      for (std::size_t i = 0; i < kSymbols; ++i) {
        const double open = before[i] * kGap;
        text += fmt::format("{},{},{},{},{},{},100\n", kDays[day], static_cast<char>('A' + i), open,
                            std::max(open, close[i]), std::min(open, close[i]), close[i]);
      }
    }
    FactorAnalysisConfig config;
    config.run.load.prices = file("prices.csv", text);
    config.run.output = folder() / "output";
    config.selection = {.lines = "level = close\n", .horizons = {1}};
    config.decay = {};
    config.analysis.quantiles = {.num_quantiles = 2, .min_symbols = 2};
    return config;
  }

  /// A column of a file of the analysis, a number a row; NaN where it is empty.
  std::vector<double> column(const std::string& of, const std::string& name) const {
    const std::string path = fmt::format("output/factor_analysis_custom_1d_1d_{}.csv", of);
    std::stringstream lines(text_of(folder() / path));
    std::string line;
    std::getline(lines, line);
    const std::vector<std::string> header = cells_of(line);
    const auto at =
        static_cast<std::size_t>(std::find(header.begin(), header.end(), name) - header.begin());
    std::vector<double> values;
    while (std::getline(lines, line)) {
      const std::string cell = cells_of(line).at(at);
      values.push_back(cell.empty() ? kNaN : std::stod(cell));
    }
    return values;
  }

  static void expect_near(const std::vector<double>& found, const std::vector<double>& expected) {
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      EXPECT_EQ(std::isnan(found[i]), std::isnan(expected[i])) << i;
      if (std::isnan(expected[i])) continue;
      EXPECT_NEAR(found[i], expected[i], 1e-12) << i;
    }
  }
};

TEST_F(FactorAnalysis, HoldsAFactorAgainstTheReturnsAfterIt) {
  analyze_factors(config());
  // 1 - 6 sum(d^2) / (n (n^2 - 1)): the third day's ranks 2, 1, 4, 3 are each one off.
  expect_near(column("daily", "rank_ic"), {1, -1, 1 - 6 * 4 / 60.0, kNaN});
  expect_near(column("daily", "ic"),
              {pearson(close_of(0), kReturns[0]), pearson(close_of(1), kReturns[1]),
               pearson(close_of(2), kReturns[2]), kNaN});
}

TEST_F(FactorAnalysis, LogarithmsChangeCoefficientsButNoRankAndNoPortfolio) {
  FactorAnalysisConfig logs = config();
  analyze_factors(logs);
  const std::vector<double> long_short = column("daily", "long_short");
  logs.label = LabelKind::kLog;
  analyze_factors(logs);
  std::vector<double> expected;
  for (std::size_t day = 0; day < 3; ++day) {
    Row label = kReturns[day];
    for (double& value : label) value = std::log(1 + value);
    expected.push_back(pearson(close_of(day), label));
  }
  expected.push_back(kNaN);
  expect_near(column("daily", "ic"), expected);
  expect_near(column("daily", "rank_ic"), {1, -1, 0.6, kNaN});
  expect_near(column("daily", "long_short"), long_short);
}

TEST_F(FactorAnalysis, PortfoliosGetInAtTheNextOpen) {
  analyze_factors(config());
  // C and D less A and B, 0.35 - 0.15 and so on, of what the open was; on the day that earned it.
  expect_near(column("daily", "long_short"), {kNaN, 0.2 / kGap, -0.2 / kGap, 0.2 / kGap});
  expect_near(column("daily", "q1"), {1.15 / kGap - 1, 1.35 / kGap - 1, 1.15 / kGap - 1, kNaN});
}

TEST_F(FactorAnalysis, ComparesMembersOfTheDay) {
  FactorAnalysisConfig members = config();
  members.run.load.universe =
      file("members.csv", "symbol,start,end\nA\nB\nC\nD,2024-01-02,2024-01-03\n");
  analyze_factors(members);
  // Without D the third day's ranks are 2, 1, 3.
  expect_near(column("daily", "rank_ic"), {1, -1, 1 - 6 * 2 / 24.0, kNaN});
}

TEST_F(FactorAnalysis, RegimesPartTheDaysAndSayHowManyTheyDoNotKnow) {
  FactorAnalysisConfig by_regime = config();
  by_regime.regime =
      file("regime.csv", "timestamp,regime\n2024-01-02,up\n2024-01-03,down\n2024-01-04,up\n");
  const JobResult result = analyze_factors(by_regime);
  // All days, then down, then up.
  expect_near(column("rank_ic_summary", "mean_ic"), {0.2, -1, 0.8});
  EXPECT_TRUE(contains(result.warnings, "has a regime for 3 of 4 days"));
}

TEST_F(FactorAnalysis, FromCutsTheRowsAndNotTheHistory) {
  FactorAnalysisConfig cut = config();
  cut.selection.lines = "level = close + 0 * close[-1]\n";
  cut.run.load.from = make_date(2024, 1, 3);
  analyze_factors(cut);
  expect_near(column("daily", "rank_ic"), {-1, 0.6, kNaN});
  cut.run.load.from = make_date(2024, 1, 6);
  EXPECT_TRUE(contains(error_of([&] { analyze_factors(cut); }).what(), "--from"));
}

TEST_F(FactorAnalysis, WhatOrdersNoSymbolsIsLeftOutAndSaid) {
  FactorAnalysisConfig mixed = config();
  mixed.selection.lines += "two = 2\nlabel later = close[+2] / close - 1\n";
  const JobResult result = analyze_factors(mixed);
  EXPECT_TRUE(contains(result.warnings, "two is a constant and orders no symbols"));
  EXPECT_TRUE(contains(result.warnings, "labels are left out"));
  EXPECT_EQ(column("rank_ic_summary", "mean_ic").size(), 1u);

  mixed.selection.lines = "label later = close[+2] / close - 1\n";
  const Error error = error_of([&] { analyze_factors(mixed); });
  EXPECT_EQ(error.code(), Code::kInvalidArgument);
  EXPECT_TRUE(contains(error.what(), "found none but labels"));
}

TEST_F(FactorAnalysis, IsAboutOneHorizon) {
  FactorAnalysisConfig two = config();
  two.selection.horizons = {1, 2};
  EXPECT_EQ(error_of([&] { analyze_factors(two); }).code(), Code::kInvalidArgument);
}

TEST_F(FactorAnalysis, FewerSymbolsThanAPortfolioNeedsIsAWarning) {
  FactorAnalysisConfig few = config();
  few.analysis.quantiles.min_symbols = 10;
  const JobResult result = analyze_factors(few);
  EXPECT_TRUE(contains(result.warnings, "portfolios must have 10 symbols on a day"));
  expect_near(column("daily", "long_short"), {kNaN, kNaN, kNaN, kNaN});
  expect_near(column("daily", "rank_ic"), {1, -1, 0.6, kNaN});
}

TEST_F(FactorAnalysis, EveryFactorAndHorizonIsATrialOnce) {
  FactorAnalysisConfig kept = config();
  kept.run.trials = TrialRecord::kKeep;
  kept.selection.lines += "other = -close\n";
  kept.decay = {1, 2};
  const auto num_trials = [&] {
    const JobResult result = analyze_factors(kept);
    return TrialBook(kept.run.output, result.data_fingerprint).size();
  };
  EXPECT_EQ(num_trials(), 4u) << "two factors at two horizons";
  EXPECT_EQ(num_trials(), 4u) << "the same again";
  kept.label = LabelKind::kLog;
  EXPECT_EQ(num_trials(), 4u) << "coefficients make no portfolio";
  kept.analysis.quantiles.num_quantiles = 4;
  EXPECT_EQ(num_trials(), 8u) << "other portfolios";
}

TEST_F(FactorAnalysis, FilesAreNamedByWhatWasAnalysed) {
  FactorAnalysisConfig named = config();
  named.selection = {.catalogue = "returns_1m,reversal_1d",
                     .file = file("my factors.expr", "mine = close\n"),
                     .horizons = {2}};
  named.analysis.correlation = factor::FactorCorrelation::kSkip;
  const JobResult result = analyze_factors(named);
  EXPECT_NE(std::find(result.files.begin(), result.files.end(),
                      "factor_analysis_returns_1m_reversal_1d_my_factors_2d_1d_daily.csv"),
            result.files.end());
}

}  // namespace
}  // namespace tickwerk::job
