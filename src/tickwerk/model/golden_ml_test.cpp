// Linear, ridge and lasso over five expanding windows against an independent program: predictions,
// scores and importance.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "tickwerk/model/golden_ml_fixture.h"
#include "tickwerk/model/linear.h"

namespace tickwerk::model {
namespace {

constexpr std::size_t kNumSplits = 5;

class GoldenMl : public GoldenMlTest<testing::Test> {
 protected:
  void SetUp() override {
    GoldenMlTest::SetUp();
    if (!IsSkipped()) read_panel();
  }

  // The windows are cut on the dates that have a label; rows without all features go afterwards.
  void read_panel() {
    const GoldenTable panel(folder_ / "panel_20d.csv");
    names_.assign(panel.names.begin() + 4, panel.names.end());
    std::map<std::string, std::size_t> dates;
    for (const auto& row : panel.rows) {
      if (!row[3].empty()) dates.emplace(row[0], 0);
    }
    num_dates_ = 0;
    for (auto& [date, place] : dates) place = num_dates_++;
    features_ = Panel(names_.size(), panel.rows.size());
    for (std::size_t r = 0; r < panel.rows.size(); ++r) {
      const double label = panel.number(r, 3);
      bool complete = !std::isnan(label);
      for (std::size_t f = 0; f < names_.size(); ++f) {
        features_(f, label_.size()) = panel.number(r, f + 4);
        complete = complete && !std::isnan(panel.number(r, f + 4));
      }
      if (!complete) continue;
      label_.push_back(label);
      date_.push_back(dates.at(panel.rows[r][0]));
    }
    label_.resize(panel.rows.size());
  }

  RowRange rows_of_dates(std::size_t first, std::size_t last) const {
    const auto at = [this](std::size_t date) {
      return static_cast<std::size_t>(std::lower_bound(date_.begin(), date_.end(), date) -
                                      date_.begin());
    };
    return {at(first), at(last)};
  }
  RowRange train(std::size_t i) const { return rows_of_dates(0, cut(i)); }
  RowRange test(std::size_t i) const { return rows_of_dates(cut(i), cut(i + 1)); }
  std::size_t cut(std::size_t i) const { return num_dates_ * (i + 1) / (kNumSplits + 1); }

  double r2(const FittedModel& model, RowRange rows, double* mse, double* mae) const {
    std::vector<double> predicted(rows.last - rows.first);
    model.predict(features_.view(), std::span(&rows, 1), predicted);
    const auto size = static_cast<double>(predicted.size());
    double squares = 0, sizes = 0, mean = 0, variance = 0;
    for (std::size_t k = 0; k < predicted.size(); ++k) {
      const double error = predicted[k] - label_[rows.first + k];
      squares += error * error / size;
      sizes += std::abs(error) / size;
      mean += label_[rows.first + k] / size;
    }
    for (std::size_t r = rows.first; r < rows.last; ++r) {
      variance += (label_[r] - mean) * (label_[r] - mean) / size;
    }
    if (mse != nullptr) *mse = squares;
    if (mae != nullptr) *mae = sizes;
    return 1 - squares / variance;
  }

  void compare(const ModelSpec& spec, const std::string& file, double relative) {
    const auto near = [relative](double found, double expected, const std::string& where) {
      EXPECT_NEAR(found, expected, std::max(1e-12, relative * std::abs(expected))) << where;
    };
    const GoldenTable predictions(folder_ / (file + "_predictions.csv"));
    const GoldenTable metrics(folder_ / (file + "_split_metrics.csv"));
    ASSERT_EQ(metrics.rows.size(), kNumSplits);
    Gram gram(names_.size());
    std::size_t at = 0, seen = 0;
    std::unique_ptr<LinearModel> model;
    for (std::size_t i = 0; i < kNumSplits; ++i) {
      const RowRange added{seen, train(i).last};
      gram.add({features_.view(), label_, {}, std::span(&added, 1)});
      seen = added.last;
      model = fit_linear(spec, gram);

      const RowRange rows = test(i);
      std::vector<double> predicted(rows.last - rows.first);
      model->predict(features_.view(), std::span(&rows, 1), predicted);
      for (std::size_t k = 0; k < predicted.size(); ++k, ++at) {
        const std::string where = fmt::format("{} split {} row {}", file, i, k);
        ASSERT_EQ(predictions.number(at, 2), static_cast<double>(i)) << where;
        ASSERT_EQ(predictions.number(at, 0), label_[rows.first + k]) << where;
        near(predicted[k], predictions.number(at, 1), where);
      }
      double mse = 0, mae = 0;
      const double test_r2 = r2(*model, rows, &mse, &mae);
      const double train_r2 = r2(*model, train(i), nullptr, nullptr);
      const double scores[] = {mse,
                               mae,
                               test_r2,
                               train_r2,
                               train_r2 - test_r2,
                               static_cast<double>(train(i).last),
                               static_cast<double>(predicted.size())};
      for (std::size_t k = 0; k < std::size(scores); ++k) {
        near(scores[k], metrics.number(i, k + 1), fmt::format("{} {}", metrics.names[k + 1], i));
      }
    }
    EXPECT_EQ(at, predictions.rows.size());

    const GoldenTable importance(folder_ / (file + "_feature_importance.csv"));
    EXPECT_EQ(importance.rows.size(), names_.size());
    const std::vector<Importance> all = model->importance();
    for (std::size_t r = 0; r < importance.rows.size(); ++r) {
      const auto found = std::find(names_.begin(), names_.end(), importance.rows[r][0]);
      ASSERT_NE(found, names_.end());
      const Importance& ours = all[static_cast<std::size_t>(found - names_.begin())];
      near(ours.value, importance.number(r, 1), *found);
      near(ours.raw_value, importance.number(r, 2), *found);
      EXPECT_EQ((ours.raw_value > 0) - (ours.raw_value < 0), importance.number(r, 3)) << *found;
    }
  }

  std::vector<std::string> names_;
  std::size_t num_dates_ = 0;
  Panel features_;
  std::vector<double> label_;
  std::vector<std::size_t> date_;
};

TEST_F(GoldenMl, PanelHas736DatesWithALabel) { EXPECT_EQ(num_dates_, 736u); }

TEST_F(GoldenMl, LinearAgrees) {
  compare({.name = "linear", .kind = ModelKind::kLinear}, "linear", 1e-9);
}

TEST_F(GoldenMl, RidgeAgrees) {
  compare({.name = "ridge_1", .kind = ModelKind::kRidge, .alpha = 1}, "ridge_a1", 1e-9);
}

TEST_F(GoldenMl, LassoAgrees) {
  compare({.name = "lasso", .kind = ModelKind::kLasso, .alpha = 0.001}, "lasso_a0p001_tight", 1e-6);
}

}  // namespace
}  // namespace tickwerk::model
