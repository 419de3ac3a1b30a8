// What a model predicts of rows it was not trained on, as a factor that other commands read beside
// their bars: `tickwerk ml alpha`. Walk-forward only, since a model that trained on later bars
// knows what its predictions should not.
#pragma once

#include <filesystem>
#include <string>

#include "tickwerk/job/job.h"
#include "tickwerk/job/training_watch.h"

namespace tickwerk::job {

struct AlphaConfig {
  RunConfig run;              // its `zoo` names one model and a walk-forward
  std::filesystem::path out;  // empty: `<output>/<name>.parquet`; .csv or .parquet
};

/// `ml_alpha_ridge_0_1_20d`: a name that the expression language can write.
std::string alpha_name(const std::string& model, int horizon);

/// Steps load_data, build_factors, build_dataset, train_models, write_alpha. The file has a row for
/// each bar, empty where no window tested it: before the first window, where a feature is missing,
/// and on the last bars, whose label the data do not reach. Throws kInvalidArgument for a scheme
/// that is no walk-forward, for one without the purge and for other than one model, all before
/// anything is read; else as train_zoo and report::write_values.
JobResult run_ml_alpha(const AlphaConfig& config, const TrainingWatch& watch);

}  // namespace tickwerk::job
