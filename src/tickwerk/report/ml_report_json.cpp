#include <nlohmann/json.hpp>

#include "tickwerk/model/names.h"
#include "tickwerk/report/json_number.h"
#include "tickwerk/report/ml_report_figures.h"
#include "tickwerk/report/ml_report_verdict.h"

namespace tickwerk::report {
namespace {

using Json = nlohmann::json;
using model::ClassificationScores;

Json scores_json(const ClassificationScores& scores, double mean_uniqueness) {
  const model::AtThreshold& at = scores.at_threshold;
  return {{"rows", scores.num_rows},
          {"base_rate", json_number(scores.base_rate)},
          {"roc_auc", json_number(scores.roc_auc)},
          {"roc_auc_error", json_number(scores.roc_auc_error)},
          {"roc_auc_error_widened", json_number(widened(scores.roc_auc_error, mean_uniqueness))},
          {"pr_auc", json_number(scores.average_precision)},
          {"brier", json_number(scores.brier)},
          {"log_loss", json_number(scores.log_loss)},
          {"true_positives", at.true_positives},
          {"false_positives", at.false_positives},
          {"true_negatives", at.true_negatives},
          {"false_negatives", at.false_negatives},
          {"taken", json_number(at.taken)},
          {"precision", json_number(at.precision)},
          {"recall", json_number(at.recall)},
          {"lift", json_number(at.lift)},
          {"accuracy", json_number(at.accuracy)}};
}

Json over_folds_json(const model::OverFolds& over) {
  return {{"mean", json_number(over.mean)}, {"deviation", json_number(over.deviation)}};
}

Json folds_json(const MlTrainingReport& report) {
  Json folds = Json::array();
  for (std::size_t k = 0; k < report.model.folds.size(); ++k) {
    const model::Fold& fold = report.model.folds[k];
    const model::Split& split = report.model.splits[fold.split];
    const model::FoldScores& scored = report.model.scores.folds[k];
    Json json = scores_json(scored.scores, report.model.scores.mean_uniqueness);
    json["name"] = split.name;
    json["tested"] = test_dates(report, split);
    json["train_rows"] = fold.num_train;
    json["purged"] = split.num_purged;
    json["embargoed"] = split.num_embargoed;
    json["train_log_loss"] = json_number(fold.train_loss);
    json["mean_return"] = json_number(scored.mean_return);
    json["mean_return_taken"] = json_number(scored.mean_return_taken);
    folds.push_back(std::move(json));
  }
  return folds;
}

Json bins_json(const model::Reliability& reliability) {
  Json bins = Json::array();
  for (const model::ReliabilityBin& bin : reliability.bins) {
    bins.push_back({{"lower", json_number(bin.lower)},
                    {"upper", json_number(bin.upper)},
                    {"rows", bin.num_rows},
                    {"mean_probability", json_number(bin.mean_probability)},
                    {"share_of_ones", json_number(bin.share_of_ones)}});
  }
  return {{"bins", std::move(bins)},
          {"expected_calibration_error", json_number(reliability.expected_calibration_error)}};
}

Json features_json(const MlTrainingReport& report) {
  const model::MetaScores& scores = report.model.scores;
  const auto at = [](const std::vector<double>& values, std::size_t f) {
    return f < values.size() ? json_number(values[f]) : Json(nullptr);
  };
  Json features = Json::array();
  for (std::size_t f = 0; f < report.notes.features.size(); ++f) {
    features.push_back({{"name", report.notes.features[f].name},
                        {"permutation", at(scores.permutation, f)},
                        {"shap", at(scores.contribution, f)},
                        {"gain", at(scores.importance, f)}});
  }
  return features;
}

Json curve_json(const MlTrainingReport& report) {
  Json curve = Json::array();
  for (const model::CurvePoint& point : report.model.scores.curve) {
    curve.push_back({{"trees", point.num_trees},
                     {"train_log_loss", json_number(point.train_loss)},
                     {"test_log_loss", json_number(point.test_loss)}});
  }
  return curve;
}

Json audit_json(const MlTrainingReport& report) {
  if (report.audit.empty()) return nullptr;
  Json audit = Json::array();
  for (const model::AuditLine& line : report.audit) {
    audit.push_back({{"check", line.check},
                     {"verdict", to_string(line.verdict)},
                     {"value", json_number(line.value)},
                     {"limit", json_number(line.limit)},
                     {"text", line.text}});
  }
  return audit;
}

Json document(const MlTrainingReport& report) {
  const model::MetaScores& scores = report.model.scores;
  const model::MetaModelNotes& notes = report.notes;
  const SkillJudgement judged = judge(report);
  Json json;
  json["strategy"] = notes.strategy;
  json["label"] = notes.label_name;
  json["scheme"] = name_of(notes.config.splits.scheme);
  json["skill"] = to_string(judged.skill);
  json["verdict"] = verdict(report);
  json["warnings"] = warnings(report);
  json["scores"] = scores_json(scores.pooled, scores.mean_uniqueness);
  json["scores"]["mean_return"] = json_number(scores.mean_return);
  json["scores"]["mean_return_taken"] = json_number(scores.mean_return_taken);
  json["scores"]["calibrated_brier"] = json_number(scores.calibrated_brier);
  json["scores"]["brier_of_base_rate"] = json_number(brier_of_base_rate(scores.pooled));
  json["scores"]["log_loss_of_base_rate"] = json_number(log_loss_of_base_rate(scores.pooled));
  json["mean_uniqueness"] = json_number(scores.mean_uniqueness);
  json["min_confidence"] = json_number(notes.config.min_confidence);
  json["over_folds"] = {{"roc_auc", over_folds_json(scores.roc_auc)},
                        {"pr_auc", over_folds_json(scores.average_precision)},
                        {"brier", over_folds_json(scores.brier)},
                        {"log_loss", over_folds_json(scores.log_loss)}};
  json["over_folds"]["roc_auc"]["error_of_mean"] = json_number(judged.error_of_mean);
  json["folds"] = folds_json(report);
  json["calibration"] = {{"raw", bins_json(scores.reliability)},
                         {"isotonic", bins_json(scores.calibrated)}};
  json["features"] = features_json(report);
  json["learning_curve"] = curve_json(report);
  json["audit"] = audit_json(report);
  json["rows"] = report.summary.num_rows;
  json["fit_begin"] = to_string(notes.fit_begin, notes.frequency);
  json["fit_end"] = to_string(notes.fit_end, notes.frequency);
  json["dataset_fingerprint"] = notes.dataset_fingerprint;
  json["data_fingerprint"] = notes.data_fingerprint;
  json["catalogue_fingerprint"] = notes.catalogue_fingerprint;
  return json;
}

}  // namespace

std::string ml_metrics_json(const MlTrainingReport& report) {
  // Bytes that are no UTF-8 (a name out of a file) are replaced, never an error.
  return document(report).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace tickwerk::report
