#include "tickwerk/kernel/normal.h"

#include <gtest/gtest.h>
#include <mpfr.h>

#include <algorithm>
#include <bit>
#include <vector>

namespace tickwerk {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// One Newton step from x in 200 bits: (P(Z <= x) - p) / density(x), the error of x for all but its
/// square.
double quantile_error(double x, double p) {
  mpfr_t left, density, at;
  mpfr_inits2(200, left, density, at, nullptr);
  mpfr_set_d(at, x, MPFR_RNDN);
  mpfr_sqr(density, at, MPFR_RNDN);
  mpfr_div_si(density, density, -2, MPFR_RNDN);
  mpfr_exp(density, density, MPFR_RNDN);
  mpfr_const_pi(left, MPFR_RNDN);
  mpfr_mul_ui(left, left, 2, MPFR_RNDN);
  mpfr_sqrt(left, left, MPFR_RNDN);
  mpfr_div(density, density, left, MPFR_RNDN);
  mpfr_set_ui(left, 2, MPFR_RNDN);
  mpfr_sqrt(left, left, MPFR_RNDN);
  mpfr_div(left, at, left, MPFR_RNDN);
  mpfr_neg(left, left, MPFR_RNDN);
  mpfr_erfc(left, left, MPFR_RNDN);
  mpfr_div_ui(left, left, 2, MPFR_RNDN);
  mpfr_sub_d(left, left, p, MPFR_RNDN);
  mpfr_div(left, left, density, MPFR_RNDN);
  const double error = mpfr_get_d(left, MPFR_RNDN);
  mpfr_clears(left, density, at, nullptr);
  return std::abs(error);
}

void expect_exact_to_its_bound(double p) {
  const double x = kernel::normal_quantile(p);
  EXPECT_LT(quantile_error(x, p), 1e-15 * std::max(1.0, std::abs(x))) << "p = " << p;
}

TEST(NormalQuantile, GivesTheCheckValuesOfItsSource) {
  // Wichura (1988), section "Test results".
  EXPECT_NEAR(kernel::normal_quantile(0.25), -0.6744897501960817, 1e-15);
  EXPECT_NEAR(kernel::normal_quantile(0.001), -3.090232306167814, 3e-15);
  EXPECT_NEAR(kernel::normal_quantile(1e-20), -9.262340089798408, 9e-15);
}

TEST(NormalQuantile, IsWithinItsStatedBoundOfMpfr) {
  const RandomStream stream{.seed = 11, .stream = 0};
  for (std::uint64_t i = 0; i < 20'000; ++i) expect_exact_to_its_bound(stream.uniform(i));
  for (double p = 0.5; p > 1e-300; p *= 0.9) expect_exact_to_its_bound(p);
  for (const double p : {0.075, 0.925, 0.5, 1.0 - 0x1p-53, 0x1p-53, 1.3887943864964021e-11}) {
    expect_exact_to_its_bound(p);
  }
}

TEST(NormalQuantile, IsOddAroundTheMedianAndUndefinedOutsideTheUnitInterval) {
  EXPECT_EQ(kernel::normal_quantile(0.5), 0.0);
  EXPECT_EQ(kernel::normal_quantile(0.25), -kernel::normal_quantile(0.75));
  EXPECT_EQ(kernel::normal_quantile(0.03125), -kernel::normal_quantile(0.96875));
  EXPECT_EQ(kernel::normal_quantile(0.0), -kInfinity);
  EXPECT_EQ(kernel::normal_quantile(1.0), kInfinity);
  for (const double p : {-0.1, 1.1, kNaN, kInfinity, -kInfinity}) {
    EXPECT_TRUE(std::isnan(kernel::normal_quantile(p))) << p;
  }
}

TEST(FillUniform, HasTheBitsOfTheScalarStreamWhereverItStarts) {
  const RandomStream stream{.seed = 3, .stream = 4};
  for (const std::size_t size : {0u, 1u, 2u, 7u, 64u, 1001u}) {
    for (const std::uint64_t first :
         {std::uint64_t{0}, std::uint64_t{10}, std::uint64_t{1} << 33}) {
      std::vector<double> out(size);
      kernel::fill_uniform(stream, first, out);
      for (std::size_t i = 0; i < size; ++i) ASSERT_EQ(out[i], stream.uniform(first + i));
    }
  }
}

TEST(FillNormal, HasTheBitsOfTheScalarQuantile) {
  const RandomStream stream{.seed = 3, .stream = 5};
  std::vector<double> out(100'001);
  kernel::fill_normal(stream, 0, out);
  for (std::size_t i = 0; i < out.size(); ++i) {
    ASSERT_EQ(std::bit_cast<std::uint64_t>(out[i]),
              std::bit_cast<std::uint64_t>(kernel::normal_quantile(stream.uniform(i))));
  }
}

TEST(FillNormal, HasTheMomentsOfTheStandardNormal) {
  constexpr double kDraws = 400'000;
  std::vector<double> draws(static_cast<std::size_t>(kDraws));
  kernel::fill_normal({.seed = 1, .stream = 1}, 0, draws);
  double sum[5] = {};
  for (const double z : draws) {
    double power = 1;
    for (double& s : sum) {
      s += power;
      power *= z;
    }
  }
  // Each bound is four standard errors: of z^n that is 4 sqrt(Var(z^n) / draws).
  EXPECT_NEAR(sum[1] / kDraws, 0.0, 4 * std::sqrt(1 / kDraws));
  EXPECT_NEAR(sum[2] / kDraws, 1.0, 4 * std::sqrt(2 / kDraws));
  EXPECT_NEAR(sum[3] / kDraws, 0.0, 4 * std::sqrt(15 / kDraws));
  EXPECT_NEAR(sum[4] / kDraws, 3.0, 4 * std::sqrt(96 / kDraws));
}

}  // namespace
}  // namespace tickwerk
