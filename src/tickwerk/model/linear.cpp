#include "tickwerk/model/linear.h"

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>

#include "tickwerk/base/error.h"
#include "tickwerk/base/parallel.h"
#include "tickwerk/kernel/vector_clones.h"
#include "tickwerk/model/lasso.h"

namespace tickwerk::model {
namespace {

constexpr std::size_t kPredictRows = 8192;
constexpr std::size_t kPredictBlock = 1024;

// The square of 1e-6, below which singular values are dropped: eigenvalues are their squares.
constexpr double kDropped = 1e-12;

/// The features that vary, standardised: their mean products with each other and with the target.
struct Standardised {
  std::vector<std::size_t> columns;
  Eigen::MatrixXd products;
  Eigen::VectorXd with_target;
};

Standardised standardise(const Gram& gram, const std::vector<double>& deviation) {
  Standardised result;
  for (std::size_t c = 0; c < deviation.size(); ++c) {
    if (deviation[c] > 0) result.columns.push_back(c);
  }
  const auto size = static_cast<Eigen::Index>(result.columns.size());
  result.products.setIdentity(size, size);
  result.with_target.resize(size);
  for (Eigen::Index j = 0; j < size; ++j) {
    const std::size_t b = result.columns[static_cast<std::size_t>(j)];
    for (Eigen::Index i = 0; i < j; ++i) {
      const std::size_t a = result.columns[static_cast<std::size_t>(i)];
      result.products(i, j) = result.products(j, i) =
          gram.centred(a, b) / gram.weight() / deviation[a] / deviation[b];
    }
    result.with_target[j] = gram.centred(b, gram.num_features()) / gram.weight() / deviation[b];
  }
  return result;
}

/// (A + penalty)^-1 c without the directions whose eigenvalue, penalty included, is below kDropped
/// of the largest.
Eigen::VectorXd solve_squares(const Standardised& of, double penalty) {
  const Eigen::Index size = of.with_target.size();
  if (size == 0) return {};
  // A's trace is its size and no eigenvalue is larger: with such a penalty nothing is dropped.
  if (penalty >= kDropped * (static_cast<double>(size) + penalty)) {
    Eigen::MatrixXd lifted = of.products;
    lifted.diagonal().array() += penalty;
    const Eigen::LLT<Eigen::MatrixXd> factor(lifted);
    if (factor.info() == Eigen::Success) return factor.solve(of.with_target);
  }
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(of.products);
  const Eigen::VectorXd lifted = eigen.eigenvalues().array() + penalty;
  const double least = kDropped * lifted.maxCoeff();
  const Eigen::VectorXd along = eigen.eigenvectors().transpose() * of.with_target;
  const Eigen::VectorXd solved =
      (lifted.array() >= least).select(along.cwiseQuotient(lifted), Eigen::VectorXd::Zero(size));
  return eigen.eigenvectors() * solved;
}

Eigen::VectorXd solve(const ModelSpec& spec, const Gram& gram, const Standardised& of) {
  if (spec.kind == ModelKind::kRidge) return solve_squares(of, spec.alpha / gram.weight());
  if (spec.kind == ModelKind::kLinear || spec.alpha == 0) return solve_squares(of, 0);
  const double deviation = gram.deviation(gram.num_features());
  return solve_lasso({of.products, of.with_target, deviation * deviation, spec.alpha});
}

void check(const ModelSpec& spec) {
  switch (spec.kind) {
    case ModelKind::kLinear:
      return;
    case ModelKind::kRidge:
    case ModelKind::kLasso:
      if (spec.alpha >= 0 && std::isfinite(spec.alpha)) return;
      throw Error(Code::kInvalidArgument,
                  fmt::format("alpha must be finite and not negative: {} in model '{}'", spec.alpha,
                              spec.name));
    case ModelKind::kGradientBoosting:
    case ModelKind::kRandomForest:
      break;
  }
  throw Error(Code::kInvalidArgument,
              fmt::format("a linear model must be linear, ridge or lasso: '{}'", spec.name));
}

/// What predicting reads of one feature.
struct Term {
  const double* values;
  double mean;
  double slope;
};

// By blocks of rows, whose sums stay in the first cache while the features pass.
TW_VECTOR_CLONES
void add_terms(std::span<const Term> terms, double start, std::size_t size, double* out) noexcept {
  for (std::size_t begin = 0; begin < size; begin += kPredictBlock) {
    const std::size_t end = std::min(begin + kPredictBlock, size);
    for (std::size_t r = begin; r < end; ++r) out[r] = start;
    for (const Term& term : terms) {
      for (std::size_t r = begin; r < end; ++r) {
        out[r] += term.slope * (term.values[r] - term.mean);
      }
    }
  }
}

}  // namespace

void LinearModel::predict(PanelView features,
                          std::span<const RowRange> rows,
                          std::span<double> out) const {
  if (features.num_rows != numbers_.coefficient.size()) {
    throw Error(Code::kInvalidArgument,
                fmt::format("rows to predict must have the {} features of the model: {}",
                            numbers_.coefficient.size(), features.num_rows));
  }
  TW_CHECK(out.size(), ==, num_rows(rows));
  std::size_t at = 0;
  for (const RowRange& range : rows) {
    TW_CHECK(range.last, <=, features.num_symbols);
    const std::size_t size = range.last - range.first;
    parallel_for(size, kPredictRows, [&, at](std::size_t first, std::size_t last) {
      std::vector<Term> terms;
      for (std::size_t f = 0; f < numbers_.coefficient.size(); ++f) {
        const double scale = numbers_.deviation[f] > 0 ? numbers_.deviation[f] : 1;
        terms.push_back({features.row(f) + range.first + first, numbers_.mean[f],
                         numbers_.coefficient[f] / scale});
      }
      add_terms(terms, numbers_.intercept, last - first, out.data() + at + first);
    });
    at += size;
  }
}

std::vector<Importance> LinearModel::importance() const {
  std::vector<Importance> result;
  for (const double coefficient : numbers_.coefficient) {
    result.push_back({.feature = {}, .value = std::abs(coefficient), .raw_value = coefficient});
  }
  return result;
}

std::unique_ptr<LinearModel> fit_linear(const ModelSpec& spec, const Gram& gram) {
  check(spec);
  if (gram.num_rows() == 0) {
    throw Error(Code::kInvalidArgument,
                fmt::format("a model must have rows to learn from: none for '{}'", spec.name));
  }
  if (!(gram.weight() > 0)) {
    throw Error(Code::kInvalidArgument,
                fmt::format("weights of training rows must not all be 0: {} rows for '{}'",
                            gram.num_rows(), spec.name));
  }
  LinearNumbers numbers{.kind = spec.kind,
                        .alpha = spec.kind == ModelKind::kLinear ? 0 : spec.alpha,
                        .num_rows = gram.num_rows(),
                        .intercept = gram.mean(gram.num_features()),
                        .coefficient = std::vector<double>(gram.num_features(), 0.0),
                        .mean = {},
                        .deviation = {}};
  for (std::size_t f = 0; f < gram.num_features(); ++f) {
    numbers.mean.push_back(gram.mean(f));
    numbers.deviation.push_back(gram.deviation(f));
  }
  const Standardised standardised = standardise(gram, numbers.deviation);
  const Eigen::VectorXd coefficients = solve(spec, gram, standardised);
  for (std::size_t k = 0; k < standardised.columns.size(); ++k) {
    numbers.coefficient[standardised.columns[k]] = coefficients[static_cast<Eigen::Index>(k)];
  }
  return std::make_unique<LinearModel>(std::move(numbers));
}

std::unique_ptr<LinearModel> fit_linear(const ModelSpec& spec, const TrainingRows& rows) {
  check(spec);
  Gram gram(rows.features.num_rows);
  gram.add(rows);
  return fit_linear(spec, gram);
}

}  // namespace tickwerk::model
