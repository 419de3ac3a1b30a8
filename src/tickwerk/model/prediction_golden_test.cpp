// Scores of the predictions of an independent reference program against what it says of them, in
// the folder `golden` beside TICKWERK_DATA.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "tickwerk/model/golden_ml_fixture.h"
#include "tickwerk/model/prediction_scores.h"

namespace tickwerk::model {
namespace {

struct Predicted {
  Panel prediction;
  Panel outcome;
};

Predicted read_predictions(const std::filesystem::path& path) {
  const GoldenTable table(path);
  EXPECT_EQ(table.names,
            (std::vector<std::string>{"y_true", "y_pred", "split_index", "timestamp", "symbol"}));
  std::map<std::string, std::size_t> dates, symbols;
  for (const auto& row : table.rows) dates[row[3]] = symbols[row[4]] = 0;
  std::size_t next = 0;
  for (auto& [date, place] : dates) place = next++;
  next = 0;
  for (auto& [symbol, place] : symbols) place = next++;
  Predicted predicted{Panel(dates.size(), symbols.size(), kNaN),
                      Panel(dates.size(), symbols.size(), kNaN)};
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const std::size_t date = dates[table.rows[r][3]], symbol = symbols[table.rows[r][4]];
    predicted.outcome(date, symbol) = table.number(r, 0);
    predicted.prediction(date, symbol) = table.number(r, 1);
  }
  return predicted;
}

class PredictionGolden : public GoldenMlTest<testing::TestWithParam<const char*>> {};

TEST_P(PredictionGolden, ScoresAreThoseOfTheReference) {
  const std::string name = GetParam();
  std::ifstream file(folder_ / (name + ".json"));
  const nlohmann::json expected = nlohmann::json::parse(file).at("eval");
  const Predicted predicted = read_predictions(folder_ / (name + "_predictions.csv"));
  const PredictionScores scores =
      prediction_scores({predicted.prediction.view(), predicted.outcome.view()}, {.horizon = 20});

  const auto expect = [&](const char* key, std::optional<double> found) {
    const double value = expected.at(key);
    ASSERT_TRUE(found) << key;
    EXPECT_NEAR(*found, value, std::max(1e-12, 1e-9 * std::abs(value))) << key;
  };
  // The reference divides by the deviation of a population, we by that of a sample.
  const auto n = static_cast<double>(scores.ic_summary.count);
  const double to_population = std::sqrt(n / (n - 1));
  EXPECT_EQ(scores.regression.num_rows, expected.at("n_samples").get<std::size_t>());
  EXPECT_EQ(scores.num_dates, expected.at("n_timestamps").get<std::size_t>());
  expect("mse", scores.regression.mse);
  expect("mae", scores.regression.mae);
  expect("r2", scores.regression.r2);
  expect("directional_accuracy", scores.regression.directional_accuracy);
  expect("ic_mean", scores.ic_summary.mean);
  expect("ic_ir", *scores.ic_summary.ir * to_population);
  expect("rank_ic_mean", scores.rank_ic_summary.mean);
  expect("rank_ic_ir", *scores.rank_ic_summary.ir * to_population);
  expect("ls_return_mean", scores.spread_mean);
  expect("ls_return_std", *scores.spread_deviation / to_population);
  expect("ls_sharpe", *scores.spread_sharpe * to_population);
}

INSTANTIATE_TEST_SUITE_P(Models,
                         PredictionGolden,
                         testing::Values("linear", "ridge_a1", "lasso_a0p001_tight"));

}  // namespace
}  // namespace tickwerk::model
