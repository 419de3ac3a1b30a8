#include "tickwerk/model/lasso.h"

#include <Eigen/Cholesky>
#include <cmath>
#include <vector>

#include "tickwerk/base/error.h"

namespace tickwerk::model {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr int kMaxRounds = 200;
constexpr int kRoundsPerLook = 10;

// Duality gaps, of the target's variance: at which descending ends, and that a solution must have.
constexpr double kSmallGap = 1e-12;
constexpr double kMostGap = 1e-9;

// By how much a slope may differ from alpha, of what its terms add up to.
constexpr double kRounding = 1e-13;

// Added to the products of features that are collinear but for rounding.
constexpr double kLift = 1e-13;

/// Coefficients and their slopes c - Ab.
struct Point {
  VectorXd b;
  VectorXd slope;
};

VectorXd slope_at(const LassoProblem& problem, const VectorXd& b) {
  return problem.with_target - problem.products * b;
}

/// One round over the coordinates.
void descend(const LassoProblem& problem, Point& at) {
  for (Index j = 0; j < at.b.size(); ++j) {
    const double free = at.slope[j] + problem.products(j, j) * at.b[j];
    const double size = std::max(std::abs(free) - problem.alpha, 0.0) / problem.products(j, j);
    const double next = free > 0 ? size : 0 - size;  // never -0
    if (next == at.b[j]) continue;
    at.slope -= problem.products.col(j) * (next - at.b[j]);
    at.b[j] = next;
  }
}

/// What a point is above the least possible, at most: its value less that of the dual point that
/// its residual, scaled into the bounds, gives.
double duality_gap(const LassoProblem& problem, const Point& at) {
  const double residual_with_target = problem.target_variance - problem.with_target.dot(at.b);
  const double residual = std::max(residual_with_target - at.slope.dot(at.b), 0.0);
  const double steepest = at.slope.cwiseAbs().maxCoeff();
  const double scale = steepest > problem.alpha ? problem.alpha / steepest : 1.0;
  return residual * (1 + scale * scale) / 2 + problem.alpha * at.b.cwiseAbs().sum() -
         scale * residual_with_target;
}

void descend_to_small_gap(const LassoProblem& problem, Point& at) {
  for (int round = 1; round <= kMaxRounds; ++round) {
    descend(problem, at);
    if (round % kRoundsPerLook != 0) continue;
    at.slope = slope_at(problem, at.b);
    if (duality_gap(problem, at) <= kSmallGap * problem.target_variance) return;
  }
}

/// Features that stay, and the sign of each.
struct Support {
  std::vector<Index> features;
  std::vector<double> sign;

  void add(Index feature, double of) {
    features.push_back(feature);
    sign.push_back(std::copysign(1.0, of));
  }
};

Support support_of(const VectorXd& b) {
  Support result;
  for (Index j = 0; j < b.size(); ++j) {
    if (b[j] != 0) result.add(j, b[j]);
  }
  return result;
}

/// Coefficients at which the slopes of the support are alpha times their signs.
VectorXd solve_support(const LassoProblem& problem, const Support& support) {
  MatrixXd products = problem.products(support.features, support.features);
  VectorXd wanted = problem.with_target(support.features);
  wanted -= problem.alpha * VectorXd::Map(support.sign.data(), wanted.size());
  Eigen::LLT<MatrixXd> factor(products);
  if (factor.info() == Eigen::Success && factor.rcond() > kLift) return factor.solve(wanted);
  MatrixXd lifted = products;
  lifted.diagonal().array() += kLift;
  factor.compute(lifted);
  return factor.solve(wanted);
}

/// Goes from the coefficients of the support towards `to`, to the lowest of the points where one of
/// them becomes 0, or the end. Convex along the way. False when nothing is lower than the start.
bool walk(const LassoProblem& problem, const Support& support, const VectorXd& to, Point& at) {
  const VectorXd from = at.b(support.features);
  const VectorXd way = to - from;
  const MatrixXd products = problem.products(support.features, support.features);
  const double down = at.slope(support.features).dot(way);
  const double bend = way.dot(products * way);
  const auto change = [&](double t) {
    const VectorXd there = from + t * way;
    return problem.alpha * (there.cwiseAbs() - from.cwiseAbs()).sum() - t * down + t * t / 2 * bend;
  };
  double best_t = 1;
  Index zero = -1;
  double best = change(1);
  for (Index k = 0; k < way.size(); ++k) {
    if (from[k] * to[k] >= 0) continue;
    const double t = from[k] / (from[k] - to[k]);
    if (const double value = change(t); value < best) {
      best = value;
      best_t = t;
      zero = k;
    }
  }
  if (best_t < 1 && !(best < 0)) return false;
  for (Index k = 0; k < way.size(); ++k) {
    at.b[support.features[static_cast<std::size_t>(k)]] =
        best_t < 1 ? from[k] + best_t * way[k] : to[k];
  }
  if (zero >= 0) at.b[support.features[static_cast<std::size_t>(zero)]] = 0;
  at.slope = slope_at(problem, at.b);
  return true;
}

double tolerance(const LassoProblem& problem, const VectorXd& b) {
  return kRounding * (std::sqrt(problem.target_variance) + b.cwiseAbs().sum());
}

/// The feature without a coefficient that has the steepest slope above alpha; -1 when none has.
Index steepest_outside(const LassoProblem& problem, const Point& at) {
  double most = problem.alpha + tolerance(problem, at.b);
  Index found = -1;
  for (Index j = 0; j < at.b.size(); ++j) {
    if (at.b[j] != 0 || std::abs(at.slope[j]) <= most) continue;
    most = std::abs(at.slope[j]);
    found = j;
  }
  return found;
}

bool is_settled(const LassoProblem& problem, const Point& at) {
  for (Index j = 0; j < at.b.size(); ++j) {
    if (at.b[j] == 0) continue;
    const double wanted = std::copysign(problem.alpha, at.b[j]);
    if (std::abs(at.slope[j] - wanted) > tolerance(problem, at.b)) return false;
  }
  return true;
}

/// True when the conditions of the minimum hold to rounding.
bool settle(const LassoProblem& problem, Point& at) {
  Support support = support_of(at.b);
  const Index max_walks = 1000 + 20 * at.b.size();
  for (Index k = 0; k < max_walks; ++k) {
    if (!support.features.empty() && !walk(problem, support, solve_support(problem, support), at)) {
      break;
    }
    support = support_of(at.b);
    if (!is_settled(problem, at)) continue;
    const Index enters = steepest_outside(problem, at);
    if (enters < 0) return true;
    support.add(enters, at.slope[enters]);
  }
  return is_settled(problem, at) && steepest_outside(problem, at) < 0;
}

}  // namespace

VectorXd solve_lasso(const LassoProblem& problem) {
  Point at{VectorXd::Zero(problem.with_target.size()), problem.with_target};
  if (at.b.size() == 0 || !(problem.target_variance > 0)) return at.b;
  descend_to_small_gap(problem, at);
  if (settle(problem, at)) return at.b;
  at.slope = slope_at(problem, at.b);
  const double gap = duality_gap(problem, at) / problem.target_variance;
  if (gap <= kMostGap) return at.b;
  throw Error(Code::kInvalidArgument,
              fmt::format("a lasso must come within a duality gap of {} of the target's variance: "
                          "{} with alpha {}; a larger alpha does",
                          kMostGap, gap, problem.alpha));
}

}  // namespace tickwerk::model
