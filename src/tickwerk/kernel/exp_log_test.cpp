#include "tickwerk/kernel/exp_log.h"

#include <gtest/gtest.h>
#include <mpfr.h>

#include <array>
#include <cmath>
#include <random>
#include <vector>

namespace tickwerk {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kSmallest = std::numeric_limits<double>::denorm_min();
constexpr double kLargest = std::numeric_limits<double>::max();

std::uint64_t bits(double x) { return std::bit_cast<std::uint64_t>(x); }

/// |found - exact| in units in the last place of the double nearest to the exact value.
class UlpMeter {
 public:
  using Function = int (*)(mpfr_t, const mpfr_t, mpfr_rnd_t);
  explicit UlpMeter(Function function) : function_(function) {
    mpfr_init2(x_, 53);
    mpfr_init2(y_, 53);
    mpfr_init2(exact_, 120);
  }
  ~UlpMeter() { mpfr_clears(x_, y_, exact_, nullptr); }
  UlpMeter(const UlpMeter&) = delete;
  UlpMeter& operator=(const UlpMeter&) = delete;

  double error(double x, double found) {
    mpfr_set_d(x_, x, MPFR_RNDN);
    function_(exact_, x_, MPFR_RNDN);
    const double nearest = mpfr_get_d(exact_, MPFR_RNDN);
    mpfr_set_d(y_, found, MPFR_RNDN);
    mpfr_sub(exact_, exact_, y_, MPFR_RNDN);
    const int exponent = nearest == 0 ? -1074 : std::max(std::ilogb(nearest) - 52, -1074);
    mpfr_mul_2si(exact_, exact_, -exponent, MPFR_RNDN);
    return std::abs(mpfr_get_d(exact_, MPFR_RNDN));
  }

 private:
  Function function_;
  mpfr_t x_, y_, exact_;
};

/// Doubles whose bit patterns are uniform: every binade is as likely as any other.
std::vector<double> positive_doubles(int count) {
  std::mt19937_64 random(1);
  std::vector<double> values;
  while (static_cast<int>(values.size()) < count) {
    const double x = std::bit_cast<double>(random() >> 1);
    if (std::isfinite(x)) values.push_back(x);
  }
  return values;
}

std::vector<double> uniform_doubles(int count, double first, double last) {
  std::mt19937_64 random(2);
  std::uniform_real_distribution<double> draw(first, last);
  std::vector<double> values(static_cast<std::size_t>(count));
  for (double& x : values) x = draw(random);
  return values;
}

double worst_error(UlpMeter::Function exact,
                   double (*ours)(double),
                   const std::vector<double>& xs) {
  UlpMeter meter(exact);
  double worst = 0;
  double at = 0;
  for (const double x : xs) {
    const double error = meter.error(x, ours(x));
    if (error > worst) {
      worst = error;
      at = x;
    }
  }
  testing::Test::RecordProperty("worst_ulp", std::to_string(worst));
  EXPECT_LT(worst, 1.0) << "at " << at;
  return worst;
}

double our_log(double x) { return kernel::log(x); }
double our_exp(double x) { return kernel::exp(x); }

TEST(Log, IsWithinItsStatedBoundOfMpfr) {
  EXPECT_LT(worst_error(mpfr_log, our_log, positive_doubles(200'000)), 0.85);
  EXPECT_LT(worst_error(mpfr_log, our_log, uniform_doubles(300'000, 0.5, 2.0)), 0.85);
}

TEST(Log, IsWithinItsStatedBoundNextToOneAndAtTheEdgesOfItsReduction) {
  std::vector<double> values = {kSmallest, 3 * kSmallest, 0x1p-1022, 0x1.fffffffffffffp-1023,
                                kLargest,  2.0,           0.5,       10.0,
                                0x1p52,    0x1p-52};
  for (const double edge : {1.0, std::sqrt(0.5), std::sqrt(2.0), 2 * std::sqrt(0.5)}) {
    double up = edge;
    double down = edge;
    for (int i = 0; i < 2000; ++i) {
      up = std::nextafter(up, 4.0);
      down = std::nextafter(down, 0.0);
      values.push_back(up);
      values.push_back(down);
    }
  }
  EXPECT_LT(worst_error(mpfr_log, our_log, values), 0.85);
}

TEST(Log, TreatsSpecialValuesAsC99Does) {
  EXPECT_EQ(bits(kernel::log(1.0)), bits(0.0));
  EXPECT_EQ(kernel::log(0.0), -kInfinity);
  EXPECT_EQ(kernel::log(-0.0), -kInfinity);
  EXPECT_EQ(kernel::log(kInfinity), kInfinity);
  for (const double x : {-1.0, -kInfinity, -kSmallest, kNaN, -kNaN}) {
    EXPECT_EQ(bits(kernel::log(x)), bits(kNaN)) << x;
  }
}

TEST(Exp, IsWithinItsStatedBoundOfMpfr) {
  EXPECT_LT(worst_error(mpfr_exp, our_exp, uniform_doubles(200'000, -708.0, 709.78)), 0.65);
  EXPECT_LT(worst_error(mpfr_exp, our_exp, uniform_doubles(300'000, -1.0, 1.0)), 0.65);
}

TEST(Exp, IsWithinItsStatedBoundWhereTheResultIsSubnormal) {
  EXPECT_LT(worst_error(mpfr_exp, our_exp, uniform_doubles(50'000, -745.2, -708.0)), 0.80);
}

TEST(Exp, IsWithinItsStatedBoundAtTheEdgesOfItsReduction) {
  std::vector<double> values = {kSmallest, -kSmallest, 0x1p-54,
                                -0x1p-54,  0x1p-30,    709.782712893384};
  for (int k = -1020; k <= 1022; ++k) {
    const double edge = (k + 0.5) * std::log(2.0);
    values.insert(values.end(),
                  {edge, std::nextafter(edge, 1e3), std::nextafter(edge, -1e3), k * std::log(2.0)});
  }
  EXPECT_LT(worst_error(mpfr_exp, our_exp, values), 0.65);
}

TEST(Exp, TreatsSpecialValuesAsC99Does) {
  EXPECT_EQ(kernel::exp(0.0), 1.0);
  EXPECT_EQ(kernel::exp(-0.0), 1.0);
  EXPECT_EQ(kernel::exp(kInfinity), kInfinity);
  EXPECT_EQ(bits(kernel::exp(-kInfinity)), bits(0.0));
  EXPECT_EQ(kernel::exp(709.782712893384), 0x1.fffffffffff2ap+1023);
  EXPECT_EQ(kernel::exp(709.782712893385), kInfinity);
  EXPECT_EQ(kernel::exp(-745.1332191019411), kSmallest);
  EXPECT_EQ(kernel::exp(-745.1332191019412), 0.0);
  EXPECT_EQ(kernel::exp(kLargest), kInfinity);
  EXPECT_EQ(kernel::exp(-kLargest), 0.0);
  EXPECT_EQ(bits(kernel::exp(-kNaN)), bits(kNaN));
}

TEST(ExpLog, OfArraysHaveTheBitsOfTheScalarFunctions) {
  std::vector<double> in = positive_doubles(100'003);
  const std::vector<double> small = uniform_doubles(100'000, -800.0, 800.0);
  in.insert(in.end(), small.begin(), small.end());
  in.insert(in.end(), {0.0, -0.0, kInfinity, -kInfinity, kNaN, -kNaN, kSmallest, -1.0, kLargest});
  std::vector<double> logs(in.size());
  std::vector<double> exps(in.size());
  kernel::log(in, logs);
  kernel::exp(in, exps);
  for (std::size_t i = 0; i < in.size(); ++i) {
    ASSERT_EQ(bits(logs[i]), bits(kernel::log(in[i]))) << in[i];
    ASSERT_EQ(bits(exps[i]), bits(kernel::exp(in[i]))) << in[i];
  }
  kernel::log(in, in);
  for (std::size_t i = 0; i < in.size(); ++i) ASSERT_EQ(bits(in[i]), bits(logs[i]));
}

TEST(ExpLog, OfPanelsReachEverySymbolWhateverTheStride) {
  Panel in(3, 5, 2.0);
  Panel out(3, 5, -1.0);
  Panel wide(3, 9, -1.0);
  kernel::log(in.view(), out.span());
  kernel::exp(in.view(), {wide.row(0), 3, 5, wide.stride()});
  for (std::size_t t = 0; t < 3; ++t) {
    for (std::size_t i = 0; i < 5; ++i) {
      EXPECT_EQ(out(t, i), kernel::log(2.0));
      EXPECT_EQ(wide(t, i), kernel::exp(2.0));
    }
    EXPECT_EQ(wide(t, 5), -1.0);
  }
}

}  // namespace
}  // namespace tickwerk
