// What a dataset says of itself: in its file, on stdout, as JSON. Internal to `job`: ml_dataset.cpp
// makes the rows.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tickwerk/job/ml_dataset.h"

namespace tickwerk::job {

/// Fills what the description has beside the features: label (its text is taken for the expression
/// of the realized return), classes, config, fingerprints.
void describe(const DatasetConfig& config, BuiltDataset& built);

/// A screen of text, and the same as JSON with the path of the file below `output`.
std::string dataset_text(const BuiltDataset& built, const std::filesystem::path& output);
std::string dataset_json(const BuiltDataset& built, const std::filesystem::path& output);

/// The config of the description, flat and sorted: what could change the rows.
std::vector<std::pair<std::string, std::string>> dataset_settings(const BuiltDataset& built);

}  // namespace tickwerk::job
