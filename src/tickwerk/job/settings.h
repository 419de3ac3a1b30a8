// What of a configuration can change a result, as text: for reports and run records.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tickwerk/job/run_config.h"

namespace tickwerk::job {

/// Keys of the configuration file with their values, sorted by key; files by name, without their
/// folder. Leaves out what is unset and what cannot change a result (threads, folders, which files
/// are written).
std::vector<std::pair<std::string, std::string>> result_settings(const RunConfig& config);

}  // namespace tickwerk::job
