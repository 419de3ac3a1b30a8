// The named jobs. Each is a readable list of steps over the folders below; what it wrote and what
// it read comes back as data. Run by `tickwerk backtest`, `daily` and, under measurement, by the
// lab.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tickwerk/job/run_config.h"

namespace tickwerk::job {

/// What a run leaves. Files are relative to the output folder and sorted; they alone make the
/// output digest.
struct JobResult {
  std::vector<std::filesystem::path> files;
  std::vector<std::string> notes;     // said once on stderr
  std::vector<std::string> warnings;  // the same, and not to be silenced
  std::string refusal;                // why nothing may be built on it, an error; mostly empty
  std::string summary;                // the text for stdout: a short table of what came out
  std::string summary_json;           // the same as one JSON document
  std::string data_fingerprint;
  std::vector<std::pair<std::string, std::string>>
      config;  // what could change a result, and how warm the factor store was
};

/// Names with their values, in the order of a reader.
using Parameters = std::vector<std::pair<std::string, std::string>>;

/// A job as `profile --list` and the performance document show it.
struct Job {
  std::string_view name;  // `BACKTEST_MEDIUM`
  std::string_view description;
  std::string_view data;
  std::string_view use_case;
  std::span<const std::string_view> artefacts;  // file names in the output folder
  std::span<const std::string_view> steps;
  RunConfig (*default_config)();
  /// What the job reads of a configuration, for the table of the performance document.
  Parameters (*parameters)(const RunConfig& config);

  /// Makes the synthetic market's file under the output folder when the config names no prices;
  /// done before, and outside of, the measured steps.
  void (*prepare)(RunConfig& config);
  JobResult (*run)(const RunConfig& config);
};

/// All jobs of this version, in the order they are listed.
std::span<const Job> jobs();

/// `BACKTEST_MEDIUM` of `backtest-medium`, `Backtest_Medium` and the like.
std::string canonical_name(std::string_view name);

/// Finds a job by either spelling, any case, `-` or `_`; throws kInvalidArgument with the nearest
/// names.
const Job& find_job(std::string_view name);

}  // namespace tickwerk::job
