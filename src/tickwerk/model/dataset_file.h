// A dataset as a Parquet file (docs/formats/dataset.md): what is a feature and what knows the
// future stands in the file itself, with a hash of its content, so that a reader takes no label for
// a feature and finds a file that was changed. Used by jobs and by whoever trains; computes
// nothing.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tickwerk/expr/reach.h"
#include "tickwerk/model/dataset.h"

namespace tickwerk::model {

struct FeatureText {
  std::string name;
  std::string expression;
  expr::Reach reach;
};

/// What a file says of itself beside its rows.
struct DatasetDescription {
  std::string catalogue_fingerprint;
  std::string data_fingerprint;       // of the bars
  std::vector<FeatureText> features;  // in the order of the dataset
  std::string label_text;             // what the label says, in words or in the language
  std::vector<std::string> classes;   // names, in their order; empty for a number
  nlohmann::json config = nlohmann::json::object();  // label, strategy, costs
};

/// Content hash of a dataset: times, symbols, rows, features with their names, labels. What a model
/// keeps of the dataset it learned from. Cost: one pass over its memory, in parallel.
std::string dataset_fingerprint(const Dataset& dataset);

/// `dataset_<name>_<freq>_<fingerprint>.parquet`, the first 12 digits of the fingerprint.
std::string dataset_file_name(std::string_view name,
                              Frequency frequency,
                              std::string_view fingerprint);

/// Writes the file whole or not at all; equal datasets give equal bytes. `fingerprint`: of the
/// dataset. Memory: one encoded group of rows. Throws kIo.
void write_dataset(const std::filesystem::path& path,
                   const Dataset& dataset,
                   const DatasetDescription& description,
                   std::string_view fingerprint);

struct DatasetFile {
  Dataset dataset;
  DatasetDescription description;
  std::string fingerprint;
};

/// Reads it back. `features`: names to take, in that order; empty = all. Throws kNotFound (file, or
/// a feature it lacks), kInvalidArgument when one of `features` knows the future (a label, the
/// realized return, the label's end, the exit), kCorruptData for what is no dataset, holds a key
/// twice, is not sorted, or is not what was written.
DatasetFile read_dataset(const std::filesystem::path& path,
                         const std::vector<std::string>& features = {});

}  // namespace tickwerk::model
