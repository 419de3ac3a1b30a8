// A meta-model's report made by hand for the tests of ml_report.h: figures that can be checked by
// reading. Used by tests only.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tickwerk/report/ml_report.h"

namespace tickwerk::report {

/// 100 tested rows a fold: 30 of 40 taken and 20 of 60 left are of label 1.
inline model::ClassificationScores sample_scores(std::size_t num_folds, double roc_auc) {
  model::ClassificationScores scores;
  scores.num_rows = 100 * num_folds;
  scores.base_rate = 0.5;
  scores.roc_auc = roc_auc;
  scores.roc_auc_error = 0.02;
  scores.average_precision = 0.5625;
  scores.brier = 0.24;
  scores.log_loss = 0.6875;
  scores.at_threshold = {.threshold = 0.5,
                         .true_positives = 30 * num_folds,
                         .false_positives = 10 * num_folds,
                         .true_negatives = 40 * num_folds,
                         .false_negatives = 20 * num_folds};
  scores.at_threshold.taken = 0.4;
  scores.at_threshold.precision = 0.75;
  scores.at_threshold.recall = 0.6;
  scores.at_threshold.accuracy = 0.7;
  scores.at_threshold.lift = 1.5;
  return scores;
}

/// Twelve folds of a walk-forward, two features, labels that overlap by 1 in 4.
class MlSample {
 public:
  static constexpr std::size_t kNumFolds = 12;
  static constexpr std::uint32_t kBarsOfFold = 5;

  MlSample() {
    for (std::uint32_t t = 0; t <= kBarsOfFold * (kNumFolds + 1); ++t) {
      times.push_back(midnight(Date{make_date(2020, 1, 1).days + static_cast<std::int32_t>(t)}));
    }
    for (std::uint32_t k = 0; k < kNumFolds; ++k) add_fold(k);
    model::MetaScores& scores = model.scores;
    scores.pooled = sample_scores(kNumFolds, 0.5625);
    scores.roc_auc = {0.5625, 0.02};
    scores.average_precision = {0.5625, 0.03125};
    scores.brier = {0.24, 0.015625};
    scores.log_loss = {0.6875, 0.0625};
    scores.mean_uniqueness = 0.25;
    scores.mean_return = 0.0025;
    scores.mean_return_taken = 0.0125;
    scores.reliability = bins({{0.25, 0.375}, {0.75, 0.625}});
    scores.calibrated = bins({{0.375, 0.4375}, {0.625, 0.5625}});
    scores.calibrated_brier = 0.2375;
    scores.importance = {2, 6};
    scores.permutation = {0.03, -0.01};
    scores.contribution = {0.75, 0.25};
    scores.curve = {{10, 0.6875, 0.6875}, {20, 0.65625, 0.6875}};
    fill_notes();
    fill_summary();
  }

  MlTrainingReport report() const {
    MlTrainingReport made{.model = model, .notes = notes, .summary = summary, .times = times};
    made.audit = audit;
    made.model_file = "models/meta/trend_meta_model.ubj";
    made.data_source = "prices.csv";
    made.program = "tickwerk test";
    made.settings = {{"horizon", "10"}};
    return made;
  }

  model::MetaModel model;
  model::MetaModelNotes notes;
  model::DatasetSummary summary;
  std::vector<Timestamp> times;
  std::vector<model::AuditLine> audit = {{.check = "rows", .text = "keys once and in order"}};

 private:
  void add_fold(std::uint32_t k) {
    const std::uint32_t first = kBarsOfFold * (k + 1);
    model.splits.push_back({.name = "window " + std::to_string(k + 1) + " of 12",
                            .train = {{0, 100 * (k + 1)}},
                            .test = {{100 * (k + 1), 100 * (k + 2)}},
                            .test_bars = {{first, first + kBarsOfFold - 1}},
                            .num_purged = 7,
                            .num_embargoed = 3});
    model::Fold fold;
    fold.split = k;
    fold.num_train = 100 * (k + 1);
    fold.num_test = 100;
    fold.train_loss = 0.65625;
    model.folds.push_back(std::move(fold));
    model.scores.folds.push_back({sample_scores(1, 0.5625), 0.0025, 0.0125});
  }

  static model::Reliability bins(const std::vector<std::pair<double, double>>& said_and_true) {
    model::Reliability made;
    for (int b = 0; b < 10; ++b) made.bins.push_back({.lower = b / 10.0, .upper = (b + 1) / 10.0});
    for (const auto& [said, came] : said_and_true) {
      model::ReliabilityBin& bin = made.bins[static_cast<std::size_t>(said * 10)];
      bin.num_rows = 600;
      bin.mean_probability = said;
      bin.share_of_ones = came;
    }
    made.expected_calibration_error = 0.125;
    return made;
  }

  void fill_notes() {
    notes.strategy = "trend";
    notes.features = {{"told", "ema(close, 20)", {.lookback = 0, .all_history = true}},
                      {"noise", "rsi(close, 14)", {.lookback = 14}}};
    notes.label_name = "success_10";
    notes.label_text = "1 where r >= 0.02";
    notes.label_reach = 10;
    notes.dataset_fingerprint = "0123abcd";
    notes.fit_begin = times.front();
    notes.fit_end = times.back();
    notes.config.model.name = "gradient_boosting";
    notes.config.splits.num_splits = kNumFolds;
  }

  void fill_summary() {
    summary.num_rows = 1300;
    summary.num_symbols = 4;
    summary.num_bars = 65;
    summary.num_complete = 1250;
    summary.num_candidates = 1310;
    summary.left_out.num_unfinished = 10;
    summary.classes = {{"no success", 650, -0.01}, {"success", 650, 0.03}};
    summary.years = {{2020, 1300, {650, 650}, 0.0025}};
    summary.features = {{"told", 0.125, 0}, {"noise", 0, 0}};
  }
};

}  // namespace tickwerk::report
