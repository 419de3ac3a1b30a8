#include "tickwerk/model/explain.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "tickwerk/base/random.h"
#include "tickwerk/model/boosting.h"
#include "tickwerk/model/classification_scores.h"
#include "tickwerk/model/regression_scores.h"
#include "tickwerk/model/validation.h"

namespace tickwerk::model {
namespace {

/// The test rows as a matrix of their own, whose rows may be changed.
Panel copy_rows(PanelView features, std::span<const RowRange> rows) {
  Panel copy(features.num_rows, num_rows(rows));
  for (std::size_t f = 0; f < features.num_rows; ++f) {
    double* to = copy.row(f);
    for (const RowRange& range : rows) {
      to = std::copy(features.row(f) + range.first, features.row(f) + range.last, to);
    }
  }
  return copy;
}

/// Fisher and Yates.
void shuffle(std::vector<std::size_t>& order, RandomSequence& random) {
  for (std::size_t i = order.size(); i > 1; --i) {
    std::swap(order[i - 1], order[random.below(i)]);
  }
}

std::vector<double> permutation_importance(const FittedModel& model,
                                           Target target,
                                           Panel test,
                                           std::span<const double> outcome,
                                           std::uint64_t seed) {
  const std::size_t size = outcome.size();
  const RowRange all{0, size};
  std::vector<double> predicted(size);
  model.predict(test.view(), {&all, 1}, predicted);
  const double as_it_is = loss_of(target, predicted, outcome);
  std::vector<double> importance, values(size);
  std::vector<std::size_t> order(size);
  for (std::size_t f = 0; f < test.num_rows(); ++f) {
    std::iota(order.begin(), order.end(), std::size_t{0});
    RandomSequence random({seed, f});
    shuffle(order, random);
    double* const row = test.row(f);
    std::copy_n(row, size, values.begin());
    for (std::size_t k = 0; k < size; ++k) row[k] = values[order[k]];
    model.predict(test.view(), {&all, 1}, predicted);
    importance.push_back(loss_of(target, predicted, outcome) - as_it_is);
    std::copy_n(values.begin(), size, row);
  }
  return importance;
}

/// Mean size of what each feature adds to the predictions of some of the rows.
std::vector<double> mean_contributions(const BoostingModel& model,
                                       const Panel& test,
                                       std::size_t max_rows) {
  const std::size_t num_test = test.num_symbols();
  const std::size_t count = std::min(max_rows, num_test);
  RowRanges some;
  for (std::size_t k = 0; k < count; ++k) {
    const std::size_t row = k * num_test / count;
    some.push_back({row, row + 1});
  }
  const Panel parts = model.predict_contributions(test.view(), some);
  std::vector<double> means(model.num_features(), 0.0);
  for (std::size_t f = 0; f < means.size(); ++f) {
    for (std::size_t k = 0; k < count; ++k) means[f] += std::abs(parts(f, k));
    means[f] /= static_cast<double>(count);
  }
  return means;
}

std::vector<CurvePoint> learning_curve(const BoostingModel& model,
                                       Target target,
                                       const TrainingRows& training,
                                       std::span<const RowRange> test,
                                       std::size_t num_points) {
  std::vector<CurvePoint> curve;
  const std::size_t num_rounds = model.num_trees() / model.trees_per_round();
  if (num_rounds < 2) return curve;
  const auto loss = [&](std::size_t num_trees, std::span<const RowRange> rows) {
    std::vector<double> predicted(num_rows(rows));
    model.predict_by_first(num_trees, training.features, rows, predicted);
    return loss_of(target, predicted, values_of(training.target, rows));
  };
  const std::size_t count = std::min(num_points, num_rounds);
  for (std::size_t k = 1; k <= count; ++k) {
    const std::size_t num_trees = num_rounds * k / count * model.trees_per_round();
    curve.push_back({num_trees, loss(num_trees, training.rows), loss(num_trees, test)});
  }
  return curve;
}

}  // namespace

double loss_of(Target target, std::span<const double> predicted, std::span<const double> outcome) {
  if (target == Target::kBinary) return log_loss({predicted, outcome}).value();
  return regression_scores(predicted, outcome).mse.value();
}

Explanation explain(const FittedModel& model,
                    Target target,
                    const TrainingRows& training,
                    std::span<const RowRange> test,
                    const ExplainConfig& config) {
  Explanation explanation;
  if (config.what == Explain::kNothing || num_rows(test) == 0) return explanation;
  Panel rows = copy_rows(training.features, test);
  if (const auto* trees = dynamic_cast<const BoostingModel*>(&model)) {
    explanation.contribution = mean_contributions(*trees, rows, config.max_rows);
    explanation.curve = learning_curve(*trees, target, training, test, config.num_points);
  }
  const std::vector<double> outcome = values_of(training.target, test);
  explanation.permutation =
      permutation_importance(model, target, std::move(rows), outcome, config.seed);
  return explanation;
}

}  // namespace tickwerk::model
