#include "tickwerk/model/linear.h"

#include <gtest/gtest.h>

#include <cmath>
#include <optional>

#include "tickwerk/base/error.h"
#include "tickwerk/base/parallel.h"
#include "tickwerk/base/random.h"

namespace tickwerk::model {
namespace {

const ModelSpec kLinear{.name = "linear", .kind = ModelKind::kLinear};

ModelSpec ridge(double alpha) {
  return {.name = "ridge", .kind = ModelKind::kRidge, .alpha = alpha};
}
ModelSpec lasso(double alpha) {
  return {.name = "lasso", .kind = ModelKind::kLasso, .alpha = alpha};
}

struct Rows {
  Panel features;
  std::vector<double> target;
  RowRanges ranges;

  Rows(std::size_t num_features, std::size_t num_rows, std::uint64_t seed)
      : features(num_features, num_rows), target(num_rows), ranges{{0, num_rows}} {
    RandomSequence random({.seed = seed});
    for (std::size_t r = 0; r < num_rows; ++r) {
      const double common = random.uniform();
      target[r] = random.uniform();
      for (std::size_t f = 0; f < num_features; ++f) {
        const auto place = static_cast<double>(f);
        features(f, r) = (1 + 10 * place) * (random.uniform() + common) + 100 * place;
        target[r] += random.uniform() * (f % 3 == 0 ? 1 : 0) * features(f, r) / (1 + 10 * place);
      }
    }
  }
  TrainingRows training() const { return {features.view(), target, {}, ranges}; }
  std::vector<double> predicted(const FittedModel& model) const {
    std::vector<double> out(num_rows(ranges));
    model.predict(features.view(), ranges, out);
    return out;
  }
};

using Column = std::vector<long double>;

/// Minus the mean, over the deviation when there is one, by the definition.
Column standardised(const double* values, std::size_t size, const char* scaled) {
  long double mean = 0, squares = 0;
  for (std::size_t r = 0; r < size; ++r) mean += values[r] / static_cast<long double>(size);
  Column result;
  for (std::size_t r = 0; r < size; ++r) {
    result.push_back(values[r] - mean);
    squares += result[r] * result[r] / static_cast<long double>(size);
  }
  if (scaled == nullptr) return result;
  for (long double& value : result) value /= std::sqrt(squares);
  return result;
}

/// The features, standardised, and the target's distance from its mean.
struct Definition {
  std::vector<Column> x;
  Column y;

  explicit Definition(const Rows& rows) {
    for (std::size_t f = 0; f < rows.features.num_rows(); ++f) {
      x.push_back(standardised(rows.features.row(f), rows.target.size(), "scaled"));
    }
    y = standardised(rows.target.data(), rows.target.size(), nullptr);
  }
  /// Mean product of feature j with what the coefficients leave of the target.
  long double slope(std::size_t j, const std::vector<double>& coefficients) const {
    long double sum = 0;
    for (std::size_t r = 0; r < y.size(); ++r) {
      long double left = y[r];
      for (std::size_t k = 0; k < x.size(); ++k) left -= x[k][r] * coefficients[k];
      sum += x[j][r] * left;
    }
    return sum / static_cast<long double>(y.size());
  }
};

/// At the minimum of |y - X b|^2 + alpha |b|^2, X'(y - X b) = alpha b.
void expect_normal_equations(const Rows& rows, double alpha, const std::vector<double>& b) {
  const Definition by(rows);
  const auto size = static_cast<long double>(rows.target.size());
  for (std::size_t j = 0; j < b.size(); ++j) {
    EXPECT_NEAR(static_cast<double>(by.slope(j, b)), static_cast<double>(alpha * b[j] / size),
                1e-13);
  }
}

TEST(FitLinear, ALineThroughPointsOnItIsFound) {
  Rows rows(1, 4, 1);
  for (std::size_t r = 0; r < 4; ++r) {
    rows.features(0, r) = static_cast<double>(r);
    rows.target[r] = 5 + 2 * static_cast<double>(r);
  }
  const auto model = fit_linear(kLinear, rows.training());
  const double deviation = std::sqrt(1.25);  // of 0, 1, 2, 3
  EXPECT_DOUBLE_EQ(model->numbers().mean[0], 1.5);
  EXPECT_DOUBLE_EQ(model->numbers().deviation[0], deviation);
  EXPECT_DOUBLE_EQ(model->numbers().coefficient[0], 2 * deviation);
  EXPECT_DOUBLE_EQ(model->numbers().intercept, 8);
  EXPECT_EQ(model->importance()[0].value, model->numbers().coefficient[0]);
  for (std::size_t r = 0; r < 4; ++r) EXPECT_NEAR(rows.predicted(*model)[r], rows.target[r], 1e-14);
}

TEST(FitLinear, RidgeOfOneFeatureShrinksByItsShareOfTheRows) {
  Rows rows(1, 4, 1);
  for (std::size_t r = 0; r < 4; ++r) {
    rows.features(0, r) = static_cast<double>(r);
    rows.target[r] = 5 - 2 * static_cast<double>(r);
  }
  const auto model = fit_linear(ridge(1), rows.training());
  EXPECT_DOUBLE_EQ(model->numbers().coefficient[0], -2 * std::sqrt(1.25) * 4 / (4 + 1));
  EXPECT_DOUBLE_EQ(model->numbers().intercept, 2);
  EXPECT_DOUBLE_EQ(model->importance()[0].value, -model->importance()[0].raw_value);
}

TEST(FitLinear, LassoOfOneFeatureIsShortByAlpha) {
  Rows rows(1, 4, 1);
  for (std::size_t r = 0; r < 4; ++r) {
    rows.features(0, r) = static_cast<double>(r);
    rows.target[r] = 5 + 2 * static_cast<double>(r);
  }
  EXPECT_DOUBLE_EQ(fit_linear(lasso(0.25), rows.training())->numbers().coefficient[0],
                   2 * std::sqrt(1.25) - 0.25);
  EXPECT_EQ(fit_linear(lasso(3), rows.training())->numbers().coefficient[0], 0);
}

TEST(FitLinear, LeastSquaresAndRidgeMeetTheNormalEquations) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Rows rows(1 + seed % 13, 40 + 7 * seed, seed);
    expect_normal_equations(rows, 0, fit_linear(kLinear, rows.training())->numbers().coefficient);
    for (const double alpha : {1e-6, 0.1, 1.0, 1000.0}) {
      expect_normal_equations(rows, alpha,
                              fit_linear(ridge(alpha), rows.training())->numbers().coefficient);
    }
  }
}

TEST(FitLinear, LassoMeetsItsConditions) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Rows rows(1 + seed % 13, 40 + 7 * seed, seed);
    const Definition by(rows);
    for (const double alpha : {1e-4, 1e-2, 0.1, 1.0}) {
      const auto model = fit_linear(lasso(alpha), rows.training());
      const std::vector<double>& b = model->numbers().coefficient;
      for (std::size_t j = 0; j < b.size(); ++j) {
        const auto slope = static_cast<double>(by.slope(j, b));
        if (b[j] != 0) {
          EXPECT_NEAR(slope, b[j] > 0 ? alpha : -alpha, 1e-12);
        }
        EXPECT_LE(std::abs(slope), alpha + 1e-12);
      }
    }
  }
}

TEST(FitLinear, LassoMeetsItsConditionsOnFeaturesThatHardlyDiffer) {
  for (const double difference : {1e-2, 1e-3, 1e-5}) {
    for (const double alpha : {1e-2, 1e-4, 1e-6}) {
      Rows rows(13, 300, 21);
      for (std::size_t r = 0; r < 300; ++r) {
        for (std::size_t f = 1; f < 13; ++f) {
          rows.features(f, r) = rows.features(0, r) + difference * rows.features(f, r) / 100;
        }
      }
      const auto model = fit_linear(lasso(alpha), rows.training());
      const std::vector<double>& b = model->numbers().coefficient;
      const Definition by(rows);
      for (std::size_t j = 0; j < b.size(); ++j) {
        const auto slope = static_cast<double>(by.slope(j, b));
        if (b[j] != 0) {
          EXPECT_NEAR(slope, b[j] > 0 ? alpha : -alpha, 1e-10);
        }
        EXPECT_LE(std::abs(slope), alpha + 1e-10) << difference << " " << alpha;
      }
    }
  }
}

TEST(FitLinear, CollinearFeaturesShareTheSmallestNorm) {
  Rows rows(2, 100, 3);
  const double alone = fit_linear(kLinear, rows.training())->numbers().coefficient[0];
  Rows twice(3, 100, 3);
  for (std::size_t r = 0; r < 100; ++r) {
    for (std::size_t f = 0; f < 2; ++f) twice.features(f, r) = rows.features(f, r);
    twice.features(2, r) = 1000 - 3 * rows.features(0, r);
    twice.target[r] = rows.target[r];
  }
  for (const ModelSpec& spec : {kLinear, ridge(0), ridge(1e-12)}) {
    const auto b = fit_linear(spec, twice.training())->numbers().coefficient;
    EXPECT_NEAR(b[0], alone / 2, 1e-12);
    EXPECT_NEAR(b[2], -alone / 2, 1e-12);
  }
  const auto of_lasso = fit_linear(lasso(1e-3), twice.training());
  const auto of_one = fit_linear(lasso(1e-3), rows.training());
  for (std::size_t r = 0; r < 100; ++r) {
    EXPECT_NEAR(twice.predicted(*of_lasso)[r], rows.predicted(*of_one)[r], 1e-6);
  }
}

TEST(FitLinear, FewerRowsThanFeaturesAreFittedExactly) {
  const Rows rows(20, 8, 5);
  const auto model = fit_linear(kLinear, rows.training());
  for (std::size_t r = 0; r < 8; ++r) EXPECT_NEAR(rows.predicted(*model)[r], rows.target[r], 1e-10);
  expect_normal_equations(rows, 0.5,
                          fit_linear(ridge(0.5), rows.training())->numbers().coefficient);
}

TEST(FitLinear, AConstantFeatureHasCoefficientZero) {
  Rows rows(3, 50, 6);
  for (std::size_t r = 0; r < 50; ++r) rows.features(1, r) = 0.7;
  for (const ModelSpec& spec : {kLinear, ridge(1), lasso(0.01)}) {
    const auto model = fit_linear(spec, rows.training());
    EXPECT_EQ(model->numbers().coefficient[1], 0);
    EXPECT_EQ(model->numbers().deviation[1], 0);
    EXPECT_NE(model->numbers().coefficient[0], 0);
    for (const double value : rows.predicted(*model)) EXPECT_TRUE(std::isfinite(value));
  }
}

TEST(FitLinear, OneRowPredictsItsTarget) {
  const Rows rows(3, 1, 8);
  for (const ModelSpec& spec : {kLinear, ridge(1), lasso(0.1)}) {
    const auto model = fit_linear(spec, rows.training());
    EXPECT_EQ(model->numbers().coefficient, std::vector<double>(3, 0.0));
    EXPECT_EQ(rows.predicted(*model)[0], rows.target[0]);
  }
}

TEST(FitLinear, AConstantTargetHasNoCoefficients) {
  Rows rows(3, 40, 9);
  for (double& value : rows.target) value = 0.1;
  for (const ModelSpec& spec : {kLinear, ridge(1), lasso(0.1)}) {
    for (const double value : rows.predicted(*fit_linear(spec, rows.training()))) {
      EXPECT_DOUBLE_EQ(value, 0.1);
    }
  }
}

TEST(FitLinear, AWeightOfTwoIsARowGivenTwice) {
  const Rows rows(3, 60, 10);
  Rows twice(3, 90, 10);
  std::vector<double> weights(60, 1);
  for (std::size_t r = 0; r < 90; ++r) {
    for (std::size_t f = 0; f < 3; ++f) twice.features(f, r) = rows.features(f, r % 60);
    twice.target[r] = rows.target[r % 60];
    if (r >= 60) weights[r - 60] = 2;
  }
  for (const ModelSpec& spec : {kLinear, ridge(1), lasso(0.01)}) {
    const auto expected = fit_linear(spec, twice.training())->numbers();
    const auto found =
        fit_linear(spec, {rows.features.view(), rows.target, weights, rows.ranges})->numbers();
    for (std::size_t f = 0; f < 3; ++f) {
      EXPECT_NEAR(found.coefficient[f], expected.coefficient[f], 1e-12);
      EXPECT_NEAR(found.deviation[f], expected.deviation[f], 1e-12);
    }
  }
}

TEST(FitLinear, WhatCannotBeFittedIsRefused) {
  const Rows rows(2, 10, 11);
  const auto refused = [](const auto& fit) {
    try {
      fit();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Code::kInvalidArgument);
      return std::string(error.what());
    }
    return std::string("no error");
  };
  EXPECT_EQ(refused([] { fit_linear(kLinear, Gram(2)); }),
            "a model must have rows to learn from: none for 'linear'");
  EXPECT_EQ(refused([&] { fit_linear(ridge(-1), rows.training()); }),
            "alpha must be finite and not negative: -1 in model 'ridge'");
  EXPECT_EQ(refused([&] { fit_linear(lasso(kNaN), rows.training()); }),
            "alpha must be finite and not negative: nan in model 'lasso'");
  EXPECT_EQ(refused([&] {
              fit_linear({.name = "forest", .kind = ModelKind::kRandomForest}, rows.training());
            }),
            "a linear model must be linear, ridge or lasso: 'forest'");
  const std::vector<double> weights(10, 0);
  EXPECT_EQ(refused([&] {
              fit_linear(kLinear, {rows.features.view(), rows.target, weights, rows.ranges});
            }),
            "weights of training rows must not all be 0: 10 rows for 'linear'");
  const auto model = fit_linear(kLinear, rows.training());
  std::vector<double> out(10);
  EXPECT_EQ(refused([&] { model->predict(Panel(3, 10).view(), rows.ranges, out); }),
            "rows to predict must have the 2 features of the model: 3");
}

TEST(LinearModel, PredictsTheRowsAskedForInTheirOrder) {
  const Rows rows(3, 30000, 12);
  const auto model = fit_linear(ridge(1), rows.training());
  const std::vector<double> all = rows.predicted(*model);
  const RowRanges some{{3, 5}, {100, 20000}, {29999, 30000}};
  std::vector<double> out(num_rows(some));
  set_num_threads(3);
  model->predict(rows.features.view(), some, out);
  set_num_threads(available_cores());
  EXPECT_EQ(out[0], all[3]);
  EXPECT_EQ(out[1], all[4]);
  EXPECT_TRUE(std::equal(out.begin() + 2, out.end() - 1, all.begin() + 100));
  EXPECT_EQ(out.back(), all[29999]);
}

TEST(LinearModel, ARowWithoutAFeatureHasNoPrediction) {
  Rows rows(2, 10, 13);
  const auto model = fit_linear(lasso(1e6), rows.training());
  rows.features(1, 4) = kNaN;
  EXPECT_TRUE(std::isnan(rows.predicted(*model)[4]));
  EXPECT_FALSE(std::isnan(rows.predicted(*model)[5]));
}

TEST(LinearJson, BringsBackEveryBit) {
  const Rows rows(5, 50, 14);
  for (const ModelSpec& spec : {kLinear, ridge(0.1), lasso(0.01)}) {
    const auto model = fit_linear(spec, rows.training());
    EXPECT_EQ(linear_from_json(linear_to_json(*model))->numbers(), model->numbers());
  }
}

TEST(LinearJson, IsThisText) {
  const LinearModel model({.kind = ModelKind::kRidge,
                           .alpha = 0.1,
                           .num_rows = 7,
                           .intercept = 1e-300,
                           .coefficient = {0.5},
                           .mean = {-3},
                           .deviation = {2}});
  EXPECT_EQ(linear_to_json(model), R"({
 "format": "tickwerk linear model",
 "version": 1,
 "kind": "ridge",
 "alpha": 0.1,
 "num_rows": 7,
 "intercept": 1e-300,
 "coefficients": [
  0.5
 ],
 "means": [
  -3.0
 ],
 "deviations": [
  2.0
 ]
}
)");
}

TEST(LinearJson, DamagedTextIsRefused) {
  const Rows rows(2, 20, 15);
  const std::string text = linear_to_json(*fit_linear(ridge(1), rows.training()));
  const auto code_of = [](const std::string& damaged) -> std::optional<Code> {
    try {
      linear_from_json(damaged);
    } catch (const Error& error) {
      return error.code();
    }
    return {};
  };
  const auto with = [&text](const std::string& from, const std::string& to) {
    std::string changed = text;
    const std::size_t at = changed.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return changed.replace(at, from.size(), to);
  };
  EXPECT_EQ(code_of(text), std::nullopt);
  for (std::size_t size = 0; size + 2 < text.size(); ++size) {
    EXPECT_EQ(code_of(text.substr(0, size)), Code::kCorruptData);
  }
  EXPECT_EQ(code_of("[]"), Code::kCorruptData);
  EXPECT_EQ(code_of("3"), Code::kCorruptData);
  EXPECT_EQ(code_of(with("tickwerk linear", "another")), Code::kCorruptData);
  EXPECT_EQ(code_of(with("\"version\": 1", "\"version\": \"1\"")), Code::kCorruptData);
  EXPECT_EQ(code_of(with("\"version\": 1", "\"version\": 0")), Code::kCorruptData);
  EXPECT_EQ(code_of(with("\"version\": 1", "\"version\": 2")), Code::kUnsupported);
  EXPECT_EQ(code_of(with("\"ridge\"", "\"rigde\"")), Code::kCorruptData);
  EXPECT_EQ(code_of(with("\"alpha\": 1", "\"alpha\": -1")), Code::kCorruptData);
  EXPECT_EQ(code_of(with("\"alpha\": 1", "\"alpha\": null, \"b\": 1")), Code::kCorruptData);
  EXPECT_EQ(code_of(with("\"num_rows\": ", "\"num_rows\": -")), Code::kCorruptData);
  EXPECT_EQ(code_of(with("\"means\": [", "\"means\": [0,")), Code::kCorruptData);
  EXPECT_EQ(code_of(with("\"means\": [", "\"means\": [\"a\",")), Code::kCorruptData);
  EXPECT_EQ(code_of(with("\"deviations\": [", "\"deviations\": [1e999,")), Code::kCorruptData);
  EXPECT_EQ(code_of(with("\"deviations\"", "\"deviation\"")), Code::kCorruptData);
}

}  // namespace
}  // namespace tickwerk::model
