// The whole path of the zoo, from rows with gaps to scores, against an independent program that
// trained linear, ridge and lasso over five expanding windows without a purge.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>

#include "tickwerk/model/golden_ml_fixture.h"
#include "tickwerk/model/zoo.h"

namespace tickwerk::model {
namespace {

constexpr std::size_t kFirstFeature = 4;
constexpr std::uint32_t kHorizon = 20;

Dataset read_panel(const std::filesystem::path& file) {
  GoldenTable table(file);
  auto& rows = table.rows;
  Dataset dataset;
  dataset.feature_names.assign(table.names.begin() + kFirstFeature, table.names.end());
  std::map<std::string, std::uint32_t> dates, symbols;
  for (const auto& row : rows) dates[row[0]] = symbols[row[1]] = 0;
  for (auto& [date, place] : dates) {
    place = static_cast<std::uint32_t>(dataset.times.size());
    dataset.times.push_back(midnight(parse_date(date).value()));
  }
  for (auto& [symbol, place] : symbols) {
    place = static_cast<std::uint32_t>(dataset.symbols.size());
    dataset.symbols.push_back(symbol);
  }
  std::erase_if(rows, [](const auto& row) { return row[3].empty(); });
  std::sort(rows.begin(), rows.end());
  dataset.features = Panel(dataset.feature_names.size(), rows.size());
  for (std::size_t r = 0; r < rows.size(); ++r) {
    dataset.bar.push_back(dates[rows[r][0]]);
    dataset.symbol.push_back(symbols[rows[r][1]]);
    dataset.label.push_back(GoldenTable::number(rows[r][3]));
    dataset.label_end.push_back(dataset.bar.back() + kHorizon);
    for (std::size_t f = 0; f < dataset.num_features(); ++f) {
      dataset.features(f, r) = GoldenTable::number(rows[r][kFirstFeature + f]);
    }
  }
  dataset.label_name = "fwd_return_20d";
  dataset.realized_return = dataset.label;
  dataset.label_reach = kHorizon;
  return dataset;
}

struct Case {
  const char* file;
  ModelSpec spec;
  double relative;

  friend std::ostream& operator<<(std::ostream& out, const Case& of) { return out << of.file; }
};

class ZooGolden : public GoldenMlTest<testing::TestWithParam<Case>> {
 protected:
  void SetUp() override {
    GoldenMlTest::SetUp();
    if (IsSkipped()) return;
    config_.models = {GetParam().spec};
    rows_ = zoo_rows(read_panel(folder_ / "panel_20d.csv"),
                     {.min_train_dates = 1, .purge = Purge::kNone});
    zoo_ = score_zoo(config_, rows_, train_zoo(config_, rows_), {});
  }

  GoldenTable expected(const std::string& what) const {
    return GoldenTable(folder_ / fmt::format("{}_{}.csv", GetParam().file, what));
  }

  static void near(double found, double value, const std::string& where) {
    EXPECT_NEAR(found, value, std::max(1e-12, GetParam().relative * std::abs(value))) << where;
  }

  const ZooModel& model() const { return zoo_.models.front(); }

  ZooConfig config_;
  ZooRows rows_;
  Zoo zoo_;
};

TEST_P(ZooGolden, SplitScoresAgree) {
  const auto rows = expected("split_metrics").rows;
  ASSERT_EQ(rows.size(), model().splits.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const SplitScores& split = model().splits[i];
    const double found[] = {*split.test.mse,
                            *split.test.mae,
                            *split.test.r2,
                            *split.train_r2,
                            *split.gap,
                            static_cast<double>(split.num_train),
                            static_cast<double>(split.num_test)};
    for (std::size_t k = 0; k < std::size(found); ++k) {
      near(found[k], GoldenTable::number(rows[i][k + 1]),
           fmt::format("split {} column {}", i, k + 1));
    }
  }
}

TEST_P(ZooGolden, PredictionsAgreeRowByRow) {
  const Dataset& dataset = rows_.rows;
  std::map<std::pair<std::string, std::string>, double> predicted;
  for (std::size_t r = 0; r < dataset.num_rows(); ++r) {
    if (std::isnan(model().predicted[r])) continue;
    predicted[{to_string(date_of(dataset.times[dataset.bar[r]])),
               dataset.symbols[dataset.symbol[r]]}] = model().predicted[r];
  }
  const auto rows = expected("predictions").rows;
  EXPECT_EQ(predicted.size(), rows.size());
  for (const auto& row : rows) {
    const auto found = predicted.find({row[3], row[4]});
    ASSERT_NE(found, predicted.end()) << row[3] << " " << row[4];
    near(found->second, GoldenTable::number(row[1]), row[3]);
  }
}

TEST_P(ZooGolden, ImportanceAgrees) {
  const auto& names = rows_.rows.feature_names;
  const auto rows = expected("feature_importance").rows;
  ASSERT_EQ(rows.size(), names.size());
  for (const auto& row : rows) {
    const auto place = std::find(names.begin(), names.end(), row[0]);
    ASSERT_NE(place, names.end()) << row[0];
    const ZooImportance& ours = model().importance[static_cast<std::size_t>(place - names.begin())];
    near(ours.value, GoldenTable::number(row[1]), row[0]);
    near(ours.raw_value, GoldenTable::number(row[2]), row[0]);
    EXPECT_EQ((ours.raw_value > 0) - (ours.raw_value < 0), GoldenTable::number(row[3])) << row[0];
  }
}

TEST_P(ZooGolden, ScoresOfAllRowsAgree) {
  std::ifstream file(folder_ / fmt::format("{}.json", GetParam().file));
  const nlohmann::json eval = nlohmann::json::parse(file).at("eval");
  const PredictionScores& scores = model().scores;
  // The reference divides by the deviation of a population, we by that of a sample.
  const auto n = static_cast<double>(scores.ic_summary.count);
  const double to_population = std::sqrt(n / (n - 1));
  near(*scores.regression.r2, eval.at("r2"), "r2");
  near(*scores.regression.directional_accuracy, eval.at("directional_accuracy"), "direction");
  near(*scores.ic_summary.mean, eval.at("ic_mean"), "ic_mean");
  near(*scores.ic_summary.ir * to_population, eval.at("ic_ir"), "ic_ir");
  near(*scores.rank_ic_summary.mean, eval.at("rank_ic_mean"), "rank_ic_mean");
  near(*scores.spread_mean, eval.at("ls_return_mean"), "ls_return_mean");
  near(*scores.spread_sharpe * to_population, eval.at("ls_sharpe"), "ls_sharpe");
}

INSTANTIATE_TEST_SUITE_P(
    Models,
    ZooGolden,
    testing::Values(
        Case{"linear", {.name = "linear", .kind = ModelKind::kLinear}, 1e-9},
        Case{"ridge_a1", {.name = "ridge_1", .kind = ModelKind::kRidge, .alpha = 1}, 1e-9},
        Case{"lasso_a0p001_tight",
             {.name = "lasso_0.001", .kind = ModelKind::kLasso, .alpha = 0.001},
             1e-6}),
    [](const auto& one) { return std::string(one.param.file); });

}  // namespace
}  // namespace tickwerk::model
