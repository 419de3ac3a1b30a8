// How well scores tell rows labelled 1 from rows labelled 0: ranking, probabilities, and what a
// threshold makes of them. Used by trainers and reports on out-of-fold predictions; knows no rows
// beyond those given. Probabilities by bins: calibration.h.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "tickwerk/panel/panel.h"

namespace tickwerk::model {

/// Scores and outcomes of the same rows. Every function below throws kInvalidArgument where the
/// lengths differ, a score is NaN or a label is neither 0 nor 1; those of probabilities also for a
/// score outside [0, 1].
struct ScoredRows {
  std::span<const double> score;
  std::span<const double> label;
};

/// Probability that a row labelled 1 scores above a row labelled 0, equal scores counting half:
/// area under the ROC curve. Empty with one class. Exact up to one division. Cost: a sort.
/// Source: Hanley and McNeil (1982), "The Meaning and Use of the Area under a Receiver Operating
/// Characteristic (ROC) Curve", Radiology 143(1).
std::optional<double> roc_auc(const ScoredRows& rows);

/// Standard error of roc_auc() for independent rows. Labels that overlap are not: with a mean
/// uniqueness u (uniqueness.h) the true error is about this over sqrt(u), and more where symbols
/// move together. Empty with fewer than two rows of either class. Cost: a sort. Source: DeLong,
/// DeLong and Clarke-Pearson (1988), "Comparing the Areas under Two or More Correlated Receiver
/// Operating Characteristic Curves: A Nonparametric Approach", Biometrics 44(3).
std::optional<double> roc_auc_error(const ScoredRows& rows);

/// Sum over thresholds of (recall - recall before) * precision, from the highest score down, equal
/// scores passing together: area under the precision-recall curve as scikit-learn's
/// average_precision_score has it, without interpolation. Empty with one class. Cost: a sort.
std::optional<double> average_precision(const ScoredRows& rows);

/// Mean of (probability - label)^2. Empty without rows. Source: Brier (1950), "Verification of
/// Forecasts Expressed in Terms of Probability", Monthly Weather Review 78(1).
std::optional<double> brier_score(const ScoredRows& rows);

/// Mean of -log(probability of what happened), each probability clipped to [e, 1 - e] with e =
/// 2^-52 as scikit-learn's log_loss does. Empty without rows.
std::optional<double> log_loss(const ScoredRows& rows);

/// The same of several classes. probability: [class, row], each row of numbers in [0, 1] that sum
/// to 1 within 1e-6 (float predictions do); label: 0 to number of classes - 1. Throws
/// kInvalidArgument where that does not hold. Empty without rows.
std::optional<double> multi_class_log_loss(PanelView probability, std::span<const double> label);

/// What taking the rows with score >= threshold amounts to.
struct AtThreshold {
  double threshold = 0;
  std::size_t true_positives = 0;
  std::size_t false_positives = 0;
  std::size_t true_negatives = 0;
  std::size_t false_negatives = 0;
  std::optional<double> accuracy = {};   // empty without rows
  std::optional<double> precision = {};  // empty where no row is taken
  std::optional<double> recall = {};     // empty without rows labelled 1
  std::optional<double> taken = {};      // share of all rows; empty without rows
  std::optional<double> lift = {};       // precision / share of label 1; empty where either is
};
AtThreshold at_threshold(const ScoredRows& rows, double threshold);

/// All of the above, with one sort.
struct ClassificationScores {
  std::size_t num_rows = 0;
  std::optional<double> base_rate = {};  // share of label 1
  std::optional<double> roc_auc = {};
  std::optional<double> roc_auc_error = {};
  std::optional<double> average_precision = {};
  std::optional<double> brier = {};
  std::optional<double> log_loss = {};
  AtThreshold at_threshold = {};
};
ClassificationScores classification_scores(const ScoredRows& rows, double threshold);

}  // namespace tickwerk::model
