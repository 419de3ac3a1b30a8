#include "tickwerk/model/lasso.h"

#include <Eigen/Cholesky>
#include <cmath>
#include <optional>
#include <vector>

#include "tickwerk/base/error.h"

namespace tickwerk::model {
namespace {

// Of the target's variance: at which the exact solution is tried, and at which rounding ends all.
constexpr double kGap = 1e-12;
constexpr double kLeastGap = 1e-15;
constexpr int kMaxRounds = 100000;
constexpr int kRoundsPerLook = 10;

// By how much a slope may exceed alpha: rounding of A b, whose terms have the size of the
// deviation.
constexpr double kRounding = 1e-13;

/// One round over the coordinates; `slope` is c - A b throughout.
void descend(const LassoProblem& problem, Eigen::VectorXd& b, Eigen::VectorXd& slope) {
  for (Eigen::Index j = 0; j < b.size(); ++j) {
    const double free = slope[j] + problem.products(j, j) * b[j];
    const double size = std::max(std::abs(free) - problem.alpha, 0.0) / problem.products(j, j);
    const double next = free > 0 ? size : 0 - size;  // never -0
    if (next == b[j]) continue;
    slope -= problem.products.col(j) * (next - b[j]);
    b[j] = next;
  }
}

/// What b is above the least possible, at most: its value less that of the dual point that its
/// residual, scaled into the bounds, gives.
double duality_gap(const LassoProblem& problem,
                   const Eigen::VectorXd& b,
                   const Eigen::VectorXd& slope) {
  const double fitted = problem.with_target.dot(b);
  const double residual_with_target = problem.target_variance - fitted;
  const double residual = std::max(residual_with_target - slope.dot(b), 0.0);
  const double steepest = slope.cwiseAbs().maxCoeff();
  const double scale = steepest > problem.alpha ? problem.alpha / steepest : 1.0;
  return residual * (1 + scale * scale) / 2 + problem.alpha * b.cwiseAbs().sum() -
         scale * residual_with_target;
}

/// The solution when just the features with a coefficient stay, with their signs; empty when it is
/// none (a sign turns, another feature should enter, the features are collinear).
std::optional<Eigen::VectorXd> solve_support(const LassoProblem& problem,
                                             const Eigen::VectorXd& b) {
  std::vector<Eigen::Index> support;
  for (Eigen::Index j = 0; j < b.size(); ++j) {
    if (b[j] != 0) support.push_back(j);
  }
  Eigen::VectorXd result = Eigen::VectorXd::Zero(b.size());
  if (!support.empty()) {
    const Eigen::VectorXd signs = b(support).cwiseSign();
    const Eigen::LLT<Eigen::MatrixXd> factor(problem.products(support, support));
    if (factor.info() != Eigen::Success || factor.rcond() < 1e-12) return {};
    const Eigen::VectorXd found =
        factor.solve(problem.with_target(support) - problem.alpha * signs);
    if ((found.cwiseProduct(signs).array() <= 0).any()) return {};
    result(support) = found;
  }
  const Eigen::VectorXd slope = problem.with_target - problem.products * result;
  const double most = problem.alpha + kRounding * std::sqrt(problem.target_variance);
  if (slope.cwiseAbs().maxCoeff() > most) return {};
  return result;
}

}  // namespace

Eigen::VectorXd solve_lasso(const LassoProblem& problem) {
  Eigen::VectorXd b = Eigen::VectorXd::Zero(problem.with_target.size());
  if (b.size() == 0 || !(problem.target_variance > 0)) return b;
  Eigen::VectorXd slope = problem.with_target;
  double gap = 0;
  bool closed = false;
  for (int round = 0; round < kMaxRounds; ++round) {
    const Eigen::VectorXd before = b;
    descend(problem, b, slope);
    const bool still = b == before;
    if (!still && round % kRoundsPerLook != 0) continue;
    slope = problem.with_target - problem.products * b;
    gap = duality_gap(problem, b, slope);
    closed = gap <= kGap * problem.target_variance;
    if (closed) {
      if (const auto exact = solve_support(problem, b)) return *exact;
    }
    if (still || gap <= kLeastGap * problem.target_variance) break;
  }
  if (closed) return b;
  throw Error(Code::kInvalidArgument,
              fmt::format("a lasso must reach a duality gap of {} of the target's variance in {} "
                          "rounds: {} with alpha {}; a larger alpha converges",
                          kGap, kMaxRounds, gap / problem.target_variance, problem.alpha));
}

}  // namespace tickwerk::model
