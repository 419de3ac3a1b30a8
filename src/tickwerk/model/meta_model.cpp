#include "tickwerk/model/meta_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "tickwerk/model/uniqueness.h"
#include "tickwerk/risk/moments.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::model {
namespace {

void require_two_classes(const Dataset& dataset) {
  if (dataset.label_kind != LabelKind::kBinary) {
    throw Error(
        Code::kInvalidArgument,
        fmt::format("a meta-model learns a label of 0 or 1, success or outperformance: {} is none",
                    dataset.label_name));
  }
  const auto ones = std::count(dataset.label.begin(), dataset.label.end(), 1.0);
  const auto num_ones = static_cast<std::size_t>(ones);
  if (num_ones > 0 && num_ones < dataset.num_rows()) return;
  throw Error(Code::kInvalidArgument,
              fmt::format("a label must have two classes: all {} rows of {} are {}",
                          dataset.num_rows(), dataset.label_name, num_ones > 0 ? 1 : 0));
}

std::vector<double> uniqueness_of(const Dataset& dataset) {
  return average_uniqueness({dataset.bar, dataset.label_end, dataset.symbol});
}

OverFolds over_folds(const std::vector<FoldScores>& folds,
                     const std::function<std::optional<double>(const FoldScores&)>& figure) {
  std::vector<double> values;
  for (const FoldScores& fold : folds) {
    if (const std::optional<double> value = figure(fold)) values.push_back(*value);
  }
  if (values.empty()) return {};
  return {risk::mean(values), risk::sample_deviation(values)};
}

/// Rows that were tested: what was said, and what happened.
struct Tested {
  std::vector<double> predicted;
  std::vector<double> label;
  std::vector<double> realized;

  ScoredRows rows() const { return {predicted, label}; }
};

Tested tested_by(const Dataset& dataset, const Split& split, const Fold& fold) {
  return {fold.predicted, values_of(dataset.label, split.test),
          values_of(dataset.realized_return, split.test)};
}

Tested tested_at_all(const Dataset& dataset, std::span<const double> out_of_fold) {
  Tested tested;
  for (std::size_t r = 0; r < out_of_fold.size(); ++r) {
    if (std::isnan(out_of_fold[r])) continue;
    tested.predicted.push_back(out_of_fold[r]);
    tested.label.push_back(dataset.label[r]);
    tested.realized.push_back(dataset.realized_return[r]);
  }
  return tested;
}

/// Mean realized return of the rows with at least so much confidence.
std::optional<double> mean_return(const Tested& tested, double min_confidence) {
  double sum = 0;
  std::size_t count = 0;
  for (std::size_t r = 0; r < tested.predicted.size(); ++r) {
    if (!(tested.predicted[r] >= min_confidence) || std::isnan(tested.realized[r])) continue;
    sum += tested.realized[r];
    ++count;
  }
  if (count == 0) return {};
  return sum / static_cast<double>(count);
}

/// Each fold's predictions, corrected by a curve that was fitted on the other folds.
Tested calibrate(const std::vector<Tested>& folds) {
  Tested all;
  for (std::size_t k = 0; k < folds.size(); ++k) {
    Tested others;
    for (std::size_t other = 0; other < folds.size(); ++other) {
      if (other == k) continue;
      const Tested& from = folds[other];
      others.predicted.insert(others.predicted.end(), from.predicted.begin(), from.predicted.end());
      others.label.insert(others.label.end(), from.label.begin(), from.label.end());
    }
    if (others.predicted.empty()) continue;
    const IsotonicCurve curve = IsotonicCurve::fit(others.rows());
    for (const double score : folds[k].predicted) all.predicted.push_back(curve(score));
    all.label.insert(all.label.end(), folds[k].label.begin(), folds[k].label.end());
  }
  return all;
}

std::vector<double> mean_of(const std::vector<Fold>& folds,
                            const std::function<const std::vector<double>&(const Fold&)>& values) {
  std::vector<double> means;
  for (const Fold& fold : folds) {
    const std::vector<double>& of_fold = values(fold);
    means.resize(of_fold.size(), 0.0);
    for (std::size_t f = 0; f < means.size(); ++f) {
      means[f] += of_fold[f] / static_cast<double>(folds.size());
    }
  }
  return means;
}

std::vector<CurvePoint> mean_curve(const std::vector<Fold>& folds) {
  std::vector<CurvePoint> means;
  const auto count = static_cast<double>(folds.size());
  for (const Fold& fold : folds) {
    means.resize(fold.explanation.curve.size());
    for (std::size_t k = 0; k < means.size(); ++k) {
      const CurvePoint& point = fold.explanation.curve[k];
      means[k].num_trees = point.num_trees;
      means[k].train_loss += point.train_loss / count;
      means[k].test_loss += point.test_loss / count;
    }
  }
  return means;
}

/// How unique each label of the rows is among them alone, in units of the mean, so that parameters
/// that are sums of weights keep their meaning.
std::vector<double> uniqueness_weights(const Dataset& dataset, std::span<const RowRange> rows) {
  const std::vector<std::uint32_t> bar = values_of(dataset.bar, rows);
  const std::vector<std::uint32_t> label_end = values_of(dataset.label_end, rows);
  const std::vector<std::uint32_t> symbol = values_of(dataset.symbol, rows);
  const std::vector<double> uniqueness = average_uniqueness({bar, label_end, symbol});
  const double mean = risk::mean(uniqueness).value();
  std::vector<double> weights(dataset.num_rows(), 0.0);
  auto next = uniqueness.begin();
  for (const RowRange& range : rows) {
    for (std::size_t r = range.first; r < range.last; ++r) weights[r] = *next++ / mean;
  }
  return weights;
}

}  // namespace

bool is_usable_in_backtest(SplitScheme scheme) noexcept {
  return scheme == SplitScheme::kWalkForward;
}

MetaModel validate_meta_model(const MetaModelConfig& config,
                              const Dataset& dataset,
                              FoldKeeper* keeper,
                              const ValidationProgress& progress) {
  require_two_classes(dataset);
  MetaModel model;
  model.splits = make_splits(config.splits, windows_of(dataset));
  const ValidationConfig validation{{config.model}, Target::kBinary, config.explain};
  ValidationInputs inputs{.features = dataset.features.view(),
                          .target = dataset.label,
                          .weights_of = {},
                          .splits = model.splits};
  if (config.weights == RowWeights::kUniqueness) {
    inputs.weights_of = [&](std::span<const RowRange> train) {
      return uniqueness_weights(dataset, train);
    };
  }
  model.folds = std::move(validate(validation, inputs, keeper, progress).front());
  model.out_of_fold = out_of_fold(dataset.num_rows(), model.splits, model.folds);
  return model;
}

MetaModel train_meta_model(const MetaModelConfig& config,
                           const Dataset& dataset,
                           FoldKeeper* keeper,
                           const ValidationProgress& progress) {
  require_two_classes(dataset);
  const auto num_splits = static_cast<double>(config.splits.num_splits);
  const double folds_share = num_splits / (num_splits + 1);
  const auto of_folds = [&](double done, const std::string& what) {
    if (progress) progress(done * folds_share, what);
  };
  MetaModel model = validate_meta_model(config, dataset, keeper, of_folds);
  const RowRange all{0, dataset.num_rows()};
  std::vector<double> weights;
  if (config.weights == RowWeights::kUniqueness) weights = uniqueness_weights(dataset, {&all, 1});
  model.final_fit = fit_boosting(
      config.model, Target::kBinary,
      {dataset.features.view(), dataset.label, weights, {&all, 1}, dataset.feature_names},
      [&](std::size_t done, std::size_t of) {
        const double part = static_cast<double>(done) / static_cast<double>(of);
        if (progress) {
          progress(folds_share + (1 - folds_share) * part,
                   fmt::format("{}, all rows", config.model.name));
        }
      });
  model.fit_end = *std::max_element(dataset.label_end.begin(), dataset.label_end.end());
  return model;
}

MetaScores score_meta_model(const MetaModelConfig& config,
                            const Dataset& dataset,
                            const MetaModel& model) {
  TW_ZONE("score_meta_model");
  MetaScores scores;
  std::vector<Tested> by_fold;
  for (const Fold& fold : model.folds) {
    const Tested tested = tested_by(dataset, model.splits[fold.split], fold);
    scores.folds.push_back({classification_scores(tested.rows(), config.min_confidence),
                            mean_return(tested, 0), mean_return(tested, config.min_confidence)});
    by_fold.push_back(tested);
  }
  scores.roc_auc = over_folds(scores.folds, [](const auto& fold) { return fold.scores.roc_auc; });
  scores.average_precision =
      over_folds(scores.folds, [](const auto& fold) { return fold.scores.average_precision; });
  scores.brier = over_folds(scores.folds, [](const auto& fold) { return fold.scores.brier; });
  scores.log_loss = over_folds(scores.folds, [](const auto& fold) { return fold.scores.log_loss; });

  const Tested all = tested_at_all(dataset, model.out_of_fold);
  scores.pooled = classification_scores(all.rows(), config.min_confidence);
  scores.mean_return = mean_return(all, 0);
  scores.mean_return_taken = mean_return(all, config.min_confidence);
  scores.reliability = reliability(all.rows());
  const Tested calibrated = calibrate(by_fold);
  scores.calibrated = reliability(calibrated.rows());
  scores.calibrated_brier = brier_score(calibrated.rows());

  const std::vector<double> uniqueness = uniqueness_of(dataset);
  double sum = 0;
  for (std::size_t r = 0; r < uniqueness.size(); ++r) {
    if (!std::isnan(model.out_of_fold[r])) sum += uniqueness[r];
  }
  scores.mean_uniqueness = sum / static_cast<double>(std::max<std::size_t>(all.label.size(), 1));

  using Values = const std::vector<double>&;
  scores.importance =
      mean_of(model.folds, [](const Fold& fold) -> Values { return fold.importance; });
  scores.permutation =
      mean_of(model.folds, [](const Fold& fold) -> Values { return fold.explanation.permutation; });
  scores.contribution = mean_of(
      model.folds, [](const Fold& fold) -> Values { return fold.explanation.contribution; });
  scores.curve = mean_curve(model.folds);
  return scores;
}

}  // namespace tickwerk::model
