// The flags that fill job::ZooSettings: which features, which label, which models, which splits.
// Shared by `ml zoo` and `ml alpha`.
#pragma once

#include "cli/flag.h"
#include "cli/settings.h"
#include "tickwerk/job/run_config.h"

namespace tickwerk::cli {

/// --factors, --horizon, -e, --file, --param, --label.
FlagGroup zoo_feature_flags();

/// What the flags say, those of bars, sources and store included, and the models. Throws
/// kInvalidArgument for flags that contradict each other.
job::RunConfig zoo_config(const Settings& settings, std::vector<std::string> models);

/// Of `linear,ridge_1`: names with commas between them, without spaces.
std::vector<std::string> model_names(std::string_view list);

}  // namespace tickwerk::cli
