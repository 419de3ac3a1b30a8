// Windowed and recursive operators against their definitions in long double.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "tickwerk/expr/operators_fixture.h"

namespace tickwerk::expr {
namespace {

using Real = long double;
using Window = std::vector<Real>;  // oldest first; NaN where a value is missing

constexpr Real kMissing = std::numeric_limits<Real>::quiet_NaN();
constexpr std::size_t kBars = 592;

Window values_of(const Window& window) {
  Window values;
  for (const Real x : window) {
    if (!std::isnan(x)) values.push_back(x);
  }
  return values;
}

Real sum_of(const Window& x) { return std::accumulate(x.begin(), x.end(), Real{0}); }

Real mean_of(const Window& x) { return sum_of(x) / static_cast<Real>(x.size()); }

bool is_constant(const Window& x) {
  return std::all_of(x.begin(), x.end(), [&](Real value) { return value == x[0]; });
}

Real central(const Window& x, const Window& y) {
  if (is_constant(x) || is_constant(y)) return 0;
  const Real mean_x = mean_of(x), mean_y = mean_of(y);
  Real sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += (x[i] - mean_x) * (y[i] - mean_y);
  return sum;
}

Real power_sum(const Window& x, int power) {
  const Real mean = mean_of(x);
  Real sum = 0;
  for (const Real value : x) sum += std::pow(value - mean, static_cast<Real>(power));
  return sum;
}

Real variance(const Window& x, Real ddof) {
  const auto n = static_cast<Real>(x.size());
  return n > ddof ? central(x, x) / (n - ddof) : kMissing;
}

Real largest_size(const Window& x) {
  Real size = 0;
  for (const Real value : x) size = std::max(size, std::fabs(value));
  return size;
}

/// Size of the values in standard deviations: what a difference from the mean loses to rounding.
Real condition(const Window& x) {
  if (x.size() < 2 || is_constant(x)) return 0;
  return largest_size(x) / std::sqrt(central(x, x) / static_cast<Real>(x.size()));
}

struct Expected {
  Real value;
  Real scale;  // errors are measured in 1e-9 of it
};

/// Values without a unit: 1e-9, and a few units of rounding of the input for badly scaled windows.
Real unitless(Real conditions) { return 1 + 1e-5L * conditions; }

Window times(std::size_t n) {
  Window time(n);
  std::iota(time.begin(), time.end(), Real{1});
  return time;
}

Real quantile(Window x, Real q) {
  std::sort(x.begin(), x.end());
  const Real at = static_cast<Real>(x.size() - 1) * q;
  const auto low = static_cast<std::size_t>(at);
  if (low + 1 >= x.size()) return x.back();
  return x[low] + (x[low + 1] - x[low]) * (at - static_cast<Real>(low));
}

Real position_of(const Window& window, Real value) {
  for (std::size_t i = 0; i < window.size(); ++i) {
    if (window[i] == value) return static_cast<Real>(i + 1);
  }
  return kMissing;
}

using Formula = std::function<Expected(const Window& window, const Window& values)>;

struct OfOne {
  std::string name;
  Formula formula;
  std::vector<double> more = {};   // constants after n and min_count
  std::vector<double> first = {};  // constants between n and min_count
};

Expected rank(const Window& window, const Window& values) {
  const Real newest = window.back();
  if (std::isnan(newest)) return {kMissing, 1};
  Real below = 0, equal = 0;
  for (const Real x : values) {
    below += x < newest ? 1 : 0;
    equal += x == newest ? 1 : 0;
  }
  return {(below + (equal + 1) / 2) / static_cast<Real>(values.size()), 1};
}

Expected skewness(const Window&, const Window& x) {
  const auto n = static_cast<Real>(x.size());
  if (n < 3 || is_constant(x)) return {kMissing, 1};
  const Real deviation = std::sqrt(variance(x, 1));
  const Real value = n / ((n - 1) * (n - 2)) * power_sum(x, 3) / std::pow(deviation, Real{3});
  return {value, unitless(condition(x)) * (1 + std::fabs(value))};
}

Expected kurtosis(const Window&, const Window& x) {
  const auto n = static_cast<Real>(x.size());
  if (n < 4 || is_constant(x)) return {kMissing, 1};
  const Real fourth = power_sum(x, 4) / std::pow(variance(x, 1), Real{2});
  const Real value = n * (n + 1) / ((n - 1) * (n - 2) * (n - 3)) * fourth -
                     3 * (n - 1) * (n - 1) / ((n - 2) * (n - 3));
  return {value, unitless(condition(x)) * (1 + std::fabs(value) + 3 * n / (n - 3))};
}

std::vector<OfOne> of_one_input() {
  const auto scaled = [](auto formula) {
    return
        [formula](const Window&, const Window& x) { return Expected{formula(x), largest_size(x)}; };
  };
  const auto position = [](auto extreme) {
    return [extreme](const Window& window, const Window& x) {
      return Expected{x.empty() ? kMissing : position_of(window, *extreme(x.begin(), x.end())), 0};
    };
  };
  const auto least = [](auto a, auto b) { return std::min_element(a, b); };
  const auto most = [](auto a, auto b) { return std::max_element(a, b); };
  const auto spread = [](Real ddof) {
    return [ddof](const Window&, const Window& x) {
      // Half the digits of the window's scale: deviations far below it are lost in the inputs.
      const Real value = std::sqrt(variance(x, ddof));
      return Expected{value, value * unitless(condition(x))};
    };
  };
  return {
      {"ts_sum",
       [](const Window&, const Window& x) {
         return Expected{sum_of(x), largest_size(x) * static_cast<Real>(x.size())};
       }},
      {"ts_mean", scaled([](const Window& x) { return mean_of(x); })},
      {"ts_product",
       [](const Window&, const Window& x) {
         Real product = 1;
         for (const Real value : x) product *= value;
         return Expected{product, std::fabs(product)};
       }},
      {"ts_min", scaled([](const Window& x) { return *std::min_element(x.begin(), x.end()); })},
      {"ts_max", scaled([](const Window& x) { return *std::max_element(x.begin(), x.end()); })},
      {"ts_argmin", position(least)},
      {"ts_argmax", position(most)},
      {"ts_var",
       [](const Window&, const Window& x) {
         const Real value = variance(x, 1);
         return Expected{value, value * unitless(condition(x))};
       },
       {1}},
      {"ts_std", spread(1), {1}},
      {"ts_std", spread(0), {0}},
      {"ts_skew", skewness},
      {"ts_kurt", kurtosis},
      {"ts_rank", rank},
      {"ts_median", scaled([](const Window& x) { return quantile(x, 0.5L); })},
      {"ts_quantile", scaled([](const Window& x) { return quantile(x, Real{0.1}); }), {}, {0.1}},
      {"ts_quantile", scaled([](const Window& x) { return quantile(x, 1); }), {}, {1}},
  };
}

/// Regression of a whole window on time.
struct OfTime {
  std::string name;
  std::function<Expected(const Window&)> formula;
};

Expected slope(const Window& x) {
  const Window time = times(x.size());
  if (x.size() < 2) return {kMissing, 1};
  return {central(time, x) / central(time, time), largest_size(x)};
}

std::vector<OfTime> of_time() {
  return {
      {"ts_slope", slope},
      {"ts_residual",
       [](const Window& x) {
         const auto n = static_cast<Real>(x.size());
         return Expected{x.back() - (mean_of(x) + slope(x).value * (n - 1) / 2), largest_size(x)};
       }},
      {"ts_r2",
       [](const Window& x) {
         const Window time = times(x.size());
         if (x.size() < 2 || is_constant(x)) return Expected{kMissing, 1};
         const Real joint = central(time, x);
         return Expected{joint * joint / central(time, time) / central(x, x),
                         unitless(condition(x))};
       }},
      {"decay_linear",
       [](const Window& x) {
         Real sum = 0, weights = 0;
         for (std::size_t i = 0; i < x.size(); ++i) {
           sum += static_cast<Real>(i + 1) * x[i];
           weights += static_cast<Real>(i + 1);
         }
         return Expected{sum / weights, largest_size(x)};
       }},
  };
}

struct OfTwo {
  std::string name;
  std::function<Expected(const Window& x, const Window& y)> formula;
  std::vector<double> more = {};
};

std::vector<OfTwo> of_two_inputs() {
  return {
      {"ts_cov",
       [](const Window& x, const Window& y) {
         const auto n = static_cast<Real>(x.size());
         const Real size = std::sqrt(central(x, x) * central(y, y)) / n;
         return Expected{n > 1 ? central(x, y) / (n - 1) : kMissing,
                         size * unitless(condition(x) + condition(y))};
       },
       {1}},
      {"ts_corr",
       [](const Window& x, const Window& y) {
         if (is_constant(x) || is_constant(y)) return Expected{kMissing, 1};
         return Expected{central(x, y) / std::sqrt(central(x, x) * central(y, y)),
                         unitless(condition(x) + condition(y))};
       }},
      {"ts_beta",
       [](const Window& y, const Window& x) {
         if (is_constant(x)) return Expected{kMissing, 1};
         const Real unit = std::sqrt(central(y, y) / central(x, x));
         return Expected{central(y, x) / central(x, x),
                         unit * unitless(condition(x) + condition(y))};
       }},
  };
}

Window window_at(const Series& series, std::size_t bar, std::size_t n) {
  Window window;
  for (std::size_t k = 0; k < n; ++k) {
    const bool before = bar + k + 1 < n;
    window.push_back(before ? kMissing : Real{series[bar + k + 1 - n]});
  }
  return window;
}

::testing::AssertionResult is_near(double found, const Expected& expected) {
  if (std::isnan(found) && std::isnan(expected.value)) return ::testing::AssertionSuccess();
  if (std::isinf(found) && std::fabs(expected.value) > std::numeric_limits<double>::max()) {
    return ::testing::AssertionSuccess();
  }
  if (std::fabs(Real{found} - expected.value) <= 1e-9L * expected.scale) {
    return ::testing::AssertionSuccess();
  }
  return ::testing::AssertionFailure()
         << found << " instead of " << expected.value << ", in units of " << expected.scale;
}

const std::vector<std::size_t> kWindows = {1, 2, 5, 16, 17, 20, 33, 60, 252};

std::vector<std::size_t> min_counts(std::size_t n) {
  std::vector<std::size_t> counts = {1, n};
  if (n > 2) counts.push_back((n + 1) / 2);
  return counts;
}

TEST(Windows, OfOneInputFollowTheirDefinition) {
  const Lanes x = troubled_series(1, kBars);
  for (const OfOne& test : of_one_input()) {
    const Operator* op = find_operator(test.name);
    ASSERT_NE(op, nullptr) << test.name;
    for (const std::size_t n : kWindows) {
      for (const std::size_t min_count : min_counts(n)) {
        std::vector<double> constants = {static_cast<double>(n)};
        constants.insert(constants.end(), test.first.begin(), test.first.end());
        constants.push_back(static_cast<double>(min_count));
        constants.insert(constants.end(), test.more.begin(), test.more.end());
        const Lanes found = run_at_once(*op, {x}, constants);
        for (std::size_t lane = 0; lane < x.size(); ++lane) {
          for (std::size_t bar = 0; bar < kBars; ++bar) {
            const Window window = window_at(x[lane], bar, n);
            const Window values = values_of(window);
            const Expected expected =
                values.size() < min_count ? Expected{kMissing, 1} : test.formula(window, values);
            ASSERT_TRUE(is_near(found[lane][bar], expected))
                << test.name << " n " << n << " min_count " << min_count << " lane " << lane
                << " bar " << bar;
          }
        }
      }
    }
  }
}

TEST(Windows, OfTimeFollowTheirDefinition) {
  const Lanes x = troubled_series(2, kBars);
  for (const OfTime& test : of_time()) {
    for (const std::size_t n : kWindows) {
      const Lanes found = run_at_once(*find_operator(test.name), {x}, {static_cast<double>(n)});
      for (std::size_t lane = 0; lane < x.size(); ++lane) {
        for (std::size_t bar = 0; bar < kBars; ++bar) {
          const Window window = window_at(x[lane], bar, n);
          const bool whole = values_of(window).size() == n;
          const Expected expected = whole ? test.formula(window) : Expected{kMissing, 1};
          ASSERT_TRUE(is_near(found[lane][bar], expected))
              << test.name << " n " << n << " lane " << lane << " bar " << bar;
        }
      }
    }
  }
}

TEST(Windows, OfTwoInputsFollowTheirDefinition) {
  const Lanes x = troubled_series(3, kBars);
  Lanes y = troubled_series(4, kBars);
  std::rotate(y.begin(), y.begin() + 3, y.end());
  for (const OfTwo& test : of_two_inputs()) {
    for (const std::size_t n : kWindows) {
      for (const std::size_t min_count : min_counts(n)) {
        std::vector<double> constants = {static_cast<double>(n), static_cast<double>(min_count)};
        constants.insert(constants.end(), test.more.begin(), test.more.end());
        const Lanes found = run_at_once(*find_operator(test.name), {x, y}, constants);
        for (std::size_t lane = 0; lane < x.size(); ++lane) {
          for (std::size_t bar = 0; bar < kBars; ++bar) {
            Window first = window_at(x[lane], bar, n);
            Window second = window_at(y[lane], bar, n);
            for (std::size_t k = 0; k < n; ++k) {
              if (std::isnan(first[k]) || std::isnan(second[k])) first[k] = second[k] = kMissing;
            }
            first = values_of(first);
            second = values_of(second);
            const Expected expected =
                first.size() < min_count ? Expected{kMissing, 1} : test.formula(first, second);
            ASSERT_TRUE(is_near(found[lane][bar], expected))
                << test.name << " n " << n << " min_count " << min_count << " lane " << lane
                << " bar " << bar;
          }
        }
      }
    }
  }
}

TEST(Windows, CountTrueConditions) {
  const Lanes c = troubled_conditions(5, kBars);
  for (const std::size_t n : kWindows) {
    const auto size = static_cast<double>(n);
    const Lanes found = run_at_once(*find_operator("ts_count"), {c}, {size, 1});
    for (std::size_t lane = 0; lane < c.size(); ++lane) {
      for (std::size_t bar = 0; bar < kBars; ++bar) {
        const Window values = values_of(window_at(c[lane], bar, n));
        const Real count = values.empty() ? kMissing : sum_of(values);
        ASSERT_TRUE(is_near(found[lane][bar], {count, 0})) << n << " " << lane << " " << bar;
      }
    }
  }
}

TEST(Means, FollowTheirRecursion) {
  const Lanes x = troubled_series(6, kBars);
  for (const std::size_t n : kWindows) {
    const auto size = static_cast<double>(n);
    const Lanes ema = run_at_once(*find_operator("ema"), {x}, {size});
    const Lanes wilder = run_at_once(*find_operator("wilder"), {x}, {size});
    for (std::size_t lane = 0; lane < x.size(); ++lane) {
      Real exponential = 0, smoothed = 0, largest = 0;
      std::size_t seen = 0;
      for (std::size_t bar = 0; bar < kBars; ++bar) {
        const Real value = x[lane][bar];
        if (std::isnan(value)) {
          ASSERT_TRUE(std::isnan(ema[lane][bar]) && std::isnan(wilder[lane][bar]));
          continue;
        }
        largest = std::max(largest, std::fabs(value));
        const Real a = Real{2} / static_cast<Real>(n + 1);
        exponential = seen == 0 ? value : (1 - a) * exponential + a * value;
        ++seen;
        if (seen <= n) {
          smoothed += value;  // their sum, until all are there
          if (seen == n) smoothed /= static_cast<Real>(n);
        } else {
          smoothed = (smoothed * static_cast<Real>(n - 1) + value) / static_cast<Real>(n);
        }
        const Expected of_ema = {seen < n ? kMissing : exponential, largest};
        const Expected of_wilder = {seen < n ? kMissing : smoothed, largest};
        ASSERT_TRUE(is_near(ema[lane][bar], of_ema)) << n << " " << lane << " " << bar;
        ASSERT_TRUE(is_near(wilder[lane][bar], of_wilder)) << n << " " << lane << " " << bar;
      }
    }
  }
}

TEST(SumsAndLastValues, FollowTheirRecursion) {
  const Lanes x = troubled_series(7, kBars);
  const Lanes sums = run_at_once(*find_operator("cum_sum"), {x}, {});
  const Lanes last = run_at_once(*find_operator("last_value"), {x}, {});
  for (std::size_t lane = 0; lane < x.size(); ++lane) {
    Real sum = 0, sizes = 0;
    double before = kNaN;
    for (std::size_t bar = 0; bar < kBars; ++bar) {
      const double value = x[lane][bar];
      const bool missing = std::isnan(value);
      if (!missing) {
        sum += value;
        sizes += std::fabs(value);
        before = value;
      }
      ASSERT_TRUE(is_near(sums[lane][bar], {missing ? kMissing : sum, sizes}));
      ASSERT_TRUE(same_bits(last[lane][bar], before));
    }
  }
}

TEST(LatchAndBarsSince, FollowTheirRecursion) {
  const Lanes enter = troubled_conditions(8, kBars);
  Lanes exit = troubled_conditions(9, kBars);
  std::rotate(exit.begin(), exit.begin() + 5, exit.end());
  const Lanes latch = run_at_once(*find_operator("latch"), {enter, exit}, {});
  const Lanes since = run_at_once(*find_operator("bars_since"), {enter}, {});
  for (std::size_t lane = 0; lane < enter.size(); ++lane) {
    double held = 0, bars = kNaN;
    for (std::size_t bar = 0; bar < kBars; ++bar) {
      const double in = enter[lane][bar], out = exit[lane][bar];
      if (out == 1) {
        held = 0;
      } else if (out == 0 && in == 1) {
        held = 1;
      }
      bars = in == 1 ? 0 : bars + 1;
      ASSERT_EQ(latch[lane][bar], held) << lane << " " << bar;
      ASSERT_TRUE(same_bits(since[lane][bar], bars)) << lane << " " << bar;
    }
  }
}

}  // namespace
}  // namespace tickwerk::expr
