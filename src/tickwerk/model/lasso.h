// The lasso on products of standardised features: coordinate descent until the duality gap is
// closed, then the exact solution by changing which features stay and with which sign. Used by
// linear.cpp alone; knows no rows.
#pragma once

#include <Eigen/Core>

namespace tickwerk::model {

/// Minimises b'Ab/2 - c'b + alpha * sum |b|, which is the mean squared error / 2 + alpha * sum |b|
/// where A holds the mean products of the features, c those with the target, and
/// `target_variance` the target's with itself.
struct LassoProblem {
  Eigen::MatrixXd products;  // A, with a diagonal of ones
  Eigen::VectorXd with_target;
  double target_variance = 0;
  double alpha = 0;  // > 0
};

/// Every slope c - Ab is alpha times the sign of its coefficient, or at most alpha where that is 0,
/// to 1e-13 of (the target's deviation + sum |b|). Should rounding forbid that, the duality gap is
/// at most 1e-9 of the target's variance, else kInvalidArgument is thrown. Of collinear features
/// any share may be found. Cost: O(features^2) a round of at most 200, then O(features^3) for each
/// feature that enters or leaves.
/// Source: Friedman, Hastie and Tibshirani (2010), "Regularization paths for generalized linear
/// models via coordinate descent", Journal of Statistical Software 33(1), section 2; Lee, Battle,
/// Raina and Ng (2006), "Efficient sparse coding algorithms", NIPS 19, algorithm 1, from the
/// descent's solution in place of 0; the gap: Kim, Koh, Lustig, Boyd and Gorinevsky (2007), "An
/// interior-point method for large-scale l1-regularized least squares", section III.
Eigen::VectorXd solve_lasso(const LassoProblem& problem);

}  // namespace tickwerk::model
