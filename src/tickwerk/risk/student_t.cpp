#include "tickwerk/risk/student_t.h"

#include <math.h>  // lgamma_r: std::lgamma writes a global

#include <cmath>

namespace tickwerk::risk {
namespace {

double log_gamma(double x) noexcept {
  int sign = 0;
  return ::lgamma_r(x, &sign);
}

/// The continued fraction of A&S 26.5.8, evaluated from the front by Lentz's method.
double beta_fraction(double a, double b, double x) noexcept {
  constexpr int kMaxSteps = 10'000;
  constexpr double kTiny = 1e-300;
  const auto away_from_zero = [](double value) { return std::abs(value) < kTiny ? kTiny : value; };
  double numerator = 1;
  double denominator = 1 / away_from_zero(1 - (a + b) * x / (a + 1));
  double value = denominator;
  const auto extend = [&](double coefficient) {
    denominator = 1 / away_from_zero(1 + coefficient * denominator);
    numerator = away_from_zero(1 + coefficient / numerator);
    const double factor = numerator * denominator;
    value *= factor;
    return factor;
  };
  for (int step = 1; step <= kMaxSteps; ++step) {
    const double m = step;
    extend(m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)));
    const double last = extend(-(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)));
    if (std::abs(last - 1) < 1e-16) break;
  }
  return value;
}

/// x^a (1 - x)^b / (a B(a, b)) times the fraction; `rest` is 1 - x, known without cancellation.
double incomplete_beta(double a, double b, double x, double rest) noexcept {
  const double log_beta = log_gamma(a) + log_gamma(b) - log_gamma(a + b);
  return std::exp(a * std::log(x) + b * std::log(rest) - log_beta) / a * beta_fraction(a, b, x);
}

}  // namespace

double student_t_two_sided(double t, double degrees) noexcept {
  if (std::isnan(t)) return t;
  if (t == 0) return 1;
  if (std::isinf(t)) return 0;
  const double x = degrees / (degrees + t * t);
  const double rest = t * t / (degrees + t * t);
  const double a = degrees / 2;
  const double b = 0.5;
  // The fraction converges fast below the mean of the beta distribution.
  if (x < (a + 1) / (a + b + 2)) return incomplete_beta(a, b, x, rest);
  return 1 - incomplete_beta(b, a, rest, x);
}

}  // namespace tickwerk::risk
