// One run of a job with its clocks and its memory watched: what the child process of `tickwerk
// profile` does. The measured process does nothing else: no digest, no files but the job's own, no
// printing.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tickwerk/base/error.h"
#include "tickwerk/job/job.h"
#include "tickwerk/trace/call_tree.h"
#include "tickwerk/trace/timeline.h"

namespace tickwerk::lab {

/// kZones: call tree and steps. kNone: two clock reads around the job, nothing inside it.
enum class Profiler { kZones, kNone };
std::string to_string(Profiler profiler);

struct StepMeasure {
  std::string name;  // `load_data`
  double wall_sec = 0;
  double cpu_sec = 0;         // all threads
  double thread_cpu_sec = 0;  // the thread that runs the step
  /// Largest resident memory since the step began; empty where the kernel refuses to reset the
  /// mark.
  std::optional<double> peak_rss_bytes = {};

  bool operator==(const StepMeasure&) const = default;
};

/// Whether the mark of the largest resident memory could be reset before every step.
enum class MemoryReset { kPerStep, kRefused, kNotAsked };
std::string to_string(MemoryReset reset);

struct Failure {
  Code code = Code::kInternal;
  std::string message;
};

/// Calls `work`; what it throws is the failure.
std::optional<Failure> failure_of(const std::function<void()>& work);

struct MeasuredRun {
  std::optional<Failure> failure;
  double total_sec = 0;  // the root zone, or the two clock reads
  std::vector<StepMeasure> steps;
  MemoryReset memory_reset = MemoryReset::kNotAsked;
  double peak_rss_bytes = 0;  // of the whole process, start-up included
  trace::CallTrees trees;
  trace::Timeline timeline;
  std::vector<std::string> log_lines;  // of timed blocks
  job::JobResult result;
};

/// Runs the job on this thread. An exception of the job is not thrown but told as the failure, with
/// the steps up to it. `config` must have been prepared (job::Job::prepare), so that nothing but
/// the steps is measured.
MeasuredRun run_measured(const job::Job& job, const job::RunConfig& config, Profiler profiler);

nlohmann::json to_json(const MeasuredRun& run);
/// Throws kCorruptData when a key is missing or of another type.
MeasuredRun measured_run_from_json(const nlohmann::json& json);

nlohmann::json to_json(const StepMeasure& step);
StepMeasure step_measure_from_json(const nlohmann::json& json);
MemoryReset memory_reset_from_string(const std::string& text);

}  // namespace tickwerk::lab
