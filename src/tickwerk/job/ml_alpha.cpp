#include "tickwerk/job/ml_alpha.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tickwerk/base/version.h"
#include "tickwerk/job/factor_ml.h"
#include "tickwerk/job/factor_store.h"
#include "tickwerk/report/figures.h"
#include "tickwerk/report/json_number.h"
#include "tickwerk/report/values_file.h"
#include "tickwerk/trace/step.h"

namespace tickwerk::job {
namespace {

using nlohmann::json;

void check_config(const AlphaConfig& config) {
  const ZooSettings& zoo = config.run.zoo;
  if (zoo.models.size() != 1) {
    throw Error(Code::kInvalidArgument,
                fmt::format("an alpha must be of one model, found {}", zoo.models.size()));
  }
  if (zoo.splits.scheme != model::SplitScheme::kWalkForward) {
    throw Error(Code::kInvalidArgument,
                "an alpha must come from a walk-forward, found folds that train on bars after "
                "those they predict");
  }
  if (zoo.splits.purge == model::Purge::kNone) {
    throw Error(Code::kInvalidArgument,
                "an alpha must be purged, found training labels that reach into the tests");
  }
}

std::string bar_text(const model::Dataset& dataset, std::size_t bar) {
  return to_string(dataset.times[bar], dataset.frequency);
}

/// Where the values come from, for whoever reads the file later.
json provenance(const TrainedZoo& trained, const std::string& name) {
  const model::Dataset& dataset = trained.rows.rows;
  const model::ModelSpec& spec = trained.config.models.front();
  json windows = json::array();
  for (const model::Split& split : trained.rows.splits) {
    std::uint32_t fit_end = 0;
    for (const model::RowRange& range : split.train) {
      for (std::size_t r = range.first; r < range.last; ++r) {
        fit_end = std::max(fit_end, dataset.label_end[r]);
      }
    }
    windows.push_back({{"fit_end", bar_text(dataset, fit_end)},
                       {"first", bar_text(dataset, split.test_bars.front().first)},
                       {"last", bar_text(dataset, split.test_bars.back().last)}});
  }
  json model = {{"name", spec.name}, {"kind", to_string(spec.kind)}, {"seed", spec.seed}};
  if (spec.kind == model::ModelKind::kRidge || spec.kind == model::ModelKind::kLasso) {
    model["alpha"] = spec.alpha;
  }
  json features = json::array();
  for (const model::FeatureText& feature : trained.built.description.features) {
    features.push_back({{"name", feature.name}, {"expression", feature.expression}});
  }
  return {{"format", "tickwerk alpha 1"},
          {"version", kVersion},
          {"name", name},
          {"model", std::move(model)},
          {"label", {{"name", dataset.label_name}, {"reach", dataset.label_reach}}},
          {"features", std::move(features)},
          {"windows", std::move(windows)},
          {"dataset_fingerprint", trained.built.fingerprint},
          {"data_fingerprint", trained.built.loaded.fingerprint}};
}

struct Written {
  std::string name;
  std::filesystem::path path;
  std::size_t num_predicted = 0;
  std::size_t num_rows = 0;
  json provenance;
};

std::string summary_of(const Written& written, const TrainedZoo& trained, const model::Zoo& zoo) {
  const model::PredictionScores& scores = zoo.models.front().scores;
  const json& windows = written.provenance.at("windows");
  std::string text = fmt::format(
      "{}: {} of {} have a prediction of {} by {}, from {} to {}\n", written.path.string(),
      report::count(written.num_predicted), report::counted(written.num_rows, "bar"),
      trained.rows.rows.label_name, trained.config.models.front().name,
      windows.front().at("first").get<std::string>(), windows.back().at("last").get<std::string>());
  const auto& test = scores.rank_ic_summary.t;
  text += fmt::format("mean rank IC {}, t {}, p {}, over {}\n",
                      report::with_decimals(scores.rank_ic_summary.mean, 4),
                      report::with_decimals(test ? std::optional(test->t) : std::nullopt, 2),
                      report::with_decimals(test ? std::optional(test->p_value) : std::nullopt, 3),
                      report::counted(scores.num_dates, "bar"));
  return text + fmt::format("read it with --fields {}, as {} in any expression\n",
                            written.path.string(), written.name);
}

std::string json_of(const Written& written, const model::Zoo& zoo) {
  const model::PredictionScores& scores = zoo.models.front().scores;
  const auto& test = scores.rank_ic_summary.t;
  json document = written.provenance;
  document["file"] = written.path.string();
  document["num_rows"] = written.num_rows;
  document["num_predicted"] = written.num_predicted;
  document["rank_ic_mean"] = report::json_number(scores.rank_ic_summary.mean);
  document["t"] = report::json_number(test ? std::optional(test->t) : std::nullopt);
  document["p_value"] = report::json_number(test ? std::optional(test->p_value) : std::nullopt);
  return document.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

Written write_alpha(const AlphaConfig& config, const TrainedZoo& trained, const model::Zoo& zoo) {
  const model::ZooModel& model = zoo.models.front();
  const market::Bars& bars = trained.built.loaded.bars;
  Written written{.name = alpha_name(model.spec.name, config.run.zoo.horizon),
                  .path = config.out,
                  .provenance = {}};
  if (written.path.empty()) written.path = config.run.output / (written.name + ".parquet");
  written.provenance = provenance(trained, written.name);
  const Panel values = model::panel_of_rows(trained.rows.rows, model.predicted);
  TW_CHECK(values.num_rows(), ==, bars.num_rows());
  TW_CHECK(values.num_symbols(), ==, bars.num_symbols());
  written.num_predicted = static_cast<std::size_t>(std::count_if(
      model.predicted.begin(), model.predicted.end(), [](double value) { return value == value; }));
  const report::ValueColumn column{written.name, values.view()};
  written.num_rows =
      report::write_values(written.path, bars, trained.built.loaded.first_row,
                           std::span(&column, 1), {{"tickwerk", written.provenance.dump()}});
  return written;
}

}  // namespace

std::string alpha_name(const std::string& model, int horizon) {
  std::string name = fmt::format("ml_alpha_{}_{}d", model, horizon);
  for (char& letter : name) {
    const bool kept =
        (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '_';
    if (!kept) letter = '_';
  }
  return name;
}

JobResult run_ml_alpha(const AlphaConfig& config, const TrainingWatch& watch) {
  check_config(config);
  if (!config.out.empty()) {
    const std::string name = alpha_name(config.run.zoo.models.front(), config.run.zoo.horizon);
    report::check_values_file(config.out, std::span(&name, 1));
  }
  TrainedZoo trained = train_zoo(config.run, watch);
  TW_STEP("write_alpha");
  const model::Zoo zoo = model::score_zoo(trained.config, trained.rows, trained.folds, {});
  const Written written = write_alpha(config, trained, zoo);
  JobResult job;
  if (config.out.empty()) job.files.push_back(written.path.filename());
  job.files.push_back(trained.built.file);
  std::sort(job.files.begin(), job.files.end());
  for (const auto* notes : {&trained.built.loaded.notes, &trained.built.sources.notes}) {
    job.notes.insert(job.notes.end(), notes->begin(), notes->end());
  }
  job.warnings = trained.built.warnings;
  job.summary = summary_of(written, trained, zoo);
  job.summary_json = json_of(written, zoo);
  job.data_fingerprint = trained.built.loaded.fingerprint;
  say_store(trained.built.store, job);
  remove_folds(trained.files, watch);
  return job;
}

}  // namespace tickwerk::job
