// Small matrices for the tests of models of trees: made by hand or random from a seed.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "tickwerk/base/random.h"
#include "tickwerk/model/boosting.h"

namespace tickwerk::model {

struct Rows {
  Rows(std::size_t num_features, std::size_t num_rows)
      : features(num_features, num_rows), target(num_rows), ranges{{0, num_rows}} {}

  TrainingRows training() const {
    return {.features = features.view(),
            .target = target,
            .weights = weights,
            .rows = ranges,
            .feature_names = names};
  }
  /// Towards whether the target is above zero.
  TrainingRows binary() const {
    is_positive.clear();
    for (const double value : target) is_positive.push_back(value > 0 ? 1 : 0);
    TrainingRows rows = training();
    rows.target = is_positive;
    return rows;
  }

  std::vector<double> predicted_by(const FittedModel& model) const {
    std::vector<double> predicted(num_rows(ranges));
    model.predict(features.view(), ranges, predicted);
    return predicted;
  }

  Rows copy() const {
    Rows same(features.num_rows(), features.num_symbols());
    for (std::size_t f = 0; f < features.num_rows(); ++f) {
      std::copy_n(features.view().row(f), features.num_symbols(), same.features.span().row(f));
    }
    same.target = target;
    same.weights = weights;
    same.names = names;
    same.ranges = ranges;
    return same;
  }

  Panel features;
  std::vector<double> target;
  std::vector<double> weights;
  std::vector<std::string> names;
  RowRanges ranges;
  mutable std::vector<double> is_positive;
};

struct RandomRows {
  std::size_t num_features = 4;
  std::size_t num_rows = 1000;
  std::uint64_t seed = 7;
};

/// Uniform features, one value in sixteen missing; a target with steps, products and noise; weights
/// from one half to one and a half.
inline Rows random_rows(const RandomRows& config) {
  Rows rows(config.num_features, config.num_rows);
  for (std::size_t f = 0; f < config.num_features; ++f) {
    const RandomStream stream{config.seed, f};
    const RandomStream missing{config.seed, 1000 + f};
    for (std::size_t row = 0; row < config.num_rows; ++row) {
      rows.features.span()(f, row) =
          missing.uniform(row) < 0x1p-4 ? kNaN : stream.uniform(row) - 0.5;
    }
  }
  const RandomStream noise{config.seed, 2000};
  const RandomStream weight{config.seed, 2001};
  for (std::size_t row = 0; row < config.num_rows; ++row) {
    double sum = noise.uniform(row) - 0.5;
    double before = 1;
    for (std::size_t f = 0; f < config.num_features; ++f) {
      const double value = rows.features.view()(f, row);
      if (value == value) {
        sum += (value > 0.1 ? 1 : -0.5) * before;
        before = 2 * value;
      }
    }
    rows.target[row] = sum;
    rows.weights.push_back(0.5 + weight.uniform(row));
  }
  return rows;
}

}  // namespace tickwerk::model
