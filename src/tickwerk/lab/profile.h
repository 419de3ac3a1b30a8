// A job under measurement, from its name to all files of a run: warm-up and measured iterations as
// processes of their own, their median, and the record, log, profiles and summary line that it
// leaves. Used by `tickwerk profile`; does not measure by itself (measured_run.h does, inside the
// processes).
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tickwerk/job/job.h"
#include "tickwerk/lab/run_record.h"

namespace tickwerk::lab {

enum class FunctionStatistics { kOmit, kWrite };

struct ProfileConfig {
  const job::Job* job = nullptr;
  job::RunConfig run;  // with its output folder; prepared here, once, before anything is measured

  /// The program of the iterations and its arguments, which must make it call
  /// end_with_parent() and run_measured() and write to_json of the result to kChildResult.
  /// `--prices=FILE` is added where the job was prepared.
  std::filesystem::path executable = "/proc/self/exe";
  std::vector<std::string> arguments;

  Profiler profiler = Profiler::kZones;
  FunctionStatistics statistics = FunctionStatistics::kOmit;
  int iterations = 1;
  int warmup = 0;
  int num_functions = 50;  // in the statistics as text
  int threads = 1;         // for the record
  std::string phase;
  std::string note;
  std::vector<std::string> command;  // as typed, for the record

  /// Told before every iteration, for a terminal.
  std::function<void(const std::string& what)> progress = [](const std::string&) {};
};

struct ProfileResult {
  RunRecord record;
  std::optional<Failure> failure;  // of a run that is recorded as failed
  std::string summary;             // the job's own, of the last measured iteration
  std::vector<std::string> notes;  // the job's, each once
};

/// Empty when a signal interrupted the run: nothing is left then but outputs that were complete.
/// Waits until no other run measures into the output folder: two would write each other's outputs.
/// Throws before it measures when the summary file is not one (kCorruptData), and kIo when results
/// cannot be written. A job that fails, also in its preparation, does not throw.
std::optional<ProfileResult> profile(const ProfileConfig& config);

}  // namespace tickwerk::lab
