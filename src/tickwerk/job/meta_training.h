// A meta-model of a strategy's entries, from bars or from a dataset to its files and its report:
// `tickwerk ml train` and `ml validate`, and the job ML_JOB.
#pragma once

#include <filesystem>

#include "tickwerk/job/ml_dataset.h"
#include "tickwerk/job/training_watch.h"
#include "tickwerk/model/meta_model.h"

namespace tickwerk::job {

/// Whether the fit on all rows is made and saved, or folds are only scored.
enum class FinalFit { kSave, kNone };

struct MetaTrainingConfig {
  DatasetConfig dataset;               // bars, strategy, features, label, output
  std::filesystem::path dataset_file;  // instead of bars: one made before; empty = make it
  model::MetaModelConfig model;
  FinalFit final_fit = FinalFit::kSave;
  TrainingWatch watch;  // may be empty
};

/// Of ML_JOB and of the commands where no flag says otherwise: gradient boosting as the library has
/// it, five expanding windows.
model::MetaModelConfig default_meta_model();

/// Steps load_data, build_factors, build_dataset (with a dataset's file load_data alone), then
/// train_meta_model, evaluate, generate_reports. Writes `models/meta/<strategy>_meta_model.ubj`,
/// `.json` and, of a walk-forward, `_predictions.parquet`; folds of an interrupted run, up to
/// its last file, are taken up again. Where the audit finds a leak the result is a refusal: no file
/// of a model is touched, `ml_leaked_predictions.parquet` holds what was predicted. Throws as
/// build_dataset, model::read_dataset and model::train_meta_model.
JobResult train_meta_model(const MetaTrainingConfig& config);

/// ML_JOB: with `config`'s bars, strategy, seed, store and output. A refusal is an error,
/// kCorruptData, once the report is written.
JobResult run_ml_job(const RunConfig& config);

}  // namespace tickwerk::job
