// The lasso on products of standardised features: coordinate descent until the duality gap is
// closed, then the exact solution for the features found. Used by linear.cpp alone; knows no rows.
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

/// To a duality gap of 1e-12 of the target's variance; where the features that stay are not
/// collinear, also their conditions hold to rounding. Throws kInvalidArgument when the gap is not
/// reached in 100000 rounds.
Eigen::VectorXd solve_lasso(const LassoProblem& problem);

}  // namespace tickwerk::model
