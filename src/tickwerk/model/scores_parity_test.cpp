// Scores of committed rows against what scikit-learn and SciPy give for them, which
// tests/parity/model_scores_parity.py wrote down. ctest says where they lie in TICKWERK_GOLDEN.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "tickwerk/model/calibration.h"
#include "tickwerk/model/classification_scores.h"
#include "tickwerk/model/prediction_scores.h"
#include "tickwerk/model/regression_scores.h"

namespace tickwerk::model {
namespace {

class ScoresParity : public testing::Test {
 protected:
  void SetUp() override {
    const char* folder = std::getenv("TICKWERK_GOLDEN");
    if (folder == nullptr) {
      GTEST_SKIP() << "TICKWERK_GOLDEN does not name the folder tests/golden";
    }
    std::ifstream file(std::string(folder) + "/model_scores.txt");
    for (std::string line; std::getline(file, line);) read(line);
    ASSERT_EQ(score_.size(), 240u);
    ASSERT_EQ(class_label_.size(), 40u);
    ASSERT_EQ(isotonic_.size(), 85u);
  }

  void expect_pin(const std::string& name, std::optional<double> found) const {
    ASSERT_TRUE(found && pins_.contains(name)) << name;
    EXPECT_NEAR(*found, pins_.at(name), 1e-12 * std::max(1.0, std::abs(pins_.at(name)))) << name;
  }
  ScoredRows rows() const { return {score_, label_}; }

  std::vector<double> score_, label_, prediction_, outcome_, class_label_;
  std::vector<std::vector<double>> classes_, bins_, isotonic_;
  std::map<std::string, double> pins_;

 private:
  void read(const std::string& line) {
    std::istringstream words(line);
    std::string kind;
    words >> kind;
    const auto numbers = [&words] {
      std::vector<double> all;
      for (double value; words >> value;) all.push_back(value);
      return all;
    };
    if (kind == "row") {
      const std::vector<double> row = numbers();
      score_.push_back(row.at(0));
      label_.push_back(row.at(1));
      prediction_.push_back(row.at(2));
      outcome_.push_back(row.at(3));
    } else if (kind == "class") {
      classes_.push_back(numbers());
      class_label_.push_back(classes_.back().at(3));
    } else if (kind == "bin") {
      bins_.push_back(numbers());
    } else if (kind == "isotonic") {
      isotonic_.push_back(numbers());
    } else if (kind == "pin") {
      std::string name;
      words >> name;
      words >> pins_[name];
    }
  }
};

TEST_F(ScoresParity, ClassifiersAreScoredAsByScikitLearn) {
  const ClassificationScores scores = classification_scores(rows(), 0.5);
  expect_pin("roc_auc", scores.roc_auc);
  expect_pin("roc_auc_error", scores.roc_auc_error);
  expect_pin("average_precision", scores.average_precision);
  expect_pin("brier", scores.brier);
  expect_pin("log_loss", scores.log_loss);
  expect_pin("accuracy", scores.at_threshold.accuracy);
  expect_pin("precision", scores.at_threshold.precision);
  expect_pin("recall", scores.at_threshold.recall);
  Panel probability(3, classes_.size());
  for (std::size_t r = 0; r < classes_.size(); ++r) {
    for (std::size_t c = 0; c < 3; ++c) probability(c, r) = classes_[r][c];
  }
  expect_pin("multi_class_log_loss", multi_class_log_loss(probability.view(), class_label_));
}

TEST_F(ScoresParity, PredictedValuesAreScoredAsByScikitLearnAndScipy) {
  const RegressionScores scores = regression_scores(prediction_, outcome_);
  expect_pin("mse", scores.mse);
  expect_pin("mae", scores.mae);
  expect_pin("r2", scores.r2);
  Panel prediction(1, prediction_.size()), outcome(1, outcome_.size());
  std::copy(prediction_.begin(), prediction_.end(), prediction.row(0));
  std::copy(outcome_.begin(), outcome_.end(), outcome.row(0));
  const PredictionScores day = prediction_scores({prediction.view(), outcome.view()}, {});
  expect_pin("pearson", day.ic[0]);
  expect_pin("spearman", day.rank_ic[0]);
}

TEST_F(ScoresParity, BinsAreThoseOfScikitLearn) {
  std::size_t num_filled = 0;
  for (const ReliabilityBin& bin : reliability(rows()).bins) {
    if (bin.num_rows == 0) continue;
    ASSERT_LT(num_filled, bins_.size());
    EXPECT_NEAR(*bin.mean_probability, bins_[num_filled][0], 1e-12);
    EXPECT_NEAR(*bin.share_of_ones, bins_[num_filled][1], 1e-12);
    ++num_filled;
  }
  EXPECT_EQ(num_filled, bins_.size());
}

TEST_F(ScoresParity, IsotonicCurvesAreThoseOfScikitLearn) {
  std::vector<double> weights;
  for (std::size_t r = 0; r < score_.size(); ++r) weights.push_back(1 + static_cast<double>(r % 3));
  const IsotonicCurve plain = IsotonicCurve::fit(rows());
  const IsotonicCurve weighted = IsotonicCurve::fit(rows(), weights);
  for (const std::vector<double>& line : isotonic_) {
    EXPECT_NEAR(plain(line.at(0)), line.at(1), 1e-12) << line.at(0);
    EXPECT_NEAR(weighted(line.at(0)), line.at(2), 1e-12) << line.at(0);
  }
}

}  // namespace
}  // namespace tickwerk::model
