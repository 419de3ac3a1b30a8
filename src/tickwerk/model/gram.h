// What a linear model needs to know of its training rows: counts, means and centred products of
// every pair of features and of each with the target. Rows are added and taken away, so a
// walk-forward refits without reading its old rows again. Used by linear.cpp; solves nothing and
// refuses values that are not finite.
#pragma once

#include <cstddef>
#include <vector>

#include "tickwerk/model/estimator.h"

namespace tickwerk::model {

/// Running sums of rows of `num_features` features and one target. Columns are named by position:
/// the features, then the target at `num_features()`.
///
/// Values are shifted by the mean of the first 256 rows of the first `add`, so that a level far
/// from zero costs no digits. Rows are summed by chunks of 2048 in eight lanes; the sums of chunks
/// are combined in their order in twice the precision, so rows that are taken away in the chunks in
/// which they came leave no trace. What is lost is (mean - shift)^2 / variance of a column, in
/// units of 1e-15 or so: a rolling window of a column that drifts a thousand deviations away from
/// where it began keeps nine digits.
class Gram {
 public:
  explicit Gram(std::size_t num_features);

  /// Adds the rows, each with its weight. Throws kInvalidArgument, and changes nothing, when a
  /// feature, a target or a weight is NaN or infinite, a weight negative, or a square too large for
  /// a double; the message names the position of the feature and the row. Shapes that do not fit
  /// are an error of the caller (kInternal). The same bits for any number of threads and any
  /// instruction set. Cost: O(rows * features^2) on all threads.
  void add(const TrainingRows& rows);

  /// Takes away rows that were added before, with the weights they had; throws as `add`, and when
  /// there are more than are left. The rows themselves are not remembered, so others give nonsense.
  void subtract(const TrainingRows& rows);

  std::size_t num_features() const noexcept { return num_features_; }
  std::size_t num_rows() const noexcept { return num_rows_; }
  /// Sum of the weights; the number of rows where there are none.
  double weight() const noexcept;

  /// Weighted mean of a column. Requires weight() > 0, as do the next two.
  double mean(std::size_t column) const noexcept;
  /// Weighted sum of (a - mean of a) * (b - mean of b).
  double centred(std::size_t a, std::size_t b) const noexcept;
  /// Deviation with the number of rows below (ddof 0); 0 for a column that does not vary: whose
  /// deviation is rounding, 1e-14 of its mean or 1e-6 of the deviation from the shift it once had.
  double deviation(std::size_t column) const noexcept;

 private:
  /// The sum of `high` and `low`, which is at most half a last digit of `high`.
  struct Sum {
    double high = 0;
    double low = 0;
    void add(double value) noexcept;
  };
  enum class Sign { kAdd, kSubtract };

  void check(const TrainingRows& rows) const;
  void include(const TrainingRows& rows, Sign sign);

  std::size_t num_features_;
  std::size_t num_rows_ = 0;
  std::vector<double> shift_;  // per column
  std::vector<Sum> products_;  // of the columns and a column of ones, see pair_at
  std::vector<double> peak_;   // per column: the largest sum of squares so far
};

}  // namespace tickwerk::model
