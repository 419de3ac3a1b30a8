// The record one measured run leaves (`perf_runs/<run_id>.json`, docs/formats/run_record.md): the
// source from which every table and page can be made again. Written by the runner, read by the
// document.
#pragma once

#include <cstddef>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tickwerk/lab/build_stamp.h"
#include "tickwerk/lab/call_tree_functions.h"
#include "tickwerk/lab/child_process.h"
#include "tickwerk/lab/environment.h"
#include "tickwerk/lab/measured_run.h"

namespace tickwerk::lab {

/// One measured iteration: a process of its own.
struct Sample {
  double total_sec = 0;
  double peak_rss_bytes = 0;
  MemoryReset memory_reset = MemoryReset::kNotAsked;
  ProcessUse process;
  std::vector<StepMeasure> steps;

  double cpu_sec() const noexcept { return process.user_sec + process.system_sec; }
  bool operator==(const Sample&) const = default;
};

enum class RunStatus { kOk, kFailed };
std::string to_string(RunStatus status);

struct RunRecord {
  std::string run_id;     // `BACKTEST_MEDIUM-20261123T034419Z-1a2b3c`
  std::string job_name;   // `BACKTEST_MEDIUM`
  std::string timestamp;  // begin of the run, `2026-11-23T03:44:19Z`
  RunStatus status = RunStatus::kOk;
  std::string error;  // of a failed run
  std::string phase;
  std::string note;
  std::vector<std::string> command;  // as typed
  Profiler profiler = Profiler::kZones;
  int iterations = 1;  // asked for
  int warmup = 0;
  int threads = 1;

  // The result; empty for a failed run. Processor time and memory are those of sample
  // `median_sample`.
  std::optional<double> total_sec = {};
  std::optional<double> mad_sec = {};
  std::optional<double> cpu_sec = {};
  std::optional<double> peak_rss_mb = {};  // MB = 1e6 bytes
  std::size_t median_sample = 0;           // of two middle ones the faster
  std::vector<Sample> samples;
  trace::CallTrees trees;  // of the median sample; empty without zones

  std::vector<std::pair<std::string, std::string>> configuration;  // what could change a result
  std::string data_fingerprint;
  std::string output_digest;
  std::vector<std::string> outputs;    // of the job, below the output folder
  std::vector<std::string> files;      // of the lab, likewise
  std::vector<std::string> notes;      // the job's
  std::vector<std::string> warnings;   // to be said next to the number
  std::vector<std::string> log_lines;  // of timed blocks, of the median sample

  BuildStamp build;
  Machine machine;
  Load before;
  Load after;

  /// The sample that stands for the run, or null for a run that failed before it had one.
  const Sample* median() const noexcept {
    return median_sample < samples.size() ? &samples[median_sample] : nullptr;
  }
  /// The longest functions of the median sample, without root and steps; none without zones.
  std::vector<TopFunction> top(std::size_t num) const;

  bool operator==(const RunRecord&) const = default;
};

/// Version of the schema; a reader refuses a newer one.
inline constexpr int kRunRecordVersion = 1;

nlohmann::json to_json(const RunRecord& record);
/// The same as text of several lines; bytes that are not UTF-8 become replacement characters.
std::string record_text(const RunRecord& record);
/// Exact inverse of to_json. Throws kCorruptData for what is no record, kUnsupported for a newer
/// version.
RunRecord run_record_from_json(const nlohmann::json& json);

struct RecordFolder {
  std::vector<RunRecord> records;     // by timestamp, then run id
  std::vector<std::string> problems;  // files that are no records, one sentence each
};

/// All records of `folder` (`output/perf_runs`); an absent folder has none.
RecordFolder read_records(const std::filesystem::path& folder);

}  // namespace tickwerk::lab
