#include "tickwerk/model/prediction_scores.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "tickwerk/risk/moments.h"

namespace tickwerk::model {
namespace {

void require_valid(const PredictionInputs& inputs, const PredictionConfig& config) {
  const PanelView prediction = inputs.prediction;
  const auto require_shape = [&prediction](PanelView other, std::string_view name) {
    if (other.num_rows == prediction.num_rows && other.num_symbols == prediction.num_symbols) {
      return;
    }
    throw Error(Code::kInvalidArgument,
                fmt::format("predictions and {} must have the same shape: {} x {} against {} x {}",
                            name, prediction.num_rows, prediction.num_symbols, other.num_rows,
                            other.num_symbols));
  };
  require_shape(inputs.outcome, "outcomes");
  if (inputs.daily) require_shape(inputs.daily->from_close, "daily returns");
  if (config.horizon == 0) {
    throw Error(Code::kInvalidArgument, "the horizon must be at least 1: 0");
  }
}

RegressionScores score_cells(const PredictionInputs& inputs, std::size_t& num_dates) {
  std::vector<double> prediction, outcome;
  for (std::size_t t = 0; t < inputs.prediction.num_rows; ++t) {
    const std::size_t before = prediction.size();
    for (std::size_t i = 0; i < inputs.prediction.num_symbols; ++i) {
      if (std::isnan(inputs.prediction(t, i)) || std::isnan(inputs.outcome(t, i))) continue;
      prediction.push_back(inputs.prediction(t, i));
      outcome.push_back(inputs.outcome(t, i));
    }
    num_dates += prediction.size() > before ? 1 : 0;
  }
  return regression_scores(prediction, outcome);
}

/// Mean outcome of the symbols in `fifth` on row t that have one, NaN without any.
double mean_outcome(const factor::Buckets& fifths,
                    PanelView outcome,
                    std::size_t t,
                    std::uint8_t fifth) {
  double sum = 0;
  std::size_t count = 0;
  for (std::size_t i = 0; i < outcome.num_symbols; ++i) {
    if (fifths(t, i) != fifth || std::isnan(outcome(t, i))) continue;
    sum += outcome(t, i);
    ++count;
  }
  return count == 0 ? kNaN : sum / static_cast<double>(count);
}

void score_spread(const factor::Buckets& fifths,
                  const PredictionInputs& inputs,
                  const PredictionConfig& config,
                  PredictionScores& scores) {
  scores.spread.resize(fifths.num_rows());
  std::vector<double> values;
  for (std::size_t t = 0; t < fifths.num_rows(); ++t) {
    scores.spread[t] = mean_outcome(fifths, inputs.outcome, t, kTopFifth) -
                       mean_outcome(fifths, inputs.outcome, t, kBottomFifth);
    if (!std::isnan(scores.spread[t])) values.push_back(scores.spread[t]);
  }
  scores.spread_mean = risk::mean(values);
  scores.spread_deviation = risk::sample_deviation(values);
  if (scores.spread_deviation && *scores.spread_deviation >= risk::kNoDeviation) {
    scores.spread_sharpe = *scores.spread_mean / *scores.spread_deviation *
                           std::sqrt(config.periods_per_year / static_cast<double>(config.horizon));
  }
  scores.spread_t = risk::mean_t(scores.spread, config.horizon);
}

void hold(const factor::Buckets& fifths,
          const factor::DailyReturns& daily,
          const PredictionConfig& config,
          PredictionScores& scores) {
  const std::size_t ends[] = {kBottomFifth, kTopFifth};
  const std::size_t horizons[] = {config.horizon};
  const std::vector<std::vector<factor::Daily>> returns =
      factor::staggered_returns(fifths, ends, horizons, factor::PricePaths(daily), config.entry);
  scores.long_short.resize(fifths.num_rows());
  for (std::size_t t = 0; t < fifths.num_rows(); ++t) {
    scores.long_short[t] = returns[1][0][t] - returns[0][0][t];
  }
  scores.long_short_summary =
      factor::summarize_portfolio(scores.long_short, {.periods_per_year = config.periods_per_year,
                                                      .num_trials = config.num_models,
                                                      .trial_variance = config.trial_variance});
}

}  // namespace

Panel panel_of_rows(const Dataset& dataset, std::span<const double> values) {
  if (values.size() != dataset.num_rows()) {
    throw Error(Code::kInvalidArgument, fmt::format("there must be a value for each row: {} for {}",
                                                    values.size(), dataset.num_rows()));
  }
  Panel panel(dataset.times.size(), dataset.symbols.size(), kNaN);
  for (std::size_t r = 0; r < values.size(); ++r) {
    panel(dataset.bar[r], dataset.symbol[r]) = values[r];
  }
  return panel;
}

factor::Buckets extreme_fifths(PanelView prediction) {
  factor::Buckets fifths(prediction.num_rows, prediction.num_symbols);
  std::vector<std::size_t> order;
  for (std::size_t t = 0; t < prediction.num_rows; ++t) {
    const double* const row = prediction.row(t);
    order.clear();
    for (std::size_t i = 0; i < prediction.num_symbols; ++i) {
      if (!std::isnan(row[i])) order.push_back(i);
    }
    std::stable_sort(order.begin(), order.end(),
                     [row](std::size_t a, std::size_t b) { return row[a] < row[b]; });
    const bool has_order = !order.empty() && row[order.front()] < row[order.back()];
    const std::size_t count = has_order ? order.size() / 5 : 0;
    for (std::size_t k = 0; k < count; ++k) {
      fifths(t, order[k]) = kBottomFifth;
      fifths(t, order[order.size() - 1 - k]) = kTopFifth;
    }
  }
  return fifths;
}

PredictionScores prediction_scores(const PredictionInputs& inputs, const PredictionConfig& config) {
  require_valid(inputs, config);
  PredictionScores scores;
  scores.regression = score_cells(inputs, scores.num_dates);
  scores.ic = factor::daily_ic(inputs.prediction, inputs.outcome);
  scores.rank_ic = factor::daily_rank_ic(inputs.prediction, inputs.outcome);
  scores.ic_summary = factor::summarize_ic(scores.ic, config.horizon);
  scores.rank_ic_summary = factor::summarize_ic(scores.rank_ic, config.horizon);
  const factor::Buckets fifths = extreme_fifths(inputs.prediction);
  score_spread(fifths, inputs, config, scores);
  if (inputs.daily) hold(fifths, *inputs.daily, config, scores);
  return scores;
}

}  // namespace tickwerk::model
