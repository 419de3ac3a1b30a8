#include "tickwerk/factor/analysis.h"

#include <cstring>

#include "tickwerk/base/parallel.h"
#include "tickwerk/factor/factor_correlation.h"
#include "tickwerk/factor/panel_fixture.h"

namespace tickwerk::factor {
namespace {

bool same_bits(const Daily& a, const Daily& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

/// Factors and labels of a small market, with gaps.
struct Market {
  std::size_t num_rows = 200;
  std::size_t num_symbols = 30;
  std::vector<Panel> panels;
  std::vector<NamedFactor> factors;
  std::vector<HorizonLabels> horizons;

  Market() {
    for (std::uint64_t k = 0; k < 12; ++k) {
      panels.push_back(random_panel(num_rows, num_symbols, k, k < 4 ? 1 : 0.02, 20 + k));
    }
    factors = {{"first", panels[0].view()}, {"second", panels[1].view()}};
    for (std::size_t h = 0; h < 2; ++h) {
      horizons.push_back({5 * h + 1, panels[4 + 3 * h].view(), panels[5 + 3 * h].view(),
                          panels[6 + 3 * h].view()});
    }
  }

  AnalysisInputs inputs() const {
    return {factors, horizons, {panels[10].view(), panels[11].view()}, {}, 0};
  }
};

TEST(Analyze, SaysWhatTheFunctionsSayOneByOne) {
  const Market market;
  AnalysisInputs inputs = market.inputs();
  inputs.regime.assign(market.num_rows, 0);
  for (std::size_t t = 50; t < market.num_rows; ++t) inputs.regime[t] = 1;
  inputs.num_regimes = 2;
  const AnalysisConfig config{.quantiles = {.num_quantiles = 3}};
  const Analysis found = analyze(config, inputs);
  const PricePaths paths(inputs.daily);
  ASSERT_EQ(found.factors.size(), 2u);
  for (std::size_t f = 0; f < 2; ++f) {
    const FactorAnalysis& factor = found.factors[f];
    const PanelView values = market.factors[f].values;
    EXPECT_EQ(factor.name, market.factors[f].name);
    EXPECT_TRUE(same_bits(factor.autocorrelation, daily_rank_autocorrelation(values)));
    const Buckets buckets = assign_buckets(values, config.quantiles);
    ASSERT_EQ(factor.horizons.size(), 2u);
    for (std::size_t h = 0; h < 2; ++h) {
      const HorizonAnalysis& horizon = factor.horizons[h];
      const HorizonLabels& labels = market.horizons[h];
      EXPECT_TRUE(same_bits(horizon.ic, daily_ic(values, labels.label)));
      EXPECT_TRUE(same_bits(horizon.rank_ic, daily_rank_ic(values, labels.label)));
      EXPECT_EQ(*horizon.rank_ic_summary.mean, *summarize_ic(horizon.rank_ic, labels.horizon).mean);
      EXPECT_EQ(horizon.rank_ic_by_regime.at(0).count, 50u);
      const QuantileReturns trade = quantile_returns(buckets, labels.trade, 3);
      const QuantileReturns close = quantile_returns(buckets, labels.close_return, 3);
      for (std::size_t t = 0; t < market.num_rows; ++t) {
        for (std::size_t k = 0; k < 3; ++k) {
          EXPECT_EQ(horizon.next_open.returns(t, k), trade(t, k));
          EXPECT_EQ(horizon.at_close.returns(t, k), close(t, k));
        }
      }
      const std::span<const std::size_t> one(&labels.horizon, 1);
      const std::size_t ends[] = {1, 3};
      expect_same(horizon.next_open.top,
                  staggered_returns(buckets, ends, one, paths, Entry::kNextOpen)[1][0]);
      expect_same(horizon.at_close.bottom,
                  staggered_returns(buckets, ends, one, paths, Entry::kClose)[0][0]);
      EXPECT_EQ(*horizon.top_turnover, *bucket_turnover(buckets, 3, one).at(0));
    }
  }
  const PanelView both[] = {market.factors[0].values, market.factors[1].values};
  EXPECT_EQ(found.correlation(0, 1), factor_correlation(both)(0, 1));
}

TEST(Analyze, IsTheSameForAnyNumberOfThreads) {
  const Market market;
  const auto with_threads = [&](int num_threads) {
    set_num_threads(num_threads);
    return analyze({}, market.inputs());
  };
  const Analysis one = with_threads(1);
  const Analysis three = with_threads(3);
  set_num_threads(available_cores());
  for (std::size_t f = 0; f < one.factors.size(); ++f) {
    for (std::size_t h = 0; h < one.factors[f].horizons.size(); ++h) {
      const HorizonAnalysis& a = one.factors[f].horizons[h];
      const HorizonAnalysis& b = three.factors[f].horizons[h];
      EXPECT_TRUE(same_bits(a.ic, b.ic) && same_bits(a.rank_ic, b.rank_ic));
      EXPECT_TRUE(same_bits(a.next_open.long_short, b.next_open.long_short));
      EXPECT_EQ(*a.next_open.long_short_summary.sharpe, *b.next_open.long_short_summary.sharpe);
    }
  }
  EXPECT_EQ(one.correlation(0, 1), three.correlation(0, 1));
}

TEST(Analyze, SaysNothingOfFactorsWithoutOrder) {
  const Market market;
  const Panel constant(market.num_rows, market.num_symbols, 3.0);
  const Panel none(market.num_rows, market.num_symbols, kNaN);
  const NamedFactor factors[] = {{"constant", constant.view()}, {"none", none.view()}};
  AnalysisInputs inputs = market.inputs();
  inputs.factors = factors;
  const Analysis found = analyze({}, inputs);
  for (const FactorAnalysis& factor : found.factors) {
    EXPECT_FALSE(factor.mean_autocorrelation) << factor.name;
    for (const HorizonAnalysis& horizon : factor.horizons) {
      EXPECT_EQ(horizon.ic_summary.count, 0u);
      EXPECT_FALSE(horizon.rank_ic_summary.mean || horizon.rank_ic_summary.t);
      EXPECT_FALSE(horizon.next_open.quantiles.spread_mean);
      EXPECT_FALSE(horizon.next_open.quantiles.monotonicity);
      EXPECT_EQ(horizon.next_open.long_short_summary.num_returns, 0u);
      EXPECT_FALSE(horizon.next_open.long_short_summary.sharpe);
      EXPECT_FALSE(horizon.top_turnover);
    }
  }
  EXPECT_EQ(found.factors[0].num_values, market.num_rows * market.num_symbols);
  EXPECT_EQ(found.factors[1].num_values, 0u);
  EXPECT_EQ(found.factors[0].counted.num_ordered_rows, 0u);
  EXPECT_EQ(found.factors[0].counted.most_on_a_row, market.num_symbols);
  EXPECT_TRUE(std::isnan(found.correlation(0, 0)) && std::isnan(found.correlation(0, 1)));
}

TEST(Analyze, HasNoPortfoliosOfFewerSymbolsThanQuantiles) {
  const Market market;
  const Analysis found =
      analyze({.quantiles = {.num_quantiles = 31, .min_symbols = 2}}, market.inputs());
  const HorizonAnalysis& horizon = found.factors[0].horizons[0];
  EXPECT_GT(horizon.ic_summary.count, 0u);
  EXPECT_EQ(horizon.next_open.quantiles.num_rows, 0u);
  EXPECT_FALSE(horizon.next_open.quantiles.mean[0]);
}

TEST(Analyze, HasNothingForAHorizonLongerThanThePanel) {
  const Market market;
  const Panel none(market.num_rows, market.num_symbols, kNaN);
  const HorizonLabels labels[] = {{500, none.view(), none.view(), none.view()}};
  AnalysisInputs inputs = market.inputs();
  inputs.horizons = labels;
  const Analysis analysis = analyze({}, inputs);
  const HorizonAnalysis& found = analysis.factors[0].horizons[0];
  EXPECT_EQ(found.rank_ic_summary.count, 0u);
  EXPECT_EQ(found.next_open.long_short_summary.num_returns, 0u);
  EXPECT_FALSE(found.next_open.quantiles.spread_mean);
  EXPECT_FALSE(found.bottom_turnover);
}

TEST(Analyze, TakesPanelsOfNothing) {
  EXPECT_TRUE(analyze({}, {}).factors.empty());
  const Panel empty(0, 5);
  const NamedFactor factor[] = {{"empty", empty.view()}};
  const HorizonLabels labels[] = {{1, empty.view(), empty.view(), empty.view()}};
  const Analysis found = analyze({}, {factor, labels, {empty.view(), empty.view()}, {}, 0});
  EXPECT_EQ(found.factors[0].horizons[0].ic_summary.count, 0u);
}

TEST(Analyze, RefusesWhatDoesNotFit) {
  const Market market;
  const Panel other(3, 3);
  const NamedFactor wrong[] = {{"wrong", other.view()}};
  AnalysisInputs inputs = market.inputs();
  inputs.factors = wrong;
  EXPECT_THROW(analyze({}, inputs), Error);
  inputs = market.inputs();
  const HorizonLabels zero[] = {
      {0, market.horizons[0].label, market.horizons[0].trade, market.horizons[0].close_return}};
  inputs.horizons = zero;
  EXPECT_THROW(analyze({}, inputs), Error);
  inputs = market.inputs();
  inputs.regime = {0, 1};
  EXPECT_THROW(analyze({}, inputs), Error);
  EXPECT_THROW(analyze({.quantiles = {.num_quantiles = 1}}, market.inputs()), Error);
}

TEST(FactorCorrelation, IsTheMeanOfTheDaysThatHaveOne) {
  const Panel x = rows_of({{1, 2, 3}, {1, 2, 3}, {1, 2, 3}, {1, 1, 1}});
  const Panel y = rows_of({{1, 2, 3}, {3, 2, 1}, {2, 1, 3}, {1, 2, 3}});
  const PanelView both[] = {x.view(), y.view()};
  const Panel found = factor_correlation(both);
  EXPECT_DOUBLE_EQ(found(0, 1), (1 - 1 + 0.5) / 3);
  EXPECT_EQ(found(0, 1), found(1, 0));
  EXPECT_EQ(found(0, 0), 1);
}

}  // namespace
}  // namespace tickwerk::factor
