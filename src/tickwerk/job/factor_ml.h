// FACTOR_ML_JOB and `tickwerk ml zoo`: what factors foretell together, as models of several kinds
// find it. From bars to a dataset of every bar, models trained and tested on splits in time, their
// scores, and files. `tickwerk ml alpha` takes the predictions from here.
#pragma once

#include "tickwerk/job/job.h"
#include "tickwerk/job/ml_dataset.h"
#include "tickwerk/model/zoo.h"

namespace tickwerk::job {

/// What is left when models are trained.
struct TrainedZoo {
  BuiltDataset built;  // its rows have moved to `rows`
  model::ZooConfig config;
  model::ZooRows rows;
  std::vector<std::vector<model::Fold>> folds;  // by model, then split
  std::size_t num_kept = 0;                     // folds of an interrupted run that were used
};

/// Steps load_data, build_factors, build_dataset, train_models. Folds are kept below
/// `<output>/data/ml/folds` until all are done, so that an interrupted run goes on where it was.
/// Throws as build_dataset, model::choose_models (before anything is read), model::zoo_rows,
/// model::train_zoo.
TrainedZoo train_zoo(const RunConfig& config, const model::ValidationProgress& progress = {});

/// The same with the steps evaluate and generate_reports: files of docs/formats/model_zoo.md.
JobResult run_zoo(const RunConfig& config, const model::ValidationProgress& progress);

/// run_zoo() without progress.
JobResult run_factor_ml(const RunConfig& config);

}  // namespace tickwerk::job
