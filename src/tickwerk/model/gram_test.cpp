#include "tickwerk/model/gram.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "tickwerk/base/error.h"
#include "tickwerk/base/parallel.h"
#include "tickwerk/base/random.h"

namespace tickwerk::model {
namespace {

/// Random rows: features around `level`, a target that follows the first.
struct Rows {
  Panel features;
  std::vector<double> target;
  std::vector<double> weights;

  Rows(std::size_t num_features, std::size_t num_rows, double level = 0)
      : features(num_features, num_rows), target(num_rows), weights(num_rows) {
    RandomSequence random({.seed = 7, .stream = num_features});
    for (std::size_t r = 0; r < num_rows; ++r) {
      for (std::size_t f = 0; f < num_features; ++f) features(f, r) = level + random.uniform();
      target[r] = features(0, r) + random.uniform();
      weights[r] = random.uniform();
    }
  }
  TrainingRows all(std::span<const RowRange> ranges) const {
    return {features.view(), target, {}, ranges};
  }
  TrainingRows weighted(std::span<const RowRange> ranges) const {
    return {features.view(), target, weights, ranges};
  }
};

/// The definition, in two passes of long doubles.
long double centred_by_definition(const TrainingRows& rows, std::size_t a, std::size_t b) {
  const auto value = [&](std::size_t c, std::size_t r) -> long double {
    return c < rows.features.num_rows ? rows.features(c, r) : rows.target[r];
  };
  const auto weight = [&](std::size_t r) -> long double {
    return rows.weights.empty() ? 1 : rows.weights[r];
  };
  long double sum = 0, of_a = 0, of_b = 0, result = 0;
  for (const RowRange& range : rows.rows) {
    for (std::size_t r = range.first; r < range.last; ++r) {
      sum += weight(r);
      of_a += weight(r) * value(a, r);
      of_b += weight(r) * value(b, r);
    }
  }
  for (const RowRange& range : rows.rows) {
    for (std::size_t r = range.first; r < range.last; ++r) {
      result += weight(r) * (value(a, r) - of_a / sum) * (value(b, r) - of_b / sum);
    }
  }
  return result;
}

void expect_defined(const Gram& gram, const TrainingRows& rows, double tolerance) {
  const std::size_t target = gram.num_features();
  for (std::size_t a = 0; a <= target; ++a) {
    for (std::size_t b = 0; b <= target; ++b) {
      const double scale = static_cast<double>(
          std::sqrt(centred_by_definition(rows, a, a) * centred_by_definition(rows, b, b)));
      EXPECT_NEAR(gram.centred(a, b), static_cast<double>(centred_by_definition(rows, a, b)),
                  tolerance * scale)
          << a << " " << b;
    }
  }
}

std::string message_of(Gram& gram, const TrainingRows& rows) {
  try {
    gram.add(rows);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kInvalidArgument);
    return error.what();
  }
  return "no error";
}

TEST(Gram, MeansAndProductsOfThreeRowsAreThoseOfPaper) {
  Rows rows(2, 3);
  const double x[] = {1, 2, 6}, z[] = {0, 4, 2}, y[] = {1, 1, 4};
  std::copy(x, x + 3, rows.features.row(0));
  std::copy(z, z + 3, rows.features.row(1));
  rows.target.assign(y, y + 3);
  const RowRanges ranges{{0, 3}};
  Gram gram(2);

  gram.add(rows.all(ranges));

  EXPECT_EQ(gram.num_rows(), 3u);
  EXPECT_EQ(gram.weight(), 3);
  EXPECT_DOUBLE_EQ(gram.mean(0), 3);
  EXPECT_DOUBLE_EQ(gram.mean(2), 2);
  EXPECT_DOUBLE_EQ(gram.centred(0, 0), 4 + 1 + 9);
  EXPECT_DOUBLE_EQ(gram.centred(0, 1), (-2 * -2) + (-1 * 2) + (3 * 0));
  EXPECT_DOUBLE_EQ(gram.centred(0, 2), (-2 * -1) + (-1 * -1) + (3 * 2));
  EXPECT_DOUBLE_EQ(gram.deviation(0), std::sqrt(14.0 / 3));
}

TEST(Gram, ProductsAreThoseOfTheDefinitionForAnyShape) {
  for (const std::size_t num_features : {1, 2, 3, 6, 13}) {
    for (const std::size_t num_rows : {1, 7, 8, 129, 2048, 2049, 5000}) {
      const Rows rows(num_features, num_rows);
      const RowRanges ranges{{0, num_rows}};
      Gram gram(num_features);
      gram.add(rows.all(ranges));
      expect_defined(gram, rows.all(ranges), 1e-13);
    }
  }
}

TEST(Gram, WeightsCountRowsManyTimes) {
  const Rows rows(3, 3000);
  const RowRanges ranges{{0, 100}, {101, 102}, {500, 2900}};
  Gram gram(3);
  gram.add(rows.weighted(ranges));
  EXPECT_EQ(gram.num_rows(), 2501u);
  expect_defined(gram, rows.weighted(ranges), 1e-13);
}

TEST(Gram, ALevelFarFromZeroCostsNoDigits) {
  const Rows rows(3, 4000, 1 << 20);
  const RowRanges ranges{{0, 4000}};
  Gram gram(3);
  gram.add(rows.all(ranges));
  expect_defined(gram, rows.all(ranges), 1e-13);
}

TEST(Gram, ARollingWindowIsTheSumOfItsOwnRows) {
  const Rows rows(5, 30000);
  Gram gram(5);
  const RowRanges start{{0, 10000}};
  gram.add(rows.all(start));
  for (std::size_t k = 0; k + 11000 <= 30000; k += 1000) {
    const RowRanges added{{k + 10000, k + 11000}}, removed{{k, k + 1000}};
    gram.add(rows.all(added));
    gram.subtract(rows.all(removed));
  }
  const RowRanges last{{20000, 30000}};
  EXPECT_EQ(gram.num_rows(), 10000u);
  expect_defined(gram, rows.all(last), 1e-12);
}

TEST(Gram, RowsTakenAwayAsTheyCameLeaveNoTrace) {
  const Rows rows(4, 9000);
  const RowRanges kept{{0, 5000}}, passing{{5000, 9000}};
  Gram gram(4), expected(4);
  expected.add(rows.weighted(kept));
  gram.add(rows.weighted(kept));
  gram.add(rows.weighted(passing));
  gram.subtract(rows.weighted(passing));
  for (std::size_t a = 0; a <= 4; ++a) {
    EXPECT_EQ(gram.mean(a), expected.mean(a));
    for (std::size_t b = 0; b <= 4; ++b) EXPECT_EQ(gram.centred(a, b), expected.centred(a, b));
  }
}

TEST(Gram, IsTheSameForAnyNumberOfThreads) {
  const Rows rows(13, 300000);
  const RowRanges ranges{{0, 299999}};
  std::vector<Gram> grams;
  for (const int threads : {1, 2, 5}) {
    set_num_threads(threads);
    grams.emplace_back(13).add(rows.all(ranges));
  }
  set_num_threads(available_cores());
  for (std::size_t a = 0; a <= 13; ++a) {
    for (std::size_t b = 0; b <= 13; ++b) {
      EXPECT_EQ(grams[0].centred(a, b), grams[1].centred(a, b));
      EXPECT_EQ(grams[0].centred(a, b), grams[2].centred(a, b));
    }
  }
}

TEST(Gram, AConstantHasDeviationZeroAlsoAfterItVaried) {
  Rows rows(2, 12000);
  for (std::size_t r = 0; r < 12000; ++r) rows.features(0, r) = 0.1;
  for (std::size_t r = 6000; r < 12000; ++r) rows.features(1, r) = 0.3;
  const RowRanges all{{0, 12000}}, early{{0, 5000}}, middle{{5000, 6000}};
  Gram gram(2);
  gram.add(rows.all(all));
  EXPECT_EQ(gram.deviation(0), 0);
  EXPECT_EQ(gram.mean(0), 0.1);
  EXPECT_GT(gram.deviation(1), 0.1);
  gram.subtract(rows.all(early));
  gram.subtract(rows.all(middle));
  EXPECT_EQ(gram.deviation(1), 0);
}

TEST(Gram, ASumThatDependsOnItsOrderIsAConstant) {
  Rows rows(1, 1000);
  for (std::size_t r = 0; r < 1000; ++r) {
    rows.features(0, r) = r % 2 == 0 ? 0.3 : 0.1 + 0.2;
  }
  const RowRanges ranges{{0, 1000}};
  Gram gram(1);
  gram.add(rows.all(ranges));
  EXPECT_EQ(gram.deviation(0), 0);
}

TEST(Gram, ValuesThatAreNotFiniteAreNamedAndChangeNothing) {
  const RowRanges ranges{{0, 3000}}, before{{0, 2000}};
  Rows rows(3, 3000);
  Gram gram(3);
  gram.add(rows.all(before));
  const double mean = gram.mean(2);
  rows.features(2, 2222) = kNaN;
  EXPECT_EQ(message_of(gram, rows.all(ranges)),
            "features and target of training rows must be finite: nan in feature 2, row 2222");
  rows.features(2, 2222) = -std::numeric_limits<double>::infinity();
  EXPECT_EQ(message_of(gram, rows.all(ranges)),
            "features and target of training rows must be finite: -inf in feature 2, row 2222");
  rows.features(2, 2222) = 1;
  rows.target[17] = kNaN;
  EXPECT_EQ(message_of(gram, rows.all(ranges)),
            "features and target of training rows must be finite: nan in the target, row 17");
  rows.target[17] = 1;
  rows.features(1, 5) = 1e200;
  EXPECT_EQ(message_of(gram, rows.all(ranges)),
            "training rows must have squares that a double can add up: 1e+200 in feature 1");
  rows.features(1, 5) = 1;
  rows.weights[2999] = -1;
  EXPECT_EQ(message_of(gram, rows.weighted(ranges)),
            "weights of training rows must be finite and not negative: -1 in row 2999");
  EXPECT_EQ(gram.num_rows(), 2000u);
  EXPECT_EQ(gram.mean(2), mean);
}

TEST(Gram, ANaNOutsideTheRowsIsNotRead) {
  Rows rows(2, 100);
  rows.features(0, 50) = kNaN;
  const RowRanges ranges{{0, 50}, {51, 100}};
  Gram gram(2);
  gram.add(rows.all(ranges));
  EXPECT_EQ(gram.num_rows(), 99u);
}

TEST(Gram, NoMoreRowsAreTakenAwayThanThereAre) {
  const Rows rows(1, 10);
  const RowRanges five{{0, 5}}, six{{0, 6}};
  Gram gram(1);
  gram.add(rows.all(five));
  EXPECT_THROW(gram.subtract(rows.all(six)), Error);
  gram.subtract(rows.all(five));
  EXPECT_EQ(gram.num_rows(), 0u);
  gram.add(rows.all(six));
  expect_defined(gram, rows.all(six), 1e-14);
}

}  // namespace
}  // namespace tickwerk::model
