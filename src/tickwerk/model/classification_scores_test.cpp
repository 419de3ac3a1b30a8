#include "tickwerk/model/classification_scores.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tickwerk/base/error.h"
#include "tickwerk/base/random.h"

namespace tickwerk::model {
namespace {

struct Rows {
  std::vector<double> score;
  std::vector<double> label;
  ScoredRows view() const { return {score, label}; }
};

/// Scores on a grid, so that many are equal.
Rows random_rows(std::uint64_t seed, std::size_t size) {
  RandomSequence random({seed, 7});
  Rows rows;
  for (std::size_t r = 0; r < size; ++r) {
    rows.label.push_back(random.uniform() < 0.4 ? 1 : 0);
    rows.score.push_back(static_cast<double>(random.below(20)) / 25 + 0.1 * rows.label.back());
  }
  return rows;
}

template <class Call>
std::string refusal(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kInvalidArgument);
    return error.what();
  }
  return "accepted";
}

TEST(RocAuc, IsTheShareOfPairsInOrder) {
  // Pairs of (1, 0): .35 beats .1 only, .8 beats both .1 and .4: 3 of 4.
  EXPECT_DOUBLE_EQ(*roc_auc(Rows{{0.1, 0.4, 0.35, 0.8}, {0, 0, 1, 1}}.view()), 0.75);
  // An equal pair counts half: (0.5 + 1) / 2.
  EXPECT_DOUBLE_EQ(*roc_auc(Rows{{0.4, 0.2, 0.4}, {0, 0, 1}}.view()), 0.75);
  EXPECT_DOUBLE_EQ(*roc_auc(Rows{{1, 1, 1, 1}, {0, 1, 0, 1}}.view()), 0.5);
  EXPECT_DOUBLE_EQ(*roc_auc(Rows{{-3, 9}, {1, 0}}.view()), 0);
}

TEST(RocAuc, EqualsTheCountOfAllPairs) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Rows rows = random_rows(seed, 60);
    double won = 0, pairs = 0;
    for (std::size_t i = 0; i < 60; ++i) {
      for (std::size_t j = 0; j < 60; ++j) {
        if (rows.label[i] != 1 || rows.label[j] != 0) continue;
        ++pairs;
        won += rows.score[i] > rows.score[j] ? 1 : rows.score[i] == rows.score[j] ? 0.5 : 0;
      }
    }
    EXPECT_DOUBLE_EQ(*roc_auc(rows.view()), won / pairs);
  }
}

TEST(RocAuc, IsEmptyWithOneClass) {
  EXPECT_FALSE(roc_auc(Rows{{0.1, 0.2}, {1, 1}}.view()));
  EXPECT_FALSE(roc_auc(Rows{{0.1, 0.2}, {0, 0}}.view()));
  EXPECT_FALSE(roc_auc(Rows{}.view()));
}

TEST(RocAucError, IsThatOfTheDefinition) {
  // Positives beat 1/2 and 2/2 of the negatives, whose scores are beaten by 2/2 and 1/2 of the
  // positives: both variances are 2 * (1/4)^2 / 1 = 1/8, each over 2 rows.
  EXPECT_DOUBLE_EQ(*roc_auc_error(Rows{{0.1, 0.4, 0.35, 0.8}, {0, 0, 1, 1}}.view()),
                   std::sqrt(0.125 / 2 + 0.125 / 2));
  EXPECT_FALSE(roc_auc_error(Rows{{0.1, 0.4, 0.35}, {0, 0, 1}}.view()));
  EXPECT_DOUBLE_EQ(*roc_auc_error(Rows{{1, 2, 3, 4}, {0, 0, 1, 1}}.view()), 0);
}

TEST(RocAucError, IsTheSpreadOfTheAreaOverSamples) {
  double mean = 0, square = 0, error = 0;
  constexpr int kSamples = 2000;
  for (int sample = 0; sample < kSamples; ++sample) {
    const Rows rows = random_rows(static_cast<std::uint64_t>(sample), 150);
    const double area = *roc_auc(rows.view());
    mean += area / kSamples;
    square += area * area / kSamples;
    error += *roc_auc_error(rows.view()) / kSamples;
  }
  // The spread of 2000 samples is itself known to 1 / sqrt(4000) = 1.6 %.
  EXPECT_NEAR(error / std::sqrt(square - mean * mean), 1, 0.05);
}

TEST(AveragePrecision, SumsPrecisionOverTheRecallGained) {
  // From the top: .8 (1): 1/1 for half the recall; .4 (0); .35 (1): 2/3 for the other half.
  EXPECT_DOUBLE_EQ(*average_precision(Rows{{0.1, 0.4, 0.35, 0.8}, {0, 0, 1, 1}}.view()),
                   0.5 * 1 + 0.5 * 2 / 3);
  // Equal scores pass together, whatever their order: 1/2 for all the recall there is.
  EXPECT_DOUBLE_EQ(*average_precision(Rows{{0.4, 0.2, 0.4}, {0, 0, 1}}.view()), 0.5);
  EXPECT_FALSE(average_precision(Rows{{0.4, 0.2}, {0, 0}}.view()));
  EXPECT_FALSE(average_precision(Rows{{0.4, 0.2}, {1, 1}}.view()));
}

TEST(BrierScore, IsTheMeanSquareOfTheMiss) {
  EXPECT_DOUBLE_EQ(*brier_score(Rows{{0.5, 0.75, 1}, {0, 1, 0}}.view()), (0.25 + 0.0625 + 1) / 3);
  EXPECT_FALSE(brier_score(Rows{}.view()));
}

TEST(LogLoss, IsMinusTheLogOfWhatHappened) {
  EXPECT_DOUBLE_EQ(*log_loss(Rows{{0.5, 0.75}, {0, 1}}.view()),
                   -(std::log(0.5) + std::log(0.75)) / 2);
}

TEST(LogLoss, OfCertaintyThatWasWrongIsThatOfTheClip) {
  EXPECT_DOUBLE_EQ(*log_loss(Rows{{0}, {1}}.view()), 52 * std::log(2.0));
  EXPECT_NEAR(*log_loss(Rows{{1}, {1}}.view()), 0x1p-52, 1e-20);
}

TEST(MultiClassLogLoss, ReadsTheProbabilityOfTheClass) {
  Panel probability(3, 2);
  const double first[] = {0.2, 0.3, 0.5}, second[] = {0.25, 0.25, 0.5};
  for (std::size_t c = 0; c < 3; ++c) {
    probability(c, 0) = first[c];
    probability(c, 1) = second[c];
  }
  const std::vector<double> label{1, 2};
  EXPECT_DOUBLE_EQ(*multi_class_log_loss(probability.view(), label),
                   -(std::log(0.3) + std::log(0.5)) / 2);
  const std::vector<double> unknown{1, 3};
  EXPECT_EQ(refusal([&] { multi_class_log_loss(probability.view(), unknown); }),
            "a label must be the number of one of 3 classes: 3 in row 1");
  probability(0, 1) = 0.5;
  EXPECT_EQ(refusal([&] { multi_class_log_loss(probability.view(), label); }),
            "probabilities of the classes must sum to 1: 1.25 in row 1");
}

TEST(AtThreshold, TakesTheThresholdItself) {
  const AtThreshold at = at_threshold(Rows{{0.5, 0.6, 0.7, 0.4, 0.3}, {1, 0, 1, 1, 0}}.view(), 0.5);
  EXPECT_EQ(at.true_positives, 2u);
  EXPECT_EQ(at.false_positives, 1u);
  EXPECT_EQ(at.false_negatives, 1u);
  EXPECT_EQ(at.true_negatives, 1u);
  EXPECT_DOUBLE_EQ(*at.accuracy, 3.0 / 5);
  EXPECT_DOUBLE_EQ(*at.precision, 2.0 / 3);
  EXPECT_DOUBLE_EQ(*at.recall, 2.0 / 3);
  EXPECT_DOUBLE_EQ(*at.taken, 3.0 / 5);
  EXPECT_DOUBLE_EQ(*at.lift, (2.0 / 3) / (3.0 / 5));
}

TEST(AtThreshold, HasNoPrecisionWhereNothingIsTaken) {
  const AtThreshold at = at_threshold(Rows{{0.1, 0.2}, {0, 1}}.view(), 0.5);
  EXPECT_FALSE(at.precision);
  EXPECT_FALSE(at.lift);
  EXPECT_EQ(*at.recall, 0);
}

TEST(ClassificationScores, AreThoseOfTheFunctions) {
  const Rows rows = random_rows(3, 200);
  const ClassificationScores scores = classification_scores(rows.view(), 0.4);
  EXPECT_EQ(scores.num_rows, 200u);
  EXPECT_EQ(scores.roc_auc, roc_auc(rows.view()));
  EXPECT_EQ(scores.roc_auc_error, roc_auc_error(rows.view()));
  EXPECT_EQ(scores.average_precision, average_precision(rows.view()));
  EXPECT_EQ(scores.brier, brier_score(rows.view()));
  EXPECT_EQ(scores.log_loss, log_loss(rows.view()));
  EXPECT_EQ(scores.at_threshold.lift, at_threshold(rows.view(), 0.4).lift);
}

TEST(ClassificationScores, OfOneClassAreEmptyWhereTheyNeedTwo) {
  const ClassificationScores scores = classification_scores(Rows{{0.25, 0.5}, {1, 1}}.view(), 0.5);
  EXPECT_FALSE(scores.roc_auc);
  EXPECT_FALSE(scores.average_precision);
  EXPECT_DOUBLE_EQ(*scores.brier, (0.5625 + 0.25) / 2);
  EXPECT_DOUBLE_EQ(*scores.at_threshold.lift, 1);
  EXPECT_DOUBLE_EQ(*scores.base_rate, 1);
}

TEST(ClassificationScores, RefuseWhatIsNoScore) {
  EXPECT_EQ(refusal([] { roc_auc(Rows{{0.1, kNaN}, {0, 1}}.view()); }),
            "a score must be a number: nan in row 1");
  EXPECT_EQ(refusal([] { roc_auc(Rows{{0.1, 0.2}, {0, 0.5}}.view()); }),
            "a label must be 0 or 1: 0.5 in row 1");
  EXPECT_EQ(refusal([] { brier_score(Rows{{1.5}, {1}}.view()); }),
            "a probability must be in [0, 1]: 1.5 in row 0");
  EXPECT_EQ(refusal([] { log_loss(Rows{{0.5, 0.5}, {1}}.view()); }),
            "there must be a label for each score: 1 for 2");
}

}  // namespace
}  // namespace tickwerk::model
