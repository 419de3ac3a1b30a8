// What every kind of model has in common: a specification, fitting to some rows of a matrix, and
// predicting others. Linear models stand in linear.cpp, trees in boosting.cpp; trainers and the
// zoo know only this.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tickwerk/model/dataset.h"

namespace tickwerk::model {

enum class ModelKind { kLinear, kRidge, kLasso, kGradientBoosting, kRandomForest };
std::string_view to_string(ModelKind kind) noexcept;
/// Not made of trees: predicts by coefficients.
constexpr bool is_linear(ModelKind kind) noexcept {
  return kind == ModelKind::kLinear || kind == ModelKind::kRidge || kind == ModelKind::kLasso;
}

/// What the target is. kBinary: 0 or 1, predictions are probabilities of 1.
enum class Target { kValue, kBinary };

struct TreeParams {
  std::size_t num_trees = 100;
  std::size_t max_depth = 6;
  double learning_rate = 0.3;
  double min_child_weight = 1;
  double lambda = 1;
  double subsample = 1;  // share of rows of a tree
  double colsample = 1;  // share of features of a tree
  std::size_t max_bins = 256;
};

struct ModelSpec {
  std::string name;  // `ridge_1`, `forest_5`
  ModelKind kind = ModelKind::kGradientBoosting;
  double alpha = 0;  // of kRidge (not scaled by rows) and kLasso (of the mean squared error / 2)
  TreeParams trees = {};
  std::uint64_t seed = 42;
};

/// A matrix and some rows of it to learn from. Views: nothing is copied.
struct TrainingRows {
  PanelView features;  // [feature, row]
  std::span<const double> target;
  std::span<const double> weights;  // empty: all 1
  std::span<const RowRange> rows;
  std::span<const std::string> feature_names = {};  // kept in a saved model; empty: without names
};

/// Importance of a feature: linear models have the coefficient of the standardised feature, trees
/// the mean gain of their splits.
struct Importance {
  std::string feature;
  double value = 0;      // >= 0
  double raw_value = 0;  // with its sign, where there is one
};

/// A fitted model. `predict` writes one value a row of `rows`, in their order, into `out`.
class FittedModel {
 public:
  virtual ~FittedModel() = default;
  virtual void predict(PanelView features,
                       std::span<const RowRange> rows,
                       std::span<double> out) const = 0;
  /// In the order of the features; names are left empty.
  virtual std::vector<Importance> importance() const = 0;
};

/// Called between trees; throws to interrupt.
using TrainProgress = std::function<void(std::size_t done, std::size_t all)>;

}  // namespace tickwerk::model
