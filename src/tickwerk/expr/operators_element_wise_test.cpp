#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "tickwerk/expr/operators_fixture.h"

namespace tickwerk::expr {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
const Series kCorners = {0,   -0.0, 1,  -1, 2,         -2.5,       1e-11,
                         0.5, 1e9,  -3, 64, kInfinity, -kInfinity, kNaN};

/// All pairs of the corner values, in lane 0.
struct Pairs {
  Lanes a, b;
};

Pairs pairs_of_corners() {
  const std::size_t size = (kCorners.size() * kCorners.size() + 15) / 16 * 16;
  Pairs pairs{Lanes(kernel::kTileLanes, Series(size, 1.0)),
              Lanes(kernel::kTileLanes, Series(size, 1.0))};
  std::size_t bar = 0;
  for (const double a : kCorners) {
    for (const double b : kCorners) {
      pairs.a[0][bar] = a;
      pairs.b[0][bar] = b;
      ++bar;
    }
  }
  return pairs;
}

/// What the operator makes of single values.
double value_of(std::string_view name,
                const std::vector<double>& values,
                const std::vector<double>& constants = {}) {
  std::vector<Lanes> inputs;
  for (const double value : values) inputs.push_back(Lanes(kernel::kTileLanes, Series(16, value)));
  return run_at_once(*find_operator(name), inputs, constants)[0][0];
}

TEST(Binary, AreIeeeOperationsOnEveryPairOfCorners) {
  const Pairs pairs = pairs_of_corners();
  const std::vector<std::pair<std::string, std::function<double(double, double)>>> formulas = {
      {"$add", [](double a, double b) { return a + b; }},
      {"$subtract", [](double a, double b) { return a - b; }},
      {"$multiply", [](double a, double b) { return a * b; }},
      {"$divide", [](double a, double b) { return a / b; }},
      {"ratio", [](double a, double b) { return b > 1e-10 ? a / b : kNaN; }},
      {"fillna", [](double a, double b) { return std::isnan(a) ? b : a; }},
      {"$less", [](double a, double b) { return a < b; }},
      {"$less_equal", [](double a, double b) { return a <= b; }},
      {"$greater", [](double a, double b) { return a > b; }},
      {"$greater_equal", [](double a, double b) { return a >= b; }},
      {"$equal", [](double a, double b) { return a == b; }},
      {"$not_equal", [](double a, double b) { return a != b; }},
  };
  for (const auto& [name, formula] : formulas) {
    const Lanes found = run_at_once(*find_operator(name), {pairs.a, pairs.b}, {});
    const bool compares = find_operator(name)->type == ResultType::kCondition;
    for (std::size_t bar = 0; bar < found[0].size(); ++bar) {
      const double a = pairs.a[0][bar], b = pairs.b[0][bar];
      const bool unknown = compares && (std::isnan(a) || std::isnan(b));
      const double expected = unknown ? kNaN : formula(a, b);
      ASSERT_TRUE(same_bits(found[0][bar], expected)) << name << " " << a << " " << b;
    }
  }
}

TEST(MinAndMax, TakeAnyNumberAndNaNWins) {
  EXPECT_EQ(value_of("min", {3, 1}), 1);
  EXPECT_EQ(value_of("min", {3, 1, -2, 5}), -2);
  EXPECT_EQ(value_of("max", {3, 1, 7}), 7);
  EXPECT_EQ(value_of("max", {kInfinity, 1}), kInfinity);
  for (const char* name : {"min", "max"}) {
    EXPECT_TRUE(std::isnan(value_of(name, {kNaN, 1, 2}))) << name;
    EXPECT_TRUE(std::isnan(value_of(name, {1, kNaN, 2}))) << name;
    EXPECT_TRUE(std::isnan(value_of(name, {1, 2, kNaN}))) << name;
  }
}

TEST(Logic, IsThreeValued) {
  struct Row {
    double a, b, both, either;
  };
  for (const Row& row : {Row{0, 0, 0, 0}, Row{0, 1, 0, 1}, Row{1, 0, 0, 1}, Row{1, 1, 1, 1},
                         Row{0, kNaN, 0, kNaN}, Row{kNaN, 0, 0, kNaN}, Row{1, kNaN, kNaN, 1},
                         Row{kNaN, 1, kNaN, 1}, Row{kNaN, kNaN, kNaN, kNaN}}) {
    EXPECT_TRUE(same_bits(value_of("$and", {row.a, row.b}), row.both)) << row.a << " " << row.b;
    EXPECT_TRUE(same_bits(value_of("$or", {row.a, row.b}), row.either)) << row.a << " " << row.b;
  }
  EXPECT_EQ(value_of("$not", {0}), 1);
  EXPECT_EQ(value_of("$not", {1}), 0);
  EXPECT_TRUE(std::isnan(value_of("$not", {kNaN})));
}

TEST(Where, ChoosesAndForgetsTheOther) {
  EXPECT_EQ(value_of("where", {1, 5, kNaN}), 5);
  EXPECT_EQ(value_of("where", {0, kNaN, 7}), 7);
  EXPECT_TRUE(std::isnan(value_of("where", {kNaN, 5, 7})));
}

TEST(Unary, FollowTheirFormula) {
  EXPECT_EQ(value_of("$negate", {2}), -2);
  EXPECT_EQ(value_of("abs", {-2.5}), 2.5);
  EXPECT_TRUE(same_bits(value_of("abs", {-0.0}), 0.0));
  EXPECT_EQ(value_of("sign", {-3}), -1);
  EXPECT_EQ(value_of("sign", {0}), 0);
  EXPECT_EQ(value_of("sign", {1e-300}), 1);
  EXPECT_EQ(value_of("sqrt", {2}), std::sqrt(2.0));
  EXPECT_TRUE(std::isnan(value_of("sqrt", {-1})));
  EXPECT_EQ(value_of("floor", {-1.5}), -2);
  EXPECT_EQ(value_of("floor", {1e300}), 1e300);
  EXPECT_EQ(value_of("isnan", {kNaN}), 1);
  EXPECT_EQ(value_of("isnan", {kInfinity}), 0);
  EXPECT_EQ(value_of("clip", {5}, {-1, 1}), 1);
  EXPECT_EQ(value_of("clip", {-5}, {-1, 1}), -1);
  EXPECT_EQ(value_of("clip", {0.5}, {-1, 1}), 0.5);
  EXPECT_DOUBLE_EQ(value_of("log", {10}), std::log(10.0));
  EXPECT_DOUBLE_EQ(value_of("exp", {1}), std::exp(1.0));
  for (const char* name : {"$negate", "abs", "sign", "sqrt", "floor", "log", "exp"}) {
    EXPECT_TRUE(std::isnan(value_of(name, {kNaN}))) << name;
  }
  EXPECT_TRUE(std::isnan(value_of("clip", {kNaN}, {-1, 1})));
}

TEST(Power, IsExactForSmallWholeExponentsAndRoots) {
  EXPECT_EQ(value_of("$power", {3, 2}), 9);
  EXPECT_EQ(value_of("$power", {-3, 3}), -27);
  EXPECT_EQ(value_of("$power", {1.1, 3}), 1.1 * (1.1 * 1.1));
  EXPECT_EQ(value_of("$power", {4, -1}), 0.25);
  EXPECT_EQ(value_of("$power", {2, 0.5}), std::sqrt(2.0));
  EXPECT_EQ(value_of("$power", {7, 0}), 1);
  EXPECT_EQ(value_of("$power", {0, -1}), kInfinity);
}

TEST(Power, IsThatOfTheLibraryElsewhere) {
  for (const double x : {0.01, 0.5, 1.0, 3.7, 1234.5}) {
    for (const double y : {0.3, 1.7, -2.2, 12.5, 65.0, -70.0}) {
      const double expected = std::pow(x, y);
      EXPECT_NEAR(value_of("$power", {x, y}), expected, 1e-12 * expected) << x << " " << y;
    }
  }
  EXPECT_NEAR(value_of("$power", {-1.5, 65}), std::pow(-1.5, 65), 1e-12 * std::pow(1.5, 65));
  EXPECT_NEAR(value_of("$power", {-1.5, 66}), std::pow(-1.5, 66), 1e-12 * std::pow(1.5, 66));
  EXPECT_EQ(value_of("$power", {0, 1.5}), 0);
}

TEST(Power, OfANegativeBaseNeedsAWholeExponentAndNaNStays) {
  EXPECT_TRUE(std::isnan(value_of("$power", {-2, 0.3})));
  EXPECT_TRUE(std::isnan(value_of("$power", {-2, 0.5})));
  EXPECT_TRUE(std::isnan(value_of("$power", {kNaN, 0})));
  EXPECT_TRUE(std::isnan(value_of("$power", {2, kNaN})));
}

TEST(Power, OfASeriesHasTheBitsOfAConstantExponent) {
  const Lanes x = troubled_series(11, 64);
  for (const double exponent : {2.0, 0.5, 1.7, -1.0, 0.0}) {
    Lanes y(kernel::kTileLanes, Series(64, exponent));
    const Lanes constant = run_at_once(*find_operator("$power"), {x, y}, {});
    y[7][63] = 5;  // no longer one exponent for all
    const Lanes series = run_at_once(*find_operator("$power"), {x, y}, {});
    for (std::size_t bar = 0; bar < 63; ++bar) {
      ASSERT_TRUE(same_bits(constant[3][bar], series[3][bar])) << exponent;
    }
  }
}

TEST(SignedPower, KeepsTheSign) {
  EXPECT_EQ(value_of("signed_power", {-3}, {2}), -9);
  EXPECT_EQ(value_of("signed_power", {4}, {0.5}), 2);
  EXPECT_EQ(value_of("signed_power", {-4}, {0.5}), -2);
  EXPECT_EQ(value_of("signed_power", {0}, {-1}), 0);
  EXPECT_TRUE(std::isnan(value_of("signed_power", {kNaN}, {2})));
}

}  // namespace
}  // namespace tickwerk::expr
