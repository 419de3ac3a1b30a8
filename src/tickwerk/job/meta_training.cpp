#include "tickwerk/job/meta_training.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "tickwerk/base/version.h"
#include "tickwerk/job/factor_store.h"
#include "tickwerk/job/ml_dataset_recipe.h"
#include "tickwerk/job/price_levels.h"
#include "tickwerk/model/audit.h"
#include "tickwerk/model/constant_features.h"
#include "tickwerk/model/finite_features.h"
#include "tickwerk/model/fold_files.h"
#include "tickwerk/model/meta_model_file.h"
#include "tickwerk/model/names.h"
#include "tickwerk/report/ml_report.h"
#include "tickwerk/trace/step.h"

namespace tickwerk::job {
namespace {

constexpr const char* kModelFolder = "models/meta";
constexpr const char* kFoldFolder = "data/ml/folds";
constexpr const char* kLeakedPredictions = "ml_leaked_predictions.parquet";

/// A dataset from wherever it came.
struct Learned {
  model::Dataset dataset;
  model::DatasetDescription description;
  model::DatasetSummary summary;
  std::string fingerprint;
  std::filesystem::path file;  // below the output folder where it was made here
  std::string data_source;
  std::vector<std::filesystem::path> files;
  std::vector<std::string> notes;
  std::vector<std::string> warnings;
  factor::StoreReport store;
  DatasetRecipe recipe = {};
  std::string resumed = {};  // how much was there already; no result depends on it
};

Learned make(const DatasetConfig& config) {
  BuiltDataset built = build_dataset(config);
  Learned learned{.dataset = std::move(built.dataset),
                  .description = std::move(built.description),
                  .summary = std::move(built.summary),
                  .fingerprint = built.fingerprint,
                  .file = built.file,
                  .data_source = config.run.load.prices.filename().string(),
                  .files = {built.file},
                  .notes = std::move(built.loaded.notes),
                  .warnings = std::move(built.warnings),
                  .store = std::move(built.store)};
  learned.notes.insert(learned.notes.end(), built.sources.notes.begin(), built.sources.notes.end());
  return learned;
}

Learned read(const std::filesystem::path& path) {
  TW_STEP("load_data");
  model::DatasetFile file = model::read_dataset(path);
  const DatasetRecipe recipe = read_recipe(file.description.config, path);
  model::DatasetSummary summary =
      model::summarize(file.dataset, file.description.classes, recipe.candidates.value_or(0),
                       recipe.left_out.value_or(model::LeftOut{}));
  std::vector<std::string> warnings;
  const model::AuditLine levels = price_level_line(file.description, recipe);
  if (levels.verdict == model::AuditVerdict::kWarning) warnings.push_back(levels.text);
  return {.dataset = std::move(file.dataset),
          .description = std::move(file.description),
          .summary = std::move(summary),
          .fingerprint = std::move(file.fingerprint),
          .file = path,
          .data_source = path.filename().string(),
          .files = {},
          .notes = {},
          .warnings = std::move(warnings),
          .store = {}};
}

/// Before anything is read, where nothing was made before.
void require_two_values(const MetaTrainingConfig& config) {
  if (!config.dataset_file.empty()) return;
  const model::LabelRule rule = config.dataset.rule;
  if (model::kind_of(rule) == model::LabelKind::kBinary) return;
  throw Error(Code::kInvalidArgument,
              fmt::format("a meta-model learns a label of two values, --label-kind success or "
                          "outperformance, found {}: --success-threshold says from which return on "
                          "an entry is a success",
                          model::to_string(rule)));
}

void require_two_values(const Learned& learned) {
  const model::Dataset& dataset = learned.dataset;
  if (dataset.label_kind == model::LabelKind::kBinary) return;
  throw Error(Code::kInvalidArgument,
              fmt::format("a meta-model learns a label of two values, found {}, {}, in {}: `ml "
                          "dataset` with --label-kind success or outperformance makes one of the "
                          "same rows",
                          dataset.label_name,
                          dataset.label_kind == model::LabelKind::kReturn
                              ? "a return"
                              : fmt::format("of {} classes", learned.description.classes.size()),
                          learned.file.filename().string()));
}

/// The strategy whose entries the rows are; of every bar the label stands in.
std::string name_of(const Learned& learned) {
  const auto& entries = learned.recipe.entries;
  return entries && !entries->strategy.name.empty() ? entries->strategy.name
                                                    : learned.dataset.label_name;
}

model::MetaModelNotes notes_of(const MetaTrainingConfig& config, const Learned& learned) {
  const model::Dataset& dataset = learned.dataset;
  const DatasetRecipe& recipe = learned.recipe;
  model::MetaModelNotes notes;
  notes.strategy = name_of(learned);
  notes.frequency = dataset.frequency;
  notes.source = recipe.features;
  notes.features = learned.description.features;
  notes.catalogue_fingerprint = learned.description.catalogue_fingerprint;
  notes.data_fingerprint = learned.description.data_fingerprint;
  notes.dataset_fingerprint = learned.fingerprint;
  notes.dataset = learned.file;
  notes.label_name = dataset.label_name;
  notes.label_text = learned.description.label_text;
  notes.label_reach = dataset.label_reach;
  if (recipe.entries) {
    notes.strategy_language = recipe.entries->strategy.language;
    notes.strategy_params = recipe.entries->strategy.params;
    notes.fill = recipe.fill;
  }
  notes.config = config.model;
  notes.fit_begin = dataset.times[dataset.bar.front()];
  notes.fit_end =
      dataset.times[*std::max_element(dataset.label_end.begin(), dataset.label_end.end())];
  return notes;
}

model::FoldFiles fold_files(const MetaTrainingConfig& config, const Learned& learned) {
  const model::ValidationConfig validation{
      {config.model.model}, model::Target::kBinary, config.model.explain};
  return {config.dataset.run.output / kFoldFolder,
          model::fold_key(learned.fingerprint, validation, config.model.splits,
                          model::to_string(config.model.weights))};
}

model::MetaModel train(const MetaTrainingConfig& config,
                       model::FoldFiles& folds,
                       Learned& learned) {
  TW_STEP("train_meta_model");
  const auto train_or_validate =
      config.final_fit == FinalFit::kSave ? model::train_meta_model : model::validate_meta_model;
  model::MetaModel trained =
      train_or_validate(config.model, learned.dataset, &folds, watched_by(config.watch, folds));
  if (folds.num_found() > 0) {
    learned.resumed = fmt::format("{} of {} folds were there from an interrupted run",
                                  folds.num_found(), trained.folds.size());
  }
  return trained;
}

std::vector<std::pair<std::string, std::string>> settings_of(const model::MetaModelNotes& notes) {
  const model::MetaModelConfig& config = notes.config;
  const model::TreeParams& trees = config.model.trees;
  return {{"dataset_fingerprint", notes.dataset_fingerprint},
          {"label", notes.label_name},
          {"learning_rate", fmt::format("{}", trees.learning_rate)},
          {"max_depth", std::to_string(trees.max_depth)},
          {"min_confidence", fmt::format("{}", config.min_confidence)},
          {"model", std::string(to_string(config.model.kind))},
          {"num_trees", std::to_string(trees.num_trees)},
          {"row_weights", std::string(model::to_string(config.weights))},
          {"scheme", std::string(model::to_string(config.splits.scheme))},
          {"seed", std::to_string(config.model.seed)},
          {"splits", std::to_string(config.splits.num_splits)},
          {"strategy", notes.strategy}};
}

/// The three files of the model, below the output folder.
std::vector<std::filesystem::path> save_model(const MetaTrainingConfig& config,
                                              const model::MetaModelNotes& notes,
                                              const model::MetaModel& trained,
                                              const model::Dataset& dataset) {
  const std::filesystem::path& output = config.dataset.run.output;
  const model::MetaModelFiles files =
      model::meta_model_files(output / kModelFolder, notes.strategy, config.model.splits.scheme);
  model::save_meta_model(files, notes, trained, dataset);
  // Those of an earlier training that leaked would seem to be of this one.
  std::error_code ignored;
  std::filesystem::remove(output / kLeakedPredictions, ignored);
  std::vector<std::filesystem::path> written;
  for (const std::filesystem::path& file : {files.model, files.notes, files.predictions}) {
    if (!file.empty()) written.push_back(file.lexically_relative(output));
  }
  return written;
}

/// What is left of a training whose audit found a leak: predictions to look at, which no model
/// stands beside.
std::vector<std::filesystem::path> save_leaked(const MetaTrainingConfig& config,
                                               const model::MetaModel& trained,
                                               const model::Dataset& dataset) {
  model::write_predictions(config.dataset.run.output / kLeakedPredictions, dataset,
                           trained.out_of_fold);
  return {kLeakedPredictions};
}

std::string leak_text(const MetaTrainingConfig& config,
                      const model::MetaModelNotes& notes,
                      std::span<const model::AuditLine> audit) {
  std::vector<std::string> checks;
  for (const model::AuditLine& line : audit) {
    if (line.verdict == model::AuditVerdict::kLeak) checks.push_back(line.check);
  }
  const std::string found =
      fmt::format("the leakage audit must find no leak, found {}", fmt::join(checks, ", "));
  if (config.final_fit == FinalFit::kNone) return found + ": no score may be believed";
  const std::filesystem::path model =
      model::meta_model_files(config.dataset.run.output / kModelFolder, notes.strategy,
                              config.model.splits.scheme)
          .model;
  if (!std::filesystem::exists(model)) return found + ": no model is saved";
  return fmt::format("{}: no model is saved, {} stays as an earlier training left it", found,
                     model.string());
}

}  // namespace

model::MetaModelConfig default_meta_model() {
  model::MetaModelConfig config;
  config.model.name = "gradient_boosting";
  config.model.kind = model::ModelKind::kGradientBoosting;
  return config;
}

JobResult train_meta_model(const MetaTrainingConfig& config) {
  if (config.final_fit == FinalFit::kSave && config.model.splits.purge == model::Purge::kNone) {
    throw Error(Code::kInvalidArgument,
                "a model that is saved must be trained on purged splits, found none purged: "
                "compare by ml validate");
  }
  require_two_values(config);
  Learned learned = config.dataset_file.empty() ? make(config.dataset) : read(config.dataset_file);
  learned.recipe = read_recipe(learned.description.config, learned.file);
  require_two_values(learned);
  model::require_finite(learned.dataset);
  model::require_variation(learned.dataset);
  for (const std::string& said : model::constant_features(learned.dataset)) {
    learned.warnings.push_back(fmt::format("{}: it teaches nothing", said));
  }
  model::FoldFiles folds = fold_files(config, learned);
  model::MetaModel trained = train(config, folds, learned);
  std::vector<model::AuditLine> audit;
  {
    TW_STEP("evaluate");
    trained.scores = model::score_meta_model(config.model, learned.dataset, trained);
    audit = model::audit(learned.dataset, learned.description,
                         {.schemes = {config.model.splits.scheme},
                          .splits = config.model.splits,
                          .seed = config.model.model.seed});
    audit.push_back(price_level_line(learned.description, learned.recipe));
  }
  TW_STEP("generate_reports");
  const model::MetaModelNotes notes = notes_of(config, learned);
  JobResult job;
  job.files = std::move(learned.files);
  if (model::has_leak(audit)) job.refusal = leak_text(config, notes, audit);
  std::filesystem::path model_file;
  if (config.final_fit == FinalFit::kSave) {
    const bool leaks = model::has_leak(audit);
    for (std::filesystem::path& file : leaks
                                           ? save_leaked(config, trained, learned.dataset)
                                           : save_model(config, notes, trained, learned.dataset)) {
      if (file.extension() == ".ubj") model_file = file;
      job.files.push_back(std::move(file));
    }
  }
  report::MlTrainingReport report{
      .model = trained, .notes = notes, .summary = learned.summary, .times = learned.dataset.times};
  report.rows_are =
      learned.recipe.rows == "every_bar" ? report::RowsAre::kBars : report::RowsAre::kEntries;
  report.run =
      config.final_fit == FinalFit::kSave ? report::MlRun::kTraining : report::MlRun::kValidation;
  report.audit = std::move(audit);
  report.model_file = model_file;
  report.data_source = learned.data_source;
  report.program = fmt::format("tickwerk {}", kVersion);
  report.input_notes = learned.warnings;
  report.input_notes.insert(report.input_notes.end(), learned.notes.begin(), learned.notes.end());
  report.settings = settings_of(notes);
  for (std::filesystem::path& file : report::write_ml_report(report, config.dataset.run.output)) {
    job.files.push_back(std::move(file));
  }
  std::sort(job.files.begin(), job.files.end());
  job.notes = learned.notes;
  if (!learned.resumed.empty()) job.notes.push_back(learned.resumed);
  job.warnings = learned.warnings;
  job.summary = report::ml_summary(report);
  job.summary_json = report::ml_metrics_json(report);
  job.data_fingerprint = notes.data_fingerprint;
  job.config = report.settings;
  say_store(learned.store, job);
  remove_folds(folds, config.watch);
  return job;
}

JobResult run_ml_job(const RunConfig& config) {
  MetaTrainingConfig training;
  training.dataset.run = config;
  training.model = default_meta_model();
  training.model.model.seed = config.seed;
  JobResult job = train_meta_model(training);
  // A measured run has no place for a result that must not be used.
  if (!job.refusal.empty()) throw Error(Code::kCorruptData, job.refusal);
  return job;
}

}  // namespace tickwerk::job
