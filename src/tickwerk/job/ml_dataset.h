// Datasets to learn from, from prices to a Parquet file: features, the outcomes of a strategy's own
// entries or of every bar, their summary. Run by `tickwerk ml dataset` and, as its first steps, by
// whatever trains.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "tickwerk/factor/selection.h"
#include "tickwerk/job/job.h"
#include "tickwerk/model/dataset_file.h"
#include "tickwerk/model/dataset_summary.h"
#include "tickwerk/model/labeled_rows.h"

namespace tickwerk::job {

enum class DatasetRows { kEntries, kEveryBar };

struct DatasetConfig {
  /// Bars, strategy, fill, costs, delisting, benchmark, store, output. Entries follow the strategy
  /// from the first bar; `load.from` cuts the rows only.
  RunConfig run;
  factor::Selection features = {.catalogue = "ta"};  // without horizons
  std::map<std::string, double, std::less<>>
      params;  // of the features' and the label's expressions
  DatasetRows rows = DatasetRows::kEntries;
  model::LabelRule rule = model::LabelRule::kSuccess;
  int horizon = 10;
  double success_threshold = 0.02;
  double barrier_up = 0.05;
  double barrier_down = 0.05;
  /// A label of the catalogue or of the features' expressions that stands for the realized return;
  /// empty: the trade's, and of every bar fwd_trade_h (fwd_return_h with same_close).
  std::string label;
};

struct BuiltDataset {
  market::LoadedBars loaded;
  factor::LoadedSources sources;
  strategy::StrategySpec spec;
  strategy::Signals signals;  // from the first bar on; empty for every bar
  model::Dataset dataset;
  model::DatasetDescription description;
  model::DatasetSummary summary;
  std::vector<std::string> price_levels;  // features that depend on the level of prices
  std::string fingerprint;
  std::filesystem::path file;         // relative to the output folder
  std::vector<std::string> warnings;  // a sentence each
  factor::StoreReport store;
};

/// Steps load_data, build_factors, build_dataset; the file stands at the end, whole or not at all.
/// Throws as market::load, factor::select, factor::evaluate, strategy::build_factors,
/// model::label_rows and model::build_dataset; kInvalidArgument for a feature that is a label.
BuiltDataset build_dataset(const DatasetConfig& config);

/// The same with its summary, for a command.
JobResult run_ml_dataset(const DatasetConfig& config);

}  // namespace tickwerk::job
