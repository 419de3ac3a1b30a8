#include "tickwerk/job/stress.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "tickwerk/job/backtest_job.h"
#include "tickwerk/job/job_fixture.h"

namespace tickwerk::job {
namespace {

class Stress : public JobFixture {
 protected:
  /// Three symbols that rise in waves, so that following them grows until costs eat it.
  RunConfig waves() const {
    std::string text = "timestamp,symbol,open,high,low,close,volume\n";
    for (int day = 0; day < 600; ++day) {
      for (int symbol = 0; symbol < 3; ++symbol) {
        const double wave = std::sin(day / (7.0 + 3 * symbol));
        const double price = 100 * std::exp(0.0008 * day + 0.06 * wave);
        text += fmt::format("{},S{},{:.4f},{:.4f},{:.4f},{:.4f},100000\n",
                            to_string(Date{make_date(2020, 1, 1).days + day}), symbol, price,
                            price * 1.02, price * 0.98, price * 1.001);
      }
    }
    return config_of(file("waves.csv", text));
  }

  StressResult run(const RunConfig& config) const {
    History history;
    load_history(config, history);
    build_signals(config, history);
    run_history(config, history);
    return stress(config, history);
  }

  TrialFigures alone(const RunConfig& config) const {
    History history;
    load_history(config, history);
    build_signals(config, history);
    run_history(config, history);
    return measure({.equity = history.result.equity,
                    .start_capital = config.backtest.start_capital,
                    .num_orders = history.result.num_orders,
                    .num_fills = history.result.num_fills});
  }

  static const TrialFigures& row(const StressResult& result, StressOf what, double value) {
    for (const StressRow& row : result.rows) {
      if (row.what == what && row.value == value) return row.figures;
    }
    ADD_FAILURE() << "no row " << to_string(what) << " " << value;
    return result.rows.front().figures;
  }

  static void expect_same(const TrialFigures& a, const TrialFigures& b) {
    for (std::size_t k = 0; k < kTrialMetrics.size(); ++k) {
      EXPECT_TRUE(a.metrics[k] == b.metrics[k] || std::isnan(b.metrics[k]))
          << kTrialMetrics[k].name;
    }
  }
};

TEST_F(Stress, OnceTheCostsAtTheNextOpenIsTheBacktest) {
  const RunConfig config = config_of(market(10, 400));
  const StressResult result = run(config);
  expect_same(row(result, StressOf::kCosts, 1), alone(config));
  expect_same(row(result, StressOf::kDelay, 1), alone(config));
}

TEST_F(Stress, CostsAreMultipliedWhole) {
  RunConfig config = config_of(market(10, 400));
  const StressResult result = run(config);
  EXPECT_EQ(row(result, StressOf::kCosts, 0).metric("total_cost"), 0);
  config.backtest.costs = {Bps{1.5}, Bps{0.75}, Bps{1.5}};
  expect_same(row(result, StressOf::kCosts, 3), alone(config));
  EXPECT_GT(row(result, StressOf::kCosts, 1).metric("final_pf"),
            row(result, StressOf::kCosts, 3).metric("final_pf"));
}

TEST_F(Stress, BreakIsWhereGrowthCrossesZero) {
  RunConfig config = waves();
  config.backtest.costs = {Bps{300}, Bps{100}, Bps{100}};
  const StressResult result = run(config);
  ASSERT_GT(growth(row(result, StressOf::kCosts, 0)), 0);
  ASSERT_TRUE(result.cost_break);
  const double low = std::floor(*result.cost_break), high = low + 1;
  const double above = growth(row(result, StressOf::kCosts, low));
  const double below = growth(row(result, StressOf::kCosts, high));
  EXPECT_GT(above, 0);
  EXPECT_LE(below, 0);
  EXPECT_NEAR(above + (*result.cost_break - low) * (below - above), 0, 1e-12);
}

TEST_F(Stress, DelayedSignalsAreOldOnes) {
  strategy::Signals signals;
  signals.direction = strategy::DirectionPanel(4, 2);
  signals.decides = {1, 0, 1, 1};
  for (std::size_t t = 0; t < 4; ++t) {
    signals.direction(t, 0) = t % 2 == 0 ? strategy::kLong : strategy::kFlat;
    signals.direction(t, 1) = strategy::kLong;
  }
  Panel close(4, 2, 10.0);
  close(2, 1) = kNaN;
  const strategy::Signals late = delayed(signals, close, 1);
  EXPECT_EQ(late.decides, (std::vector<std::uint8_t>{0, 1, 0, 1}));
  EXPECT_EQ(late.direction(1, 0), strategy::kLong);
  EXPECT_EQ(late.direction(2, 0), strategy::kFlat);
  EXPECT_EQ(late.direction(2, 1), strategy::kKeep);
  EXPECT_EQ(late.direction(3, 1), strategy::kLong);
}

TEST_F(Stress, CapacityIsWhereGrowthHalves) {
  const RunConfig config = waves();
  const StressResult result = run(config);
  const double start = config.backtest.start_capital;
  const double small = growth(row(result, StressOf::kCapital, start));
  ASSERT_GT(small, 0);
  ASSERT_TRUE(result.capacity);
  EXPECT_GE(*result.capacity, start);
  for (const StressRow& row : result.rows) {
    if (row.what != StressOf::kCapital || row.value > 1.5 * *result.capacity) continue;
    EXPECT_EQ(growth(row.figures) >= small / 2, row.value <= *result.capacity) << row.value;
  }
}

TEST_F(Stress, BarsWithoutVolumeHaveNoCapacityAndSaySo) {
  RunConfig config = config_of(file(
      "bars.csv", "timestamp,symbol,close\n2024-01-02,A,10\n2024-01-03,A,11\n2024-01-04,A,9\n"));
  config.backtest.fill = backtest::FillRule::kSameClose;
  const StressResult result = run(config);
  EXPECT_FALSE(result.capacity);
  EXPECT_TRUE(contains(result.sentences, "the bars have no volume"));
  EXPECT_EQ(result.rows.size(), 7U);
}

TEST_F(Stress, FilesAndSummariesSayTheSame) {
  const RunConfig config = config_of(market(10, 400));
  const JobResult job = run_stressed_backtest(config);
  const auto document = nlohmann::json::parse(job.summary_json)["stress"];
  const std::string page = text_of(config.output / "stress_1d.md");
  for (const auto& sentence : document["sentences"]) {
    EXPECT_TRUE(contains(page, sentence.get<std::string>()));
    EXPECT_TRUE(contains(job.summary, sentence.get<std::string>()));
  }
  const std::string csv = text_of(config.output / "stress_1d.csv");
  EXPECT_EQ(static_cast<std::size_t>(std::count(csv.begin(), csv.end(), '\n')),
            document["scenarios"].size() + 1);
  EXPECT_TRUE(std::is_sorted(job.files.begin(), job.files.end()));
}

}  // namespace
}  // namespace tickwerk::job
