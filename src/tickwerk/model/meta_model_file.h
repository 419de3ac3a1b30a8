// A meta-model as files (docs/formats/meta_model.md): the final fit in XGBoost's format, what is
// known of it in JSON beside it, and the probabilities that its walk-forward gave on their days.
// Written by training, read by backtests, `ml predict` and Python. A file that was changed, or that
// belongs to other features, is refused.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tickwerk/base/time.h"
#include "tickwerk/model/dataset_file.h"
#include "tickwerk/model/meta_model.h"

namespace tickwerk::model {

/// What the features are, to be made again from other bars: a selection of factor/selection.h with
/// the text of a user's file in it.
struct FeatureSource {
  std::string catalogue;
  std::string language;  // the user's file and lines
  std::map<std::string, double, std::less<>> params;
};

/// What the `.json` says beside the metrics.
struct MetaModelNotes {
  std::string strategy;  // name
  Frequency frequency = Frequency::kDaily;
  FeatureSource source;
  std::vector<FeatureText> features;  // in the order of the model
  std::string catalogue_fingerprint;
  std::string data_fingerprint;  // of the bars trained on
  std::string dataset_fingerprint;
  std::filesystem::path dataset;  // its file, as it was given
  std::string label_name;
  std::string label_text;
  std::size_t label_reach = 0;    // bars
  std::string strategy_language;  // of the strategy whose entries were learned
  std::map<std::string, double, std::less<>> strategy_params;
  std::string fill;  // `next_open`; by which its entries were filled
  MetaModelConfig config;
  Timestamp fit_begin;                   // first bar of a training row
  Timestamp fit_end;                     // last bar that a training label read
  std::optional<double> brier = {};      // of tested rows; read from the metrics, not written
  std::optional<double> base_rate = {};  // the same: share of label 1
};

/// A probability that a walk-forward gave for an entry decided on a bar.
struct DatedProbability {
  Timestamp time;
  std::string symbol;
  double probability = 0;
};

struct MetaModelFiles {
  std::filesystem::path model;        // `<strategy>_meta_model.ubj`
  std::filesystem::path notes;        // `.json`
  std::filesystem::path predictions;  // `_predictions.parquet`; empty unless walk-forward
};

/// Names of the three below `folder`.
MetaModelFiles meta_model_files(const std::filesystem::path& folder,
                                const std::string& strategy,
                                SplitScheme scheme);

/// Writes all, the `.json` last: it holds hashes of the others, so files of two trainings are never
/// taken for one. Throws kIo.
void save_meta_model(const MetaModelFiles& files,
                     const MetaModelNotes& notes,
                     const MetaModel& model,
                     const Dataset& dataset);

/// `timestamp, symbol, probability` of the rows that were tested: those whose `out_of_fold`, one a
/// row of the dataset, is no NaN. Throws kIo.
void write_predictions(const std::filesystem::path& path,
                       const Dataset& dataset,
                       std::span<const double> out_of_fold);

struct SavedMetaModel {
  MetaModelNotes notes;
  std::unique_ptr<BoostingModel> model;
  /// Of a walk-forward, sorted by time, then symbol; empty for other schemes, which trained on the
  /// future of what they tested.
  std::vector<DatedProbability> walk_forward;
};

/// `path`: the `.ubj` or the `.json`. Throws kNotFound for a file that is not there, kCorruptData
/// for one that is damaged or not of the same training, kUnsupported for one of a later version.
SavedMetaModel load_meta_model(const std::filesystem::path& path);

}  // namespace tickwerk::model
