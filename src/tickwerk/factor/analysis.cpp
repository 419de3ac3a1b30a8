#include "tickwerk/factor/analysis.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tickwerk/base/parallel.h"
#include "tickwerk/factor/bucket_rows.h"
#include "tickwerk/factor/factor_correlation.h"
#include "tickwerk/risk/moments.h"

namespace tickwerk::factor {
namespace {

constexpr std::size_t kGrain = 64;

void require_shape(const PanelView& panel, const PanelView& like, const std::string& what) {
  if (panel.num_rows == like.num_rows && panel.num_symbols == like.num_symbols) return;
  throw Error(
      Code::kInvalidArgument,
      fmt::format("all panels must have the shape of the daily returns, {} x {}: {} x {} "
                  "in {}",
                  like.num_rows, like.num_symbols, panel.num_rows, panel.num_symbols, what));
}

void require_valid(const AnalysisConfig& config, const AnalysisInputs& inputs) {
  require_valid(config.quantiles);
  const PanelView& like = inputs.daily.from_close;
  require_shape(inputs.daily.from_open, like, "the returns from the open");
  for (const NamedFactor& factor : inputs.factors) require_shape(factor.values, like, factor.name);
  for (const HorizonLabels& labels : inputs.horizons) {
    if (labels.horizon == 0) {
      throw Error(Code::kInvalidArgument, "a horizon must be at least one bar: 0");
    }
    const std::string where = fmt::format("the labels of horizon {}", labels.horizon);
    for (const PanelView& panel : {labels.label, labels.trade, labels.close_return}) {
      require_shape(panel, like, where);
    }
  }
  if (!inputs.regime.empty() && inputs.regime.size() != like.num_rows) {
    throw Error(Code::kInvalidArgument,
                fmt::format("there must be a regime for each row: {} for {}", inputs.regime.size(),
                            like.num_rows));
  }
}

/// What the first pass over the rows leaves for the second over factors and horizons.
struct Rows {
  std::vector<Buckets> buckets;  // by factor
  std::vector<CorrelationSums> correlations;
};

/// All factors and labels on one row after another; one object for each chunk of rows.
class RowPass {
 public:
  RowPass(const AnalysisConfig& config, const AnalysisInputs& inputs, Rows& rows, Analysis& result)
      : config_(config),
        inputs_(inputs),
        rows_(rows),
        result_(result),
        num_symbols_(inputs.daily.from_close.num_symbols),
        statistics_(num_symbols_),
        bucket_(1, num_symbols_) {
    for (std::size_t h = 0; h < inputs.horizons.size(); ++h) {
      labels_.emplace_back(num_symbols_);
    }
    for (std::size_t f = 0; f < inputs.factors.size(); ++f) {
      now_.emplace_back(num_symbols_);
      before_.emplace_back(num_symbols_);
    }
  }

  void run(std::size_t first, std::size_t last) {
    if (first > 0) rank_factors(first - 1, before_);
    for (std::size_t t = first; t < last; ++t, std::swap(now_, before_)) {
      rank_factors(t, now_);
      for (std::size_t h = 0; h < inputs_.horizons.size(); ++h) {
        const double* const label = inputs_.horizons[h].label.row(t);
        statistics_.rank(label, labels_[h]);
        statistics_.center(label, labels_[h]);
      }
      for (std::size_t f = 0; f < inputs_.factors.size(); ++f) analyze_row(f, t);
      if (config_.correlation == FactorCorrelation::kCompute) {
        rows_.correlations[first / kGrain].add(now_, statistics_);
      }
    }
  }

 private:
  void rank_factors(std::size_t t, std::vector<RankRow>& ranks) {
    for (std::size_t f = 0; f < inputs_.factors.size(); ++f) {
      statistics_.rank(inputs_.factors[f].values.row(t), ranks[f]);
    }
  }

  void analyze_row(std::size_t f, std::size_t t) {
    RankRow& ranks = now_[f];
    statistics_.center(inputs_.factors[f].values.row(t), ranks);
    FactorAnalysis& factor = result_.factors[f];
    if (t > 0) factor.autocorrelation[t] = statistics_.rank_correlation(ranks, before_[f]);
    double* const bucket = bucket_.row(0);
    assign_row(ranks, config_.quantiles, statistics_, bucket);
    std::uint8_t* const packed = rows_.buckets[f].row(t);
    pack_buckets(bucket, num_symbols_, packed);
    const RowOfBuckets row(bucket, packed, num_symbols_, config_.quantiles.num_quantiles);
    for (std::size_t h = 0; h < inputs_.horizons.size(); ++h) {
      const HorizonLabels& labels = inputs_.horizons[h];
      HorizonAnalysis& horizon = factor.horizons[h];
      horizon.ic[t] = statistics_.correlation(ranks, labels_[h]);
      horizon.rank_ic[t] = statistics_.rank_correlation(ranks, labels_[h]);
      const BucketMeans means[] = {
          {labels.trade.row(t), horizon.next_open.returns.row(t)},
          {labels.close_return.row(t), horizon.at_close.returns.row(t)},
      };
      average_row(row, means);
    }
  }

  const AnalysisConfig& config_;
  const AnalysisInputs& inputs_;
  Rows& rows_;
  Analysis& result_;
  std::size_t num_symbols_;
  RowStatistics statistics_;
  std::vector<RankRow> labels_;
  std::vector<RankRow> now_;
  std::vector<RankRow> before_;
  Panel bucket_;
};

Analysis with_room(const AnalysisConfig& config, const AnalysisInputs& inputs) {
  const std::size_t num_rows = inputs.daily.from_close.num_rows;
  Analysis result;
  for (const NamedFactor& factor : inputs.factors) {
    FactorAnalysis& analysis = result.factors.emplace_back();
    analysis.name = factor.name;
    analysis.autocorrelation.resize(num_rows, kNaN);
    for (const HorizonLabels& labels : inputs.horizons) {
      HorizonAnalysis& horizon = analysis.horizons.emplace_back();
      horizon.horizon = labels.horizon;
      horizon.ic.resize(num_rows, kNaN);
      horizon.rank_ic.resize(num_rows, kNaN);
      for (PortfolioAnalysis* portfolio : {&horizon.next_open, &horizon.at_close}) {
        portfolio->returns = QuantileReturns(num_rows, config.quantiles.num_quantiles);
      }
    }
  }
  return result;
}

/// The daily returns of all horizons of a factor that gets in at one price.
void hold(const AnalysisConfig& config,
          std::span<const std::size_t> horizons,
          const Buckets& buckets,
          const PricePaths& paths,
          Entry entry,
          std::vector<HorizonAnalysis>& analyses) {
  const std::size_t ends[] = {1, config.quantiles.num_quantiles};
  std::vector<std::vector<Daily>> returns =
      staggered_returns(buckets, ends, horizons, paths, entry);
  for (std::size_t h = 0; h < analyses.size(); ++h) {
    PortfolioAnalysis& portfolio =
        entry == Entry::kNextOpen ? analyses[h].next_open : analyses[h].at_close;
    portfolio.bottom = std::move(returns[0][h]);
    portfolio.top = std::move(returns[1][h]);
  }
}

void measure_turnover(const AnalysisConfig& config,
                      std::span<const std::size_t> horizons,
                      const Buckets& buckets,
                      std::vector<HorizonAnalysis>& analyses) {
  const auto bottom = bucket_turnover(buckets, 1, horizons);
  const auto top = bucket_turnover(buckets, config.quantiles.num_quantiles, horizons);
  for (std::size_t h = 0; h < analyses.size(); ++h) {
    analyses[h].bottom_turnover = bottom[h];
    analyses[h].top_turnover = top[h];
  }
}

void summarize(const AnalysisConfig& config, std::size_t horizon, PortfolioAnalysis& portfolio) {
  portfolio.quantiles = summarize_quantiles(portfolio.returns, horizon);
  portfolio.long_short.resize(portfolio.top.size());
  for (std::size_t t = 0; t < portfolio.top.size(); ++t) {
    portfolio.long_short[t] = portfolio.top[t] - portfolio.bottom[t];
  }
  portfolio.bottom_summary = summarize_portfolio(portfolio.bottom, config.portfolio);
  portfolio.top_summary = summarize_portfolio(portfolio.top, config.portfolio);
  portfolio.long_short_summary = summarize_portfolio(portfolio.long_short, config.portfolio);
}

void summarize(const AnalysisConfig& config,
               const AnalysisInputs& inputs,
               HorizonAnalysis& analysis) {
  const std::size_t horizon = analysis.horizon;
  analysis.ic_summary = summarize_ic(analysis.ic, horizon);
  analysis.rank_ic_summary = summarize_ic(analysis.rank_ic, horizon);
  if (!inputs.regime.empty()) {
    analysis.rank_ic_by_regime =
        summarize_by_regime(analysis.rank_ic, horizon, inputs.regime, inputs.num_regimes);
  }
  summarize(config, horizon, analysis.next_open);
  summarize(config, horizon, analysis.at_close);
}

void count_values(const PanelView& panel, FactorAnalysis& factor) {
  constexpr std::size_t kFewestSymbols = 3;  // that have a coefficient
  for (std::size_t t = 0; t < panel.num_rows; ++t) {
    std::size_t num_values = 0, num_infinite = 0;
    double least = std::numeric_limits<double>::infinity(), most = -least;
    for (const double value : std::span(panel.row(t), panel.num_symbols)) {
      num_values += value == value ? 1 : 0;
      num_infinite += std::isinf(value) ? 1 : 0;
      least = value < least ? value : least;
      most = value > most ? value : most;
    }
    factor.num_values += num_values;
    ValueCount& counted = factor.counted;
    counted.num_infinite += num_infinite;
    counted.most_on_a_row = std::max(counted.most_on_a_row, num_values);
    if (num_values >= kFewestSymbols && least < most) ++counted.num_ordered_rows;
  }
}

}  // namespace

Analysis analyze(const AnalysisConfig& config, const AnalysisInputs& inputs) {
  require_valid(config, inputs);
  const PanelView& like = inputs.daily.from_close;
  const std::size_t num_factors = inputs.factors.size();
  const std::size_t num_horizons = inputs.horizons.size();
  Analysis result = with_room(config, inputs);
  Rows rows;
  for (std::size_t f = 0; f < num_factors; ++f) {
    rows.buckets.emplace_back(like.num_rows, like.num_symbols);
  }
  if (config.correlation == FactorCorrelation::kCompute) {
    rows.correlations.resize((like.num_rows + kGrain - 1) / kGrain, CorrelationSums(num_factors));
  }
  parallel_for(like.num_rows, kGrain, [&](std::size_t first, std::size_t last) {
    RowPass(config, inputs, rows, result).run(first, last);
  });

  const PricePaths paths(inputs.daily);
  std::vector<std::size_t> horizons;
  for (const HorizonLabels& labels : inputs.horizons) horizons.push_back(labels.horizon);
  parallel_for(2 * num_factors, 1, [&](std::size_t task, std::size_t) {
    const Buckets& buckets = rows.buckets[task / 2];
    std::vector<HorizonAnalysis>& analyses = result.factors[task / 2].horizons;
    if (task % 2 == 0) {
      hold(config, horizons, buckets, paths, Entry::kNextOpen, analyses);
    } else {
      hold(config, horizons, buckets, paths, Entry::kClose, analyses);
      measure_turnover(config, horizons, buckets, analyses);
    }
  });
  parallel_for(num_factors * num_horizons, 1, [&](std::size_t task, std::size_t) {
    const std::size_t f = task / num_horizons;
    summarize(config, inputs, result.factors[f].horizons[task % num_horizons]);
  });

  parallel_for(num_factors, 1, [&](std::size_t f, std::size_t) {
    FactorAnalysis& factor = result.factors[f];
    factor.mean_autocorrelation = summarize_ic(factor.autocorrelation, 1).mean;
    count_values(inputs.factors[f].values, factor);
  });
  if (config.correlation == FactorCorrelation::kCompute && num_factors > 0) {
    CorrelationSums total(num_factors);
    for (const CorrelationSums& part : rows.correlations) total.add(part);
    result.correlation = total.mean();
  }
  return result;
}

}  // namespace tickwerk::factor
