// Least squares, ridge and lasso on features standardised by their training rows (deviation with
// ddof 0; one that does not vary has coefficient 0), solved from the sums that gram.h keeps. Used
// by trainers and the zoo. Reads no files: its JSON is text that others store.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tickwerk/model/estimator.h"
#include "tickwerk/model/gram.h"

namespace tickwerk::model {

/// All there is to know of a linear model: prediction = intercept + sum of
/// coefficient * (feature - mean) / deviation. A deviation of 0 counts as 1.
struct LinearNumbers {
  ModelKind kind = ModelKind::kLinear;
  double alpha = 0;
  std::size_t num_rows = 0;  // it was fitted to
  double intercept = 0;      // the target's mean
  std::vector<double> coefficient;
  std::vector<double> mean;
  std::vector<double> deviation;
  bool operator==(const LinearNumbers&) const = default;
};

class LinearModel final : public FittedModel {
 public:
  explicit LinearModel(LinearNumbers numbers) : numbers_(std::move(numbers)) {}

  const LinearNumbers& numbers() const noexcept { return numbers_; }

  /// A row with a feature that is NaN gets NaN, also where its coefficient is 0. Throws
  /// kInvalidArgument for another number of features. The same bits for any number of threads and
  /// any instruction set.
  void predict(PanelView features,
               std::span<const RowRange> rows,
               std::span<double> out) const override;
  std::vector<Importance> importance() const override;

 private:
  LinearNumbers numbers_;
};

/// Fits one of the linear kinds; `weight` is the sum of the weights, or the number of rows.
/// kLinear: least squares of minimum norm, singular values below 1e-6 of the largest dropped.
/// kRidge: squared error + alpha * |coefficients|^2; alpha is not scaled by rows, the intercept not
/// penalised; directions that alpha = 0 would drop are dropped where alpha does not lift them.
/// kLasso: squared error / (2 weight) + alpha * sum of |coefficients|, solved to rounding
/// (lasso.h); alpha = 0 is kLinear. Squares of singular values are what the sums hold: a direction
/// whose singular value is s times the largest is known to about 1e-15 / s^2 (docs/decisions/0142).
/// Throws kInvalidArgument for another kind, an alpha that is negative or not finite, sums without
/// rows or weight, and a lasso that rounding keeps from its minimum. The seed is not used.
std::unique_ptr<LinearModel> fit_linear(const ModelSpec& spec, const Gram& gram);

/// The same for rows that are read once. Throws kInvalidArgument as `Gram::add` too.
std::unique_ptr<LinearModel> fit_linear(const ModelSpec& spec, const TrainingRows& rows);

/// A linear model as JSON, numbers in as few digits as bring them back exactly. Throws
/// kInvalidArgument for a model of another kind.
std::string linear_to_json(const FittedModel& model);

/// Throws kCorruptData for text that is not such a model, kUnsupported for one of a later version.
std::unique_ptr<LinearModel> linear_from_json(std::string_view text);

}  // namespace tickwerk::model
