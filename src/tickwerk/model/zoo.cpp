#include "tickwerk/model/zoo.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include "tickwerk/base/nearest.h"
#include "tickwerk/risk/moments.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::model {
namespace {

constexpr std::size_t kMostDepth = 30;

/// The number behind `prefix`; empty where the name is another or no number follows.
std::optional<double> number_behind(std::string_view prefix, std::string_view name) {
  if (!name.starts_with(prefix)) return {};
  name.remove_prefix(prefix.size());
  double value = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), value);
  const bool whole = error == std::errc() && end == name.data() + name.size();
  return whole && std::isfinite(value) && value >= 0 ? std::optional(value) : std::nullopt;
}

ModelSpec forest(std::string name, std::size_t depth, std::uint64_t seed) {
  ModelSpec spec{.name = std::move(name), .kind = ModelKind::kRandomForest, .seed = seed};
  spec.trees.max_depth = depth;
  return spec;
}

/// A model whose name says a penalty or a depth that the zoo has not.
std::optional<ModelSpec> parse_model(const std::string& name, std::uint64_t seed) {
  if (const auto alpha = number_behind("ridge_", name)) {
    return ModelSpec{.name = name, .kind = ModelKind::kRidge, .alpha = *alpha, .seed = seed};
  }
  if (const auto alpha = number_behind("lasso_", name)) {
    return ModelSpec{.name = name, .kind = ModelKind::kLasso, .alpha = *alpha, .seed = seed};
  }
  const auto depth = number_behind("forest_", name);
  if (!depth || *depth < 1 || *depth > kMostDepth || *depth != std::floor(*depth)) return {};
  return forest(name, static_cast<std::size_t>(*depth), seed);
}

/// Rows with every feature before each row, and at the end of all.
std::vector<std::size_t> complete_before(const Dataset& dataset,
                                         std::vector<std::size_t>& num_missing) {
  std::vector<char> complete(dataset.num_rows(), 1);
  num_missing.assign(dataset.num_features(), 0);
  for (std::size_t f = 0; f < dataset.num_features(); ++f) {
    const double* const values = dataset.features.row(f);
    for (std::size_t r = 0; r < complete.size(); ++r) {
      if (std::isfinite(values[r])) continue;
      complete[r] = 0;
      ++num_missing[f];
    }
  }
  std::vector<std::size_t> before(complete.size() + 1, 0);
  for (std::size_t r = 0; r < complete.size(); ++r) {
    before[r + 1] = before[r] + (complete[r] != 0 ? 1 : 0);
  }
  return before;
}

RowRanges among_complete(const RowRanges& ranges, const std::vector<std::size_t>& before) {
  RowRanges kept;
  for (const RowRange& range : ranges) {
    const RowRange some{before[range.first], before[range.last]};
    if (some.first == some.last) continue;
    if (!kept.empty() && kept.back().last == some.first) {
      kept.back().last = some.last;
    } else {
      kept.push_back(some);
    }
  }
  return kept;
}

void require_rows(const Dataset& dataset, const Split& split, const ZooRows& zoo) {
  if (num_rows(split.train) > 0 && num_rows(split.test) > 0) return;
  const auto most = std::max_element(zoo.num_missing.begin(), zoo.num_missing.end());
  throw Error(
      Code::kInvalidArgument,
      fmt::format("a split must have {} rows with a finite value of every feature, found none; {} "
                  "has none in {} of {} rows ({})",
                  num_rows(split.train) == 0 ? "training" : "test",
                  dataset.feature_names[static_cast<std::size_t>(most - zoo.num_missing.begin())],
                  *most, dataset.num_rows(), split.name));
}

/// Mean square of the labels around their mean.
double label_variance(const std::vector<double>& labels) {
  const auto size = static_cast<double>(labels.size());
  double mean = 0;
  for (const double label : labels) mean += label;
  mean /= size;
  double squares = 0;
  for (const double label : labels) squares += (label - mean) * (label - mean);
  return squares / size;
}

/// 1 - loss / variance; empty for labels that are all equal.
std::optional<double> r2_of(double loss, const std::vector<double>& labels) {
  if (std::adjacent_find(labels.begin(), labels.end(), std::not_equal_to<>()) == labels.end()) {
    return {};
  }
  return 1 - loss / label_variance(labels);
}

SplitScores split_scores(const ZooRows& rows, const Fold& fold) {
  const Split& split = rows.splits[fold.split];
  SplitScores scores{
      .split = fold.split,
      .test = regression_scores(fold.predicted, values_of(rows.rows.label, split.test)),
      .num_train = fold.num_train,
      .num_test = fold.num_test};
  scores.train_r2 = r2_of(fold.train_loss, values_of(rows.rows.label, split.train));
  if (scores.train_r2 && scores.test.r2) scores.gap = *scores.train_r2 - *scores.test.r2;
  return scores;
}

int sign_of(double value) { return (value > 0) - (value < 0); }

std::vector<ZooImportance> importance_of(std::span<const Fold> folds, std::size_t num_features) {
  std::vector<ZooImportance> all(num_features);
  std::vector<double> sums;
  for (const Fold& fold : folds) sums.push_back(risk::sum(fold.importance));
  for (std::size_t f = 0; f < num_features; ++f) {
    ZooImportance& one = all[f];
    one.value = folds.back().importance[f];
    one.raw_value = folds.back().raw_importance[f];
    std::vector<double> shares;
    for (std::size_t i = 0; i < folds.size(); ++i) {
      shares.push_back(sums[i] > 0 ? folds[i].importance[f] / sums[i] : 0);
      one.num_same_sign += sign_of(folds[i].raw_importance[f]) == sign_of(one.raw_value) ? 1 : 0;
    }
    one.mean_share = risk::mean(shares).value_or(0);
    one.share_deviation = risk::sample_deviation(shares);
  }
  return all;
}

/// Deflated ratios ask how far the models' ratios spread, so all must be scored first.
void deflate(const ZooConfig& config, Zoo& zoo) {
  const double periods = config.periods_per_year;
  std::vector<double> ratios;
  for (const ZooModel& model : zoo.models) {
    const auto& held = model.scores.long_short_summary;
    if (held && held->sharpe) ratios.push_back(*held->sharpe / std::sqrt(periods));
  }
  if (const auto deviation = risk::sample_deviation(ratios)) {
    zoo.sharpe_variance = *deviation * *deviation;
  }
  for (ZooModel& model : zoo.models) {
    if (!model.scores.long_short_summary) continue;
    model.scores.long_short_summary = factor::summarize_portfolio(
        model.scores.long_short, {.periods_per_year = periods,
                                  .num_trials = zoo.models.size(),
                                  .trial_variance = zoo.sharpe_variance});
  }
}

/// Daily returns of the models that have a portfolio at all: equal predictions make none.
std::vector<const factor::Daily*> portfolios_of(const Zoo& zoo) {
  std::vector<const factor::Daily*> portfolios;
  for (const ZooModel& model : zoo.models) {
    const factor::Daily& daily = model.scores.long_short;
    const bool has_one =
        std::any_of(daily.begin(), daily.end(), [](double r) { return std::isfinite(r); });
    if (has_one) portfolios.push_back(&daily);
  }
  return portfolios;
}

/// The days on which each of them has a return.
std::vector<std::size_t> shared_days(std::span<const factor::Daily* const> portfolios) {
  std::vector<std::size_t> days;
  for (std::size_t t = 0; t < portfolios.front()->size(); ++t) {
    const auto has_return = [t](const factor::Daily* daily) { return std::isfinite((*daily)[t]); };
    if (std::all_of(portfolios.begin(), portfolios.end(), has_return)) days.push_back(t);
  }
  return days;
}

std::optional<risk::Overfitting> overfitting_of(const Zoo& zoo) {
  const risk::OverfittingConfig config;
  const std::vector<const factor::Daily*> portfolios = portfolios_of(zoo);
  if (portfolios.size() < 2) return {};
  const std::vector<std::size_t> days = shared_days(portfolios);
  if (days.size() < 2 * config.num_blocks) return {};
  Panel returns(days.size(), portfolios.size());
  for (std::size_t k = 0; k < days.size(); ++k) {
    for (std::size_t m = 0; m < portfolios.size(); ++m) returns(k, m) = (*portfolios[m])[days[k]];
  }
  return risk::probability_of_overfitting(returns.view(), config);
}

}  // namespace

std::vector<ModelSpec> zoo_models(std::uint64_t seed) {
  std::vector<ModelSpec> models = {{.name = "linear", .kind = ModelKind::kLinear, .seed = seed}};
  for (const char* name :
       {"ridge_0.1", "ridge_1", "ridge_10", "lasso_0.01", "forest_3", "forest_5"}) {
    models.push_back(*parse_model(name, seed));
  }
  models.push_back(
      {.name = "gradient_boosting", .kind = ModelKind::kGradientBoosting, .seed = seed});
  return models;
}

std::vector<ModelSpec> choose_models(std::span<const std::string> names, std::uint64_t seed) {
  std::vector<ModelSpec> zoo = zoo_models(seed);
  if (names.empty()) return zoo;
  std::vector<std::string> known;
  for (const ModelSpec& spec : zoo) known.push_back(spec.name);
  std::vector<ModelSpec> chosen;
  std::set<std::string> seen;
  for (const std::string& name : names) {
    if (!seen.insert(name).second) {
      throw Error(Code::kInvalidArgument,
                  fmt::format("a model must be asked for once, found {} twice", name));
    }
    const auto found = std::find(known.begin(), known.end(), name);
    if (found != known.end()) {
      chosen.push_back(zoo[static_cast<std::size_t>(found - known.begin())]);
    } else if (const auto other = parse_model(name, seed)) {
      chosen.push_back(*other);
    } else {
      throw Error(Code::kInvalidArgument,
                  fmt::format("a model must be one of {}, found '{}'{}", fmt::join(known, ", "),
                              name, nearest_hint(name, known)));
    }
  }
  return chosen;
}

ZooRows zoo_rows(const Dataset& dataset, const SplitConfig& config) {
  TW_ZONE("zoo_rows");
  ZooRows zoo{.rows = {}, .splits = make_splits(config, windows_of(dataset)), .num_missing = {}};
  const std::vector<std::size_t> before = complete_before(dataset, zoo.num_missing);
  zoo.num_incomplete = dataset.num_rows() - before.back();
  for (Split& split : zoo.splits) {
    split.train = among_complete(split.train, before);
    split.test = among_complete(split.test, before);
    require_rows(dataset, split, zoo);
  }
  zoo.rows = complete_rows(dataset);
  return zoo;
}

std::size_t num_dates(const Dataset& dataset, std::span<const RowRange> rows) {
  std::size_t count = 0;
  std::optional<std::uint32_t> before;
  for (const RowRange& range : rows) {
    for (std::size_t r = range.first; r < range.last; ++r) {
      if (before != dataset.bar[r]) ++count;
      before = dataset.bar[r];
    }
  }
  return count;
}

std::vector<std::vector<Fold>> train_zoo(const ZooConfig& config,
                                         const ZooRows& rows,
                                         FoldKeeper* keeper,
                                         const ValidationProgress& progress) {
  TW_ZONE("train_zoo");
  return validate({.models = config.models},
                  {rows.rows.features.view(), rows.rows.label, {}, rows.splits}, keeper, progress);
}

Zoo score_zoo(const ZooConfig& config,
              const ZooRows& rows,
              const std::vector<std::vector<Fold>>& folds,
              const std::optional<factor::DailyReturns>& daily) {
  TW_ZONE("score_zoo");
  TW_CHECK(folds.size(), ==, config.models.size());
  const Dataset& dataset = rows.rows;
  const Panel outcome = panel_of_rows(dataset, dataset.label);
  Zoo zoo;
  for (std::size_t m = 0; m < folds.size(); ++m) {
    ZooModel model{
        .spec = config.models[m], .splits = {}, .importance = {}, .predicted = {}, .scores = {}};
    for (const Fold& fold : folds[m]) model.splits.push_back(split_scores(rows, fold));
    model.importance = importance_of(folds[m], dataset.num_features());
    model.predicted = out_of_fold(dataset.num_rows(), rows.splits, folds[m]);
    const Panel prediction = panel_of_rows(dataset, model.predicted);
    model.scores = prediction_scores(
        {.prediction = prediction.view(), .outcome = outcome.view(), .daily = daily},
        {.horizon = std::max<std::size_t>(dataset.label_reach, 1),
         .periods_per_year = config.periods_per_year,
         .num_models = config.models.size()});
    zoo.models.push_back(std::move(model));
  }
  deflate(config, zoo);
  zoo.overfitting = overfitting_of(zoo);
  zoo.farthest = farthest_test_value(dataset.features.view(), rows.splits);
  return zoo;
}

}  // namespace tickwerk::model
