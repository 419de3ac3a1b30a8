#include "tickwerk/report/ml_report_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "tickwerk/base/error.h"
#include "tickwerk/report/figures.h"
#include "tickwerk/report/ml_report_figures.h"
#include "tickwerk/report/ml_report_verdict.h"

namespace tickwerk::report {
namespace {

using model::AtThreshold;
using model::ClassificationScores;
using model::FoldScores;
using model::MetaScores;

Column right(std::string title) { return {std::move(title), Align::kRight}; }

const model::Split& split_of(const MlTrainingReport& report, std::size_t fold) {
  return report.model.splits[report.model.folds[fold].split];
}

std::optional<double> difference(std::optional<double> a, std::optional<double> b) {
  if (!a || !b) return {};
  return *a - *b;
}

std::string rows_in(std::size_t bin, const model::Reliability& reliability) {
  return bin < reliability.bins.size() ? count(reliability.bins[bin].num_rows) : kDash;
}

std::optional<double> at(const std::vector<double>& values, std::size_t i) {
  return i < values.size() ? std::optional(values[i]) : std::nullopt;
}

/// Counts and coefficients in one column: four significant digits.
std::string short_figure(std::optional<double> value) {
  return value && std::isfinite(*value) ? fmt::format("{:.4g}", *value) : kDash;
}

std::string looks_back(const expr::Reach& reach) {
  return reach.all_history
             ? "all history"
             : counted(static_cast<std::uint64_t>(std::max<std::int64_t>(reach.lookback, 0)),
                       "bar");
}

}  // namespace

Table learned_table(const MlTrainingReport& report) {
  const model::MetaModelNotes& notes = report.notes;
  const MetaScores& scores = report.model.scores;
  const auto date = [&](Timestamp time) { return to_string(time, notes.frequency); };
  Table table({{"what"}, {"value"}});
  if (report.rows_are == RowsAre::kBars) {
    table.add({"rows are", "every bar of a symbol"});
  } else {
    table.add({"strategy", notes.strategy});
  }
  table.add({"label", fmt::format("{}: {}", notes.label_name, notes.label_text)});
  table.add({"label reads", counted(notes.label_reach, "bar") + " of the symbol ahead"});
  table.add({"rows", fmt::format("{} of {} on {}", count(report.summary.num_rows),
                                 counted(report.summary.num_symbols, "symbol"),
                                 counted(report.summary.num_bars, "bar"))});
  table.add({"features", count(notes.features.size())});
  table.add({"model", model_words(notes.config.model)});
  table.add({"splits", scheme_words(notes.config.splits)});
  table.add({"weights", notes.config.weights == model::RowWeights::kUniqueness
                            ? "uniqueness of labels"
                            : "all rows alike"});
  table.add({"tested rows", count(scores.pooled.num_rows)});
  table.add({"mean uniqueness of their labels", figure(scores.mean_uniqueness, 4)});
  table.add({"final fit, first bar", date(notes.fit_begin)});
  table.add({"final fit, last bar its labels read", date(notes.fit_end)});
  if (!notes.dataset.empty()) table.add({"dataset", notes.dataset.filename().generic_string()});
  const auto add_known = [&](const char* what, const std::string& value) {
    if (!value.empty()) table.add({what, value});
  };
  add_known("dataset fingerprint", notes.dataset_fingerprint);
  add_known("data fingerprint", notes.data_fingerprint);
  add_known("fingerprint of the features", notes.catalogue_fingerprint);
  return table;
}

Table fold_rows_table(const MlTrainingReport& report) {
  Table table({{"fold"},
               {"tested"},
               right("train rows"),
               right("test rows"),
               right("purged"),
               right("embargoed"),
               right("label 1")});
  for (std::size_t k = 0; k < report.model.folds.size(); ++k) {
    const model::Fold& fold = report.model.folds[k];
    const model::Split& split = split_of(report, k);
    table.add({split.name, test_dates(report, split), count(fold.num_train), count(fold.num_test),
               count(split.num_purged), count(split.num_embargoed),
               share(report.model.scores.folds[k].scores.base_rate)});
  }
  return table;
}

Table fold_scores_table(const MlTrainingReport& report) {
  Table table({{"fold"},
               right("AUC"),
               right("its error"),
               right("PR AUC"),
               right("Brier"),
               right("log loss"),
               right("log loss in training")});
  for (std::size_t k = 0; k < report.model.folds.size(); ++k) {
    const ClassificationScores& scores = report.model.scores.folds[k].scores;
    table.add({split_of(report, k).name, figure(scores.roc_auc, 4),
               figure(widened(scores.roc_auc_error, report.model.scores.mean_uniqueness), 4),
               figure(scores.average_precision, 4), figure(scores.brier, 4),
               figure(scores.log_loss, 4), figure(report.model.folds[k].train_loss, 4)});
  }
  return table;
}

Table metric_table(const MlTrainingReport& report) {
  const MetaScores& scores = report.model.scores;
  const ClassificationScores& pooled = scores.pooled;
  Table table({{"metric"},
               right("all tested rows"),
               right("mean over folds"),
               right("deviation"),
               right("base rate alone"),
               {"better"}});
  const auto add = [&](const char* name, std::optional<double> value, const model::OverFolds& over,
                       std::optional<double> base, const char* better) {
    table.add({name, figure(value, 4), figure(over.mean, 4), figure(over.deviation, 4),
               figure(base, 4), better});
  };
  const std::optional<double> brier = brier_of_base_rate(pooled);
  add("AUC", pooled.roc_auc, scores.roc_auc, 0.5, "higher");
  add("AUC, its error", widened(pooled.roc_auc_error, scores.mean_uniqueness), {}, {}, "");
  add("PR AUC", pooled.average_precision, scores.average_precision, pooled.base_rate, "higher");
  add("Brier", pooled.brier, scores.brier, brier, "lower");
  add("Brier, calibrated", scores.calibrated_brier, {}, brier, "lower");
  add("log loss", pooled.log_loss, scores.log_loss, log_loss_of_base_rate(pooled), "lower");
  add("calibration error", scores.reliability.expected_calibration_error, {}, {}, "lower");
  add("calibration error, calibrated", scores.calibrated.expected_calibration_error, {}, {},
      "lower");
  return table;
}

Table operating_table(const MlTrainingReport& report) {
  const MetaScores& scores = report.model.scores;
  const AtThreshold& chosen = scores.pooled.at_threshold;
  const std::optional<double> base = scores.pooled.base_rate;
  const std::size_t taken = chosen.true_positives + chosen.false_positives;
  Table table({{"figure"}, right("all tested rows"), right("taken")});
  table.add({std::string(rows_word(report)), count(scores.pooled.num_rows), count(taken)});
  table.add({fmt::format("share of {}", rows_word(report)),
             share(scores.pooled.num_rows > 0 ? std::optional(1.0) : std::nullopt),
             share(chosen.taken)});
  table.add({"of label 1 (precision)", share(base), share(chosen.precision)});
  table.add({"label 1 caught (recall)", kDash, share(chosen.recall)});
  table.add({"lift", kDash, figure(chosen.lift, 3)});
  table.add({"mean realized return", signed_share(scores.mean_return),
             signed_share(scores.mean_return_taken)});
  table.add({"right, taken or not (accuracy)",
             share(base ? std::optional(std::max(*base, 1 - *base)) : std::nullopt),
             share(chosen.accuracy)});
  return table;
}

Table operating_by_fold_table(const MlTrainingReport& report) {
  Table table({{"fold"},
               right("taken"),
               right("label 1, all"),
               right("label 1, taken"),
               right("mean return, all"),
               right("mean return, taken"),
               right("taken less all")});
  for (std::size_t k = 0; k < report.model.scores.folds.size(); ++k) {
    const FoldScores& fold = report.model.scores.folds[k];
    table.add({split_of(report, k).name, share(fold.scores.at_threshold.taken),
               share(fold.scores.base_rate), share(fold.scores.at_threshold.precision),
               signed_share(fold.mean_return), signed_share(fold.mean_return_taken),
               signed_share(difference(fold.mean_return_taken, fold.mean_return))});
  }
  return table;
}

Table calibration_table(const MlTrainingReport& report) {
  const model::Reliability& raw = report.model.scores.reliability;
  const model::Reliability& calibrated = report.model.scores.calibrated;
  Table table({{"probability"},
               right("rows"),
               right("mean said"),
               right("came true"),
               right("rows, calibrated"),
               right("mean said, calibrated"),
               right("came true, calibrated")});
  for (std::size_t b = 0; b < raw.bins.size(); ++b) {
    const model::ReliabilityBin& bin = raw.bins[b];
    const bool has_other = b < calibrated.bins.size();
    table.add({fmt::format("{:.1f} to {:.1f}", bin.lower, bin.upper), rows_in(b, raw),
               figure(bin.mean_probability, 4), figure(bin.share_of_ones, 4),
               rows_in(b, calibrated),
               has_other ? figure(calibrated.bins[b].mean_probability, 4) : kDash,
               has_other ? figure(calibrated.bins[b].share_of_ones, 4) : kDash});
  }
  return table;
}

std::vector<std::size_t> by_importance(const MlTrainingReport& report) {
  const MetaScores& scores = report.model.scores;
  const std::vector<double>& key =
      scores.permutation.empty() ? scores.importance : scores.permutation;
  std::vector<std::size_t> order(report.notes.features.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return at(key, a).value_or(0) > at(key, b).value_or(0);
  });
  return order;
}

Table importance_table(const MlTrainingReport& report) {
  const MetaScores& scores = report.model.scores;
  Table table({{"feature"},
               right("lost without it, in tests"),
               right("moves a prediction by (SHAP)"),
               right("mean gain of its splits")});
  for (const std::size_t f : by_importance(report)) {
    table.add({report.notes.features[f].name, figure(at(scores.permutation, f), 5),
               figure(at(scores.contribution, f), 4), figure(at(scores.importance, f), 3)});
  }
  return table;
}

Table curve_table(const MlTrainingReport& report) {
  Table table({right("trees"), right("log loss in training"), right("log loss in tests")});
  for (const model::CurvePoint& point : report.model.scores.curve) {
    table.add({count(point.num_trees), figure(point.train_loss, 4), figure(point.test_loss, 4)});
  }
  return table;
}

Table class_table(const MlTrainingReport& report) {
  Table table({{"class"}, right("rows"), right("share"), right("mean realized return")});
  const auto all = static_cast<double>(report.summary.num_rows);
  for (const model::ClassCount& one : report.summary.classes) {
    table.add({one.name, count(one.num_rows),
               all > 0 ? share(static_cast<double>(one.num_rows) / all) : kDash,
               signed_share(one.mean_return)});
  }
  return table;
}

Table year_table(const MlTrainingReport& report) {
  std::vector<Column> columns{{"year"}, right("rows")};
  for (const model::ClassCount& one : report.summary.classes) columns.push_back(right(one.name));
  columns.push_back(right("share of the last class"));
  columns.push_back(right("mean realized return"));
  Table table(std::move(columns));
  for (const model::YearCount& year : report.summary.years) {
    std::vector<std::string> row{fmt::to_string(year.year), count(year.num_rows)};
    for (std::size_t c = 0; c < report.summary.classes.size(); ++c) {
      row.push_back(c < year.by_class.size() ? count(year.by_class[c]) : kDash);
    }
    row.push_back(year.by_class.empty() || year.num_rows == 0
                      ? kDash
                      : share(static_cast<double>(year.by_class.back()) /
                              static_cast<double>(year.num_rows)));
    row.push_back(signed_share(year.mean_return));
    table.add(std::move(row));
  }
  return table;
}

Table left_out_table(const MlTrainingReport& report) {
  const model::LeftOut& left_out = report.summary.left_out;
  Table table({{std::string(rows_word(report))}, right("number")});
  if (report.summary.num_candidates > 0) {
    table.add({"candidates", count(report.summary.num_candidates)});
  }
  const auto add = [&](const char* why, std::size_t number) {
    if (number > 0) table.add({why, count(number)});
  };
  add("left out: met no price", left_out.num_unfilled);
  add("left out: the data end before the label", left_out.num_unfinished);
  add("left out: no label", left_out.num_no_label);
  add("left out: no benchmark yet", left_out.num_no_benchmark);
  add("left out: not in the universe", left_out.num_strangers);
  table.add({"rows", count(report.summary.num_rows)});
  table.add({"of them with every feature", count(report.summary.num_complete)});
  return table;
}

Table feature_table(const MlTrainingReport& report) {
  Table table(
      {{"feature"}, {"expression"}, right("looks back"), right("missing"), right("infinite")});
  for (const model::FeatureText& feature : report.notes.features) {
    const auto& counts = report.summary.features;
    const auto found = std::find_if(counts.begin(), counts.end(),
                                    [&](const auto& one) { return one.name == feature.name; });
    const bool has = found != counts.end();
    table.add({feature.name, feature.expression, looks_back(feature.reach),
               has ? share(found->missing) : kDash, has ? share(found->infinite) : kDash});
  }
  return table;
}

Table audit_table(const MlTrainingReport& report) {
  Table table({{"check"}, {"verdict"}, right("value"), right("limit"), {"what was found"}});
  for (const model::AuditLine& line : report.audit) {
    table.add({line.check, std::string(to_string(line.verdict)), short_figure(line.value),
               short_figure(line.limit), line.text});
  }
  return table;
}

Table ml_provenance_table(const MlTrainingReport& report) {
  Table table({{"setting"}, {"value"}});
  for (const auto& [key, value] : report.settings) table.add({key, value});
  if (!report.program.empty()) table.add({"program", report.program});
  if (!report.data_source.empty()) table.add({"data", report.data_source});
  return table;
}

}  // namespace tickwerk::report
