#include "tickwerk/market/synthetic.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <vector>

#include "tickwerk/base/parallel.h"
#include "tickwerk/market/calendar.h"
#include "tickwerk/market/validate.h"

namespace tickwerk::market {
namespace {

const Bars& default_market() {
  static const Bars bars = make_synthetic({});
  return bars;
}

double mean(const std::vector<double>& x) {
  return std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size());
}

double correlation(const std::vector<double>& x, const std::vector<double>& y) {
  const double mean_x = mean(x);
  const double mean_y = mean(y);
  double xx = 0, yy = 0, xy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xx += (x[i] - mean_x) * (x[i] - mean_x);
    yy += (y[i] - mean_y) * (y[i] - mean_y);
    xy += (x[i] - mean_x) * (y[i] - mean_y);
  }
  return xy / std::sqrt(xx * yy);
}

double autocorrelation(const std::vector<double>& x, std::ptrdiff_t lag) {
  return correlation({x.begin(), x.end() - lag}, {x.begin() + lag, x.end()});
}

double kurtosis(const std::vector<double>& x) {
  const double center = mean(x);
  double second = 0, fourth = 0;
  for (const double v : x) {
    second += std::pow(v - center, 2);
    fourth += std::pow(v - center, 4);
  }
  return fourth * static_cast<double>(x.size()) / (second * second);
}

double median(std::vector<double> x) {
  std::nth_element(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(x.size() / 2), x.end());
  return x[x.size() / 2];
}

/// Log returns of the symbols that have a bar on every session.
std::vector<std::vector<double>> complete_returns(const Bars& bars) {
  std::vector<std::vector<double>> all;
  for (std::size_t i = 0; i < bars.num_symbols(); ++i) {
    std::vector<double> returns;
    for (std::size_t t = 1; t < bars.num_rows(); ++t) {
      const double value = std::log(bars.close()(t, i) / bars.close()(t - 1, i));
      if (!std::isnan(value)) returns.push_back(value);
    }
    if (returns.size() + 1 == bars.num_rows()) all.push_back(std::move(returns));
  }
  return all;
}

template <class Statistic>
double median_over(const std::vector<std::vector<double>>& returns, Statistic statistic) {
  std::vector<double> values;
  values.reserve(returns.size());
  for (const auto& series : returns) values.push_back(statistic(series));
  return median(values);
}

std::vector<double> absolute(std::vector<double> x) {
  for (double& v : x) v = std::abs(v);
  return x;
}

struct Life {
  std::size_t first, last, num_bars;
};
Life life(const Bars& bars, std::size_t symbol) {
  Life found{bars.num_rows(), 0, 0};
  for (std::size_t t = 0; t < bars.num_rows(); ++t) {
    if (std::isnan(bars.close()(t, symbol))) continue;
    found.first = std::min(found.first, t);
    found.last = t;
    ++found.num_bars;
  }
  return found;
}

class SyntheticDigest : public testing::TestWithParam<int> {
 protected:
  void SetUp() override { set_num_threads(GetParam()); }
  void TearDown() override { set_num_threads(available_cores()); }
};

// The bits are a promise across machines, instruction sets, build types and threads: a change of
// this digest changes every result on the embedded market and belongs in the changelog.
TEST_P(SyntheticDigest, IsTheSameOnEveryMachineAndThreadCount) {
  EXPECT_EQ(fingerprint(make_synthetic({})), "c3b67dc7cee30b842f1cd6239d9b7fb0");
}

INSTANTIATE_TEST_SUITE_P(Threads, SyntheticDigest, testing::Values(1, 2));

TEST(Synthetic, EndsOnTheLastSessionUpToItsEnd) {
  const Bars bars = make_synthetic(
      {.num_symbols = 1, .num_sessions = 3, .seed = 1, .end = make_date(2024, 12, 25)});
  ASSERT_EQ(bars.num_rows(), 3u);
  EXPECT_EQ(date_of(bars.times[0]), make_date(2024, 12, 20));
  EXPECT_EQ(date_of(bars.times[1]), make_date(2024, 12, 23));
  EXPECT_EQ(date_of(bars.times[2]), make_date(2024, 12, 24));  // Christmas Day was a Wednesday
}

TEST(Synthetic, NamesSymbolsSoThatBytesSortThem) {
  for (const std::size_t count : {1u, 9u, 9999u, 10000u}) {
    const Bars bars = make_synthetic({.num_symbols = count, .num_sessions = 2});
    ASSERT_EQ(bars.num_symbols(), count);
    EXPECT_TRUE(std::is_sorted(bars.symbols.begin(), bars.symbols.end()));
    EXPECT_EQ(bars.symbols.front(), count < 10000 ? "S0001" : "S00001");
  }
}

TEST(Synthetic, GivesASymbolTheSameBarsHoweverManyThereAre) {
  const Bars few = make_synthetic({.num_symbols = 11, .num_sessions = 300});
  const Bars many = make_synthetic({.num_symbols = 40, .num_sessions = 300});
  for (const auto& [name, panel] : few.fields) {
    for (std::size_t t = 0; t < 300; ++t) {
      for (std::size_t i = 0; i < 11; ++i) {
        ASSERT_EQ(std::bit_cast<std::uint64_t>(panel(t, i)),
                  std::bit_cast<std::uint64_t>(many.field(name)(t, i)));
      }
    }
  }
}

TEST(Synthetic, ChangesWithTheSeed) {
  const auto digest = [](std::uint64_t seed) {
    return fingerprint(make_synthetic({.num_symbols = 3, .num_sessions = 30, .seed = seed}));
  };
  EXPECT_NE(digest(1), digest(2));
  EXPECT_NE(digest(1), digest(1 + (std::uint64_t{1} << 32)));
}

TEST(Synthetic, KeepsOpenAndCloseBetweenLowAndHigh) {
  const Bars& bars = default_market();
  for (std::size_t t = 0; t < bars.num_rows(); ++t) {
    for (std::size_t i = 0; i < bars.num_symbols(); ++i) {
      const double open = bars.field("open")(t, i);
      const double high = bars.field("high")(t, i);
      const double low = bars.field("low")(t, i);
      const double close = bars.close()(t, i);
      const double volume = bars.field("volume")(t, i);
      if (std::isnan(close)) {
        ASSERT_TRUE(std::isnan(open) && std::isnan(high) && std::isnan(low) && std::isnan(volume));
        continue;
      }
      ASSERT_GT(low, 0.0);
      ASSERT_LE(low, std::min(open, close));
      ASSERT_GE(high, std::max(open, close));
      ASSERT_GE(volume, 1.0);
      ASSERT_EQ(volume, std::floor(volume));
      for (const double price : {open, high, low, close}) {
        ASSERT_EQ(price, std::round(price * 100.0) / 100.0);  // whole cents
      }
    }
  }
}

TEST(Synthetic, GivesEveryRowAndEverySymbolABar) {
  for (const SyntheticConfig& config : {SyntheticConfig{.num_symbols = 1, .num_sessions = 1},
                                        SyntheticConfig{.num_symbols = 1, .num_sessions = 8000},
                                        SyntheticConfig{.num_symbols = 400, .num_sessions = 1},
                                        SyntheticConfig{.num_symbols = 400, .num_sessions = 25},
                                        SyntheticConfig{.num_symbols = 9, .num_sessions = 8817}}) {
    const Bars bars = make_synthetic(config);
    for (std::size_t i = 0; i < bars.num_symbols(); ++i) EXPECT_GE(life(bars, i).num_bars, 1u);
    EXPECT_EQ(life(bars, 0).num_bars, bars.num_rows());
  }
}

TEST(Synthetic, ListsSomeSymbolsLateDelistsAFewAndMissesFewBars) {
  const Bars bars = make_synthetic({.num_symbols = 2000, .num_sessions = 504});
  double late = 0, delisted = 0, missing = 0, live = 0;
  for (std::size_t i = 0; i < bars.num_symbols(); ++i) {
    const Life found = life(bars, i);
    late += found.first > 0;
    delisted += found.last + 1 < bars.num_rows();
    missing += static_cast<double>(found.last - found.first + 1 - found.num_bars);
    live += static_cast<double>(found.num_bars);
  }
  // Shares of 2000 symbols: four standard errors around 10 % and 3 %, a few more for closes below a
  // dollar.
  EXPECT_NEAR(late / 2000, 0.10, 4 * std::sqrt(0.10 * 0.90 / 2000));
  EXPECT_NEAR(delisted / 2000, 0.032, 4 * std::sqrt(0.03 * 0.97 / 2000));
  EXPECT_NEAR(missing / live, 2e-4, 0.5e-4);  // gaps of one to three bars, one in 10,000
}

TEST(Synthetic, HasReturnsWithFatTailsThatClusterAndCannotBeForeseen) {
  const auto returns = complete_returns(default_market());
  ASSERT_GT(returns.size(), 100u);
  EXPECT_GT(median_over(returns, kurtosis), 4.0);  // 3 for a normal
  EXPECT_LT(median_over(returns, kurtosis), 25.0);
  const auto clustering = [](std::ptrdiff_t lag) {
    return [lag](const std::vector<double>& r) { return autocorrelation(absolute(r), lag); };
  };
  EXPECT_GT(median_over(returns, clustering(1)), 0.10);
  EXPECT_GT(median_over(returns, clustering(20)), 0.03);
  EXPECT_NEAR(median_over(returns, [](const auto& r) { return autocorrelation(r, 1); }), 0.0, 0.04);
  const double annual = std::sqrt(252.0) * median_over(returns, [](const auto& r) {
                          double sum = 0;
                          for (const double v : r) sum += v * v;
                          return std::sqrt(sum / static_cast<double>(r.size()));
                        });
  EXPECT_GT(annual, 0.20);
  EXPECT_LT(annual, 0.40);
  for (const auto& series : returns) {
    for (const double r : series) ASSERT_LT(std::abs(r), 0.8);
  }
}

TEST(Synthetic, HasReturnsThatMoveTogether) {
  const auto returns = complete_returns(default_market());
  std::vector<double> pairs;
  for (std::size_t i = 0; i < returns.size(); i += 3) {
    for (std::size_t j = i + 3; j < returns.size(); j += 3) {
      pairs.push_back(correlation(returns[i], returns[j]));
    }
  }
  EXPECT_GT(mean(pairs), 0.2);
  EXPECT_LT(mean(pairs), 0.5);
  EXPECT_GT(*std::min_element(pairs.begin(), pairs.end()), -0.1);
  EXPECT_LT(*std::max_element(pairs.begin(), pairs.end()), 0.9);
}

TEST(Synthetic, MovesAtNightTooAndRangesAsFarAsItsDayMoveDemands) {
  const Bars& bars = default_market();
  double night = 0, day = 0, range = 0, moved = 0;
  for (std::size_t t = 1; t < bars.num_rows(); ++t) {
    const double open = bars.field("open")(t, 0);
    const double close = bars.close()(t, 0);
    night += std::pow(std::log(open / bars.close()(t - 1, 0)), 2);
    day += std::pow(std::log(close / open), 2);
    range += std::log(bars.field("high")(t, 0) / bars.field("low")(t, 0));
    moved += std::abs(std::log(close / open));
  }
  EXPECT_GT(night / (night + day), 0.15);
  EXPECT_LT(night / (night + day), 0.55);
  EXPECT_NEAR(range / moved, 2.0, 0.2);  // the ratio of a Brownian path: sqrt(8/pi) to sqrt(2/pi)
}

TEST(Synthetic, HasVolumeThatPersistsAndFollowsTheSizeOfTheMove) {
  const Bars& bars = default_market();
  std::vector<double> volume, move;
  for (std::size_t t = 1; t < bars.num_rows(); ++t) {
    volume.push_back(std::log(bars.field("volume")(t, 0)));
    move.push_back(std::abs(std::log(bars.close()(t, 0) / bars.close()(t - 1, 0))));
  }
  EXPECT_GT(autocorrelation(volume, 1), 0.3);
  EXPECT_GT(correlation(volume, move), 0.3);
}

TEST(Synthetic, PassesValidationWithNothingMasked) {
  Bars bars = make_synthetic({});
  const ValidationReport report = validate_and_mask(bars, {});
  EXPECT_EQ(report.num_masked, 0u);
  EXPECT_LT(report.findings.size(), 100u);  // the gaps
  EXPECT_EQ(fingerprint(bars), fingerprint(default_market()));
}

TEST(Synthetic, RefusesSizesAndDatesItCannotMake) {
  const auto message = [](const SyntheticConfig& config) -> std::string {
    try {
      make_synthetic(config);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Code::kInvalidArgument);
      return error.what();
    }
    return "accepted";
  };
  EXPECT_EQ(message({.num_symbols = 0}),
            "symbols of the synthetic market must be in [1, 100000], found 0");
  EXPECT_EQ(message({.num_symbols = 100'001}),
            "symbols of the synthetic market must be in [1, 100000], found 100001");
  EXPECT_EQ(message({.num_sessions = 0, .end = make_date(1990, 1, 5)}),
            "sessions of the synthetic market must be in [1, 4] up to 1990-01-05, found 0");
  EXPECT_EQ(message({.num_sessions = 5, .end = make_date(1990, 1, 5)}),
            "sessions of the synthetic market must be in [1, 4] up to 1990-01-05, found 5");
  EXPECT_EQ(message({.end = make_date(1989, 12, 29)}),
            "end of the synthetic market must be in [1990-01-01, 2035-12-31], found 1989-12-29");
}

}  // namespace
}  // namespace tickwerk::market
