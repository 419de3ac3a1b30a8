// FACTOR_ML_JOB and `tickwerk ml zoo`: what factors foretell together, as models of several kinds
// find it. From bars to a dataset of every bar, models trained and tested on splits in time, their
// scores, and files. `tickwerk ml alpha` takes the predictions from here.
#pragma once

#include "tickwerk/job/job.h"
#include "tickwerk/job/ml_dataset.h"
#include "tickwerk/job/training_watch.h"
#include "tickwerk/model/zoo.h"

namespace tickwerk::job {

/// What is left when models are trained.
struct TrainedZoo {
  BuiltDataset built;  // its rows have moved to `rows`
  model::ZooConfig config;
  model::ZooRows rows;
  std::vector<std::vector<model::Fold>> folds;  // by model, then split
  model::FoldFiles files;                       // of the same folds, until there are results
};

/// Steps load_data, build_factors, build_dataset, train_models. Folds are kept below
/// `<output>/data/ml/folds`, so that an interrupted run goes on where it was, until whoever asked
/// has written the results and calls remove_folds().
/// Throws as build_dataset, model::choose_models (before anything is read), model::zoo_rows,
/// model::train_zoo.
TrainedZoo train_zoo(const RunConfig& config, const TrainingWatch& watch = {});

/// The same with the steps evaluate and generate_reports: files of docs/formats/model_zoo.md; with
/// `config.trials` the models are put on record.
JobResult run_zoo(const RunConfig& config, const TrainingWatch& watch);

/// run_zoo() that nobody watches.
JobResult run_factor_ml(const RunConfig& config);

}  // namespace tickwerk::job
