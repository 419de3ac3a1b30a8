#include "tickwerk/report/zoo_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tickwerk/io/atomic_file.h"
#include "tickwerk/report/json_number.h"
#include "tickwerk/report/zoo_report_csv.h"
#include "tickwerk/report/zoo_report_page.h"
#include "tickwerk/report/zoo_report_text.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::report {
namespace {

using nlohmann::json;

constexpr const char* kPage = "ml_model_zoo_report.html";

json coefficients(const factor::IcSummary& summary) {
  return {{"count", summary.count},
          {"mean", json_number(summary.mean)},
          {"deviation", json_number(summary.deviation)},
          {"ir", json_number(summary.ir)},
          {"t", json_number(summary.t ? std::optional(summary.t->t) : std::nullopt)},
          {"p_value", json_number(summary.t ? std::optional(summary.t->p_value) : std::nullopt)}};
}

json portfolio(const model::PredictionScores& scores) {
  json object = {{"spread_mean", json_number(scores.spread_mean)},
                 {"spread_t",
                  json_number(scores.spread_t ? std::optional(scores.spread_t->t) : std::nullopt)}};
  if (!scores.long_short_summary) return object;
  const factor::PortfolioSummary& held = *scores.long_short_summary;
  object["yearly_return"] = json_number(held.yearly_return);
  object["volatility"] = json_number(held.volatility);
  object["sharpe"] = json_number(held.sharpe);
  object["sharpe_error"] = json_number(held.sharpe_error);
  object["probabilistic_sharpe"] = json_number(held.probabilistic_sharpe);
  object["deflated_sharpe"] = json_number(held.deflated_sharpe);
  object["max_drawdown_pct"] = json_number(held.max_drawdown_pct);
  return object;
}

json model_object(const ZooReport& report, const JudgedModel& one) {
  const model::ZooModel& model = *one.model;
  json object = {
      {"name", model.spec.name},
      {"kind", to_string(model.spec.kind)},
      {"verdict", verdict(one)},
      {"t", json_number(one.t)},
      {"p_value", json_number(one.p_value)},
      {"p_holm", json_number(one.p_holm)},
      {"rank_ic", coefficients(model.scores.rank_ic_summary)},
      {"ic", coefficients(model.scores.ic_summary)},
      {"num_rows", model.scores.regression.num_rows},
      {"mse", json_number(model.scores.regression.mse)},
      {"mae", json_number(model.scores.regression.mae)},
      {"r2", json_number(model.scores.regression.r2)},
      {"directional_accuracy", json_number(model.scores.regression.directional_accuracy)},
      {"long_short", portfolio(model.scores)},
      {"splits", json::array()}};
  for (const model::SplitScores& split : model.splits) {
    object["splits"].push_back({{"split", report.rows.splits[split.split].name},
                                {"mse", json_number(split.test.mse)},
                                {"mae", json_number(split.test.mae)},
                                {"r2", json_number(split.test.r2)},
                                {"r2_train", json_number(split.train_r2)},
                                {"num_train", split.num_train},
                                {"num_test", split.num_test}});
  }
  return object;
}

}  // namespace

std::vector<std::filesystem::path> write_zoo_report(const ZooReport& report,
                                                    const std::filesystem::path& output) {
  TW_ZONE("write_zoo_report");
  std::vector<std::filesystem::path> names;
  const auto path_of = [&](std::string name) {
    names.emplace_back(std::move(name));
    return output / names.back();
  };
  io::write_file(path_of(fmt::format("ml_metrics_{}.csv", report.tag)), zoo_metrics_csv(report));
  io::write_file(path_of(fmt::format("ml_portfolio_metrics_{}.csv", report.tag)),
                 zoo_portfolio_csv(report));
  io::write_file(path_of(fmt::format("ml_feature_importance_{}.csv", report.tag)),
                 zoo_importance_csv(report));
  write_predictions(report, path_of(fmt::format("ml_predictions_{}.parquet", report.tag)));
  io::write_file(path_of("ml_model_zoo_summary.csv"), zoo_summary_csv(report));
  io::write_file(path_of("ml_model_zoo_summary.md"), zoo_markdown(report));
  io::write_file(path_of(kPage), zoo_report_page(report));
  std::sort(names.begin(), names.end());
  return names;
}

std::string zoo_summary(const ZooReport& report) {
  const JudgedModels judged = judge(report);
  std::string text = fmt::format("{}\n{}\n\n{}\n", zoo_title(report), zoo_subject(report),
                                 zoo_headline_table(judged).plain());
  for (const std::string& sentence : findings(report, judged)) text += sentence + "\n";
  return text + fmt::format("page: {}\n", kPage);
}

std::string zoo_summary_json(const ZooReport& report) {
  const JudgedModels judged = judge(report);
  const model::Dataset& dataset = report.rows.rows;
  json document = {{"label", dataset.label_name},
                   {"horizon", dataset.label_reach},
                   {"frequency", suffix(dataset.frequency)},
                   {"features", dataset.feature_names},
                   {"num_rows", dataset.num_rows()},
                   {"num_incomplete", report.rows.num_incomplete},
                   {"num_symbols", dataset.symbols.size()},
                   {"num_trials", report.num_trials},
                   {"findings", findings(report, judged)},
                   {"models", json::array()},
                   {"probability_of_overfitting", nullptr},
                   {"notes", report.notes},
                   {"configuration", json::object()},
                   {"data", report.data_source},
                   {"data_fingerprint", report.data_fingerprint},
                   {"dataset", report.dataset},
                   {"page", kPage}};
  if (report.zoo.overfitting) {
    document["probability_of_overfitting"] = json_number(report.zoo.overfitting->probability);
  }
  for (const JudgedModel& one : judged) document["models"].push_back(model_object(report, one));
  for (const auto& [key, value] : report.settings) document["configuration"][key] = value;
  return document.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace tickwerk::report
