#include "tickwerk/report/zoo_report_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "tickwerk/report/figures.h"

namespace tickwerk::report {
namespace {

using model::ModelKind;

constexpr const char* kNone = "-";

std::string figure(std::optional<double> value, int decimals) {
  return value && std::isfinite(*value) ? with_decimals(value, decimals) : kNone;
}

std::string share(std::optional<double> value) {
  return value && std::isfinite(*value) ? percent(value) : kNone;
}

std::string t_of(const std::optional<risk::MeanT>& test) {
  return test ? figure(test->t, 2) : kNone;
}

const factor::PortfolioSummary& held_by(const model::ZooModel& model) {
  static const factor::PortfolioSummary none;
  return model.scores.long_short_summary ? *model.scores.long_short_summary : none;
}

std::optional<double> mean_gap(const model::ZooModel& model) {
  double sum = 0;
  std::size_t number = 0;
  for (const model::SplitScores& split : model.splits) {
    if (!split.gap) continue;
    sum += *split.gap;
    ++number;
  }
  return number == 0 ? std::nullopt : std::optional(sum / static_cast<double>(number));
}

std::string settings_text(const model::ModelSpec& spec) {
  const model::TreeParams& trees = spec.trees;
  switch (spec.kind) {
    case ModelKind::kLinear:
      return "least squares";
    case ModelKind::kRidge:
      return fmt::format("squared coefficients cost {} each", spec.alpha);
    case ModelKind::kLasso:
      return fmt::format("sizes of coefficients cost {} each", spec.alpha);
    case ModelKind::kRandomForest:
      return fmt::format(
          "{} trees of depth {}, each on 80 % of the rows, splits on 80 % of the "
          "features (XGBoost)",
          trees.num_trees, trees.max_depth);
    case ModelKind::kGradientBoosting:
      break;
  }
  return fmt::format("{} trees of depth {}, learning rate {}, lambda {} (XGBoost, its defaults)",
                     trees.num_trees, trees.max_depth, trees.learning_rate, trees.lambda);
}

std::string bar_text(const ZooReport& report, std::size_t bar) {
  return to_string(report.rows.rows.times[bar], report.rows.rows.frequency);
}

}  // namespace

Table zoo_headline_table(const JudgedModels& judged) {
  Table table({{"model"},
               {"rank IC", Align::kRight},
               {"IR", Align::kRight},
               {"t", Align::kRight},
               {"p", Align::kRight},
               {"p, Holm", Align::kRight},
               {"R\u00b2", Align::kRight},
               {"gap", Align::kRight},
               {"Sharpe", Align::kRight},
               {"deflated", Align::kRight},
               {"verdict"}});
  for (const JudgedModel& one : judged) {
    const model::PredictionScores& scores = one.model->scores;
    table.add({one.model->spec.name, figure(scores.rank_ic_summary.mean, 4),
               figure(scores.rank_ic_summary.ir, 3), figure(one.t, 2), figure(one.p_value, 3),
               figure(one.p_holm, 3), figure(scores.regression.r2, 4),
               figure(mean_gap(*one.model), 4), figure(held_by(*one.model).sharpe, 2),
               figure(held_by(*one.model).deflated_sharpe, 3), verdict(one)});
  }
  return table;
}

Table zoo_fit_table(const JudgedModels& judged) {
  Table table({{"model"},
               {"rows", Align::kRight},
               {"bars", Align::kRight},
               {"MSE", Align::kRight},
               {"MAE", Align::kRight},
               {"R\u00b2", Align::kRight},
               {"right sign", Align::kRight},
               {"IC", Align::kRight},
               {"IC IR", Align::kRight},
               {"t of IC", Align::kRight}});
  for (const JudgedModel& one : judged) {
    const model::PredictionScores& scores = one.model->scores;
    table.add({one.model->spec.name, count(scores.regression.num_rows), count(scores.num_dates),
               figure(scores.regression.mse, 6), figure(scores.regression.mae, 5),
               figure(scores.regression.r2, 4), share(scores.regression.directional_accuracy),
               figure(scores.ic_summary.mean, 4), figure(scores.ic_summary.ir, 3),
               t_of(scores.ic_summary.t)});
  }
  return table;
}

Table zoo_split_table(const ZooReport& report, const JudgedModels& judged) {
  Table table({{"model"},
               {"split"},
               {"MSE", Align::kRight},
               {"MAE", Align::kRight},
               {"R\u00b2", Align::kRight},
               {"R\u00b2 in training", Align::kRight},
               {"gap", Align::kRight}});
  for (const JudgedModel& one : judged) {
    for (const model::SplitScores& split : one.model->splits) {
      table.add({one.model->spec.name, report.rows.splits[split.split].name,
                 figure(split.test.mse, 6), figure(split.test.mae, 5), figure(split.test.r2, 4),
                 figure(split.train_r2, 4), figure(split.gap, 4)});
    }
  }
  return table;
}

Table zoo_window_table(const ZooReport& report) {
  Table table({{"split"},
               {"tested from"},
               {"to"},
               {"training bars", Align::kRight},
               {"training rows", Align::kRight},
               {"test rows", Align::kRight},
               {"purged", Align::kRight},
               {"embargoed", Align::kRight}});
  for (const model::Split& split : report.rows.splits) {
    table.add({split.name, bar_text(report, split.test_bars.front().first),
               bar_text(report, split.test_bars.back().last),
               count(model::num_dates(report.rows.rows, split.train)),
               count(model::num_rows(split.train)), count(model::num_rows(split.test)),
               count(split.num_purged), count(split.num_embargoed)});
  }
  return table;
}

Table zoo_portfolio_table(const JudgedModels& judged) {
  Table table({{"model"},
               {"spread", Align::kRight},
               {"its t", Align::kRight},
               {"a year", Align::kRight},
               {"volatility", Align::kRight},
               {"Sharpe", Align::kRight},
               {"error", Align::kRight},
               {"P(> 0)", Align::kRight},
               {"deflated", Align::kRight},
               {"max. drawdown", Align::kRight}});
  for (const JudgedModel& one : judged) {
    const model::PredictionScores& scores = one.model->scores;
    const factor::PortfolioSummary& held = held_by(*one.model);
    table.add(
        {one.model->spec.name, scores.spread_mean ? signed_percent(scores.spread_mean) : kNone,
         t_of(scores.spread_t), held.yearly_return ? signed_percent(held.yearly_return) : kNone,
         share(held.volatility), figure(held.sharpe, 2), figure(held.sharpe_error, 2),
         figure(held.probabilistic_sharpe, 3), figure(held.deflated_sharpe, 3),
         held.max_drawdown_pct ? percent_points(held.max_drawdown_pct) : kNone});
  }
  return table;
}

std::vector<std::size_t> features_by_importance(const ZooReport& report) {
  const std::size_t num_features = report.rows.rows.num_features();
  std::vector<double> sums(num_features, 0);
  for (const model::ZooModel& model : report.zoo.models) {
    for (std::size_t f = 0; f < num_features; ++f) sums[f] += model.importance[f].mean_share;
  }
  std::vector<std::size_t> order(num_features);
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return sums[a] > sums[b]; });
  return order;
}

Table zoo_importance_table(const ZooReport& report, const JudgedModels& judged) {
  std::vector<Column> columns = {{"feature"}};
  for (const JudgedModel& one : judged) columns.push_back({one.model->spec.name, Align::kRight});
  Table table(columns);
  for (const std::size_t f : features_by_importance(report)) {
    std::vector<std::string> row = {report.rows.rows.feature_names[f]};
    for (const JudgedModel& one : judged) row.push_back(share(one.model->importance[f].mean_share));
    table.add(std::move(row));
  }
  return table;
}

Table zoo_model_table(const JudgedModels& judged) {
  Table table({{"model"}, {"what it is"}, {"seed", Align::kRight}});
  for (const JudgedModel& one : judged) {
    const model::ModelSpec& spec = one.model->spec;
    const bool is_random = spec.kind == ModelKind::kRandomForest;
    table.add({spec.name, settings_text(spec), is_random ? std::to_string(spec.seed) : kNone});
  }
  return table;
}

Table zoo_feature_table(const ZooReport& report) {
  Table table({{"feature"}, {"expression"}, {"rows without a value", Align::kRight}});
  const model::Dataset& dataset = report.rows.rows;
  for (std::size_t f = 0; f < dataset.num_features(); ++f) {
    table.add({dataset.feature_names[f],
               f < report.expressions.size() ? report.expressions[f] : kNone,
               count(report.rows.num_missing[f])});
  }
  return table;
}

Table zoo_provenance_table(const ZooReport& report) {
  Table table({{"setting"}, {"value"}});
  table.add({"data", report.data_source});
  table.add({"data fingerprint", report.data_fingerprint});
  if (!report.dataset.empty()) table.add({"dataset", report.dataset});
  for (const auto& [key, value] : report.settings) table.add({key, value});
  table.add({"program", report.program});
  return table;
}

}  // namespace tickwerk::report
