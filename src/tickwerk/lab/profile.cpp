#include "tickwerk/lab/profile.h"

#include <algorithm>
#include <chrono>

#include "tickwerk/lab/file_lock.h"
#include "tickwerk/lab/iterations.h"
#include "tickwerk/lab/run_files.h"
#include "tickwerk/lab/statistics.h"

namespace tickwerk::lab {
namespace {

using SystemClock = std::chrono::system_clock;

void add_samples(const std::vector<Iteration>& iterations, RunRecord& record) {
  for (const Iteration& iteration : iterations) {
    record.samples.push_back({.total_sec = iteration.run.total_sec,
                              .peak_rss_bytes = iteration.run.peak_rss_bytes,
                              .memory_reset = iteration.run.memory_reset,
                              .process = iteration.process,
                              .steps = iteration.run.steps});
  }
}

/// The result of all samples, and what belongs to the one that stands for them.
void summarize(const std::vector<Iteration>& iterations, RunRecord& record) {
  std::vector<double> totals;
  for (const Sample& sample : record.samples) totals.push_back(sample.total_sec);
  record.median_sample = median_index(totals);
  const Sample& sample = record.samples[record.median_sample];
  record.total_sec = median(totals);
  record.mad_sec = median_absolute_deviation(totals);
  record.cpu_sec = sample.cpu_sec();
  record.peak_rss_mb = sample.peak_rss_bytes / 1e6;
  record.trees = iterations[record.median_sample].run.trees;
  record.log_lines = iterations[record.median_sample].run.log_lines;
}

/// What the job says of its last iteration, whose outputs are those that lie in the folder.
void add_outputs(const Iteration& last, RunRecord& record) {
  const job::JobResult& result = last.run.result;
  for (const auto& file : result.files) record.outputs.push_back(file.generic_string());
  record.configuration = result.config;
  std::sort(record.configuration.begin(), record.configuration.end());
  record.data_fingerprint = result.data_fingerprint;
  record.output_digest = last.digest;
  record.notes = result.notes;
  record.notes.insert(record.notes.end(), result.warnings.begin(), result.warnings.end());
}

/// Whether iterations found the factor store differently filled.
bool mixes_cold_and_warm(const std::vector<Iteration>& iterations) {
  return std::any_of(iterations.begin(), iterations.end(), [&](const Iteration& iteration) {
    return iteration.run.result.config != iterations.front().run.result.config;
  });
}

/// The commit of the newest earlier record of the job, if it is another one.
std::string changed_commit(const std::filesystem::path& output, const RunRecord& record) {
  const RecordFolder folder = read_records(output / "perf_runs");
  const auto& records = folder.records;
  const auto earlier = std::find_if(records.rbegin(), records.rend(), [&](const RunRecord& other) {
    return other.job_name == record.job_name && other.status == RunStatus::kOk;
  });
  if (earlier == records.rend()) return {};
  const std::string& before = earlier->build.git_commit;
  return before == record.build.git_commit ? "" : before;
}

std::vector<std::string> warnings(const ProfileConfig& config,
                                  const RunRecord& record,
                                  double elapsed_sec) {
  std::vector<std::string> all;
  const BuildStamp& build = record.build;
  if (!build.sanitizers.empty()) {
    all.push_back(fmt::format("build with sanitizers: {}", build.sanitizers));
  } else if (build.build_type != "Release") {
    all.push_back(fmt::format("{} build: not the speed of a release",
                              build.build_type.empty() ? "unoptimised" : build.build_type));
  }
  if (build.git_state == "dirty") all.push_back("built from files that differ from the commit");
  if (const std::string before = changed_commit(config.run.output, record); !before.empty()) {
    all.push_back(fmt::format("commit changed since the run before: {} to {}", before.substr(0, 9),
                              build.git_commit.substr(0, 9)));
  }
  const std::string busy = busy_reason(record.machine, record.before, record.after, elapsed_sec);
  if (!busy.empty()) all.push_back(busy);
  return all;
}

RunRecord begin_record(const ProfileConfig& config) {
  const auto now = SystemClock::now();
  RunRecord record;
  record.run_id = make_run_id(config.job->name, now);
  record.job_name = config.job->name;
  record.timestamp = iso_timestamp(now);
  record.phase = config.phase;
  record.note = config.note;
  record.command = config.command;
  record.profiler = config.profiler;
  record.iterations = config.iterations;
  record.warmup = config.warmup;
  record.threads = config.threads;
  record.build = build_stamp();
  record.machine = read_machine();
  return record;
}

/// The arguments of an iteration once the job's data is there.
std::vector<std::string> prepare(const ProfileConfig& config) {
  std::vector<std::string> arguments = config.arguments;
  if (!config.run.load.prices.empty()) return arguments;
  job::RunConfig run = config.run;
  config.job->prepare(run);
  if (!run.load.prices.empty()) arguments.push_back("--prices=" + run.load.prices.string());
  return arguments;
}

/// Writes the run. When that fails after the job did, both are said.
void record_run(const ProfileConfig& config, const trace::Timeline& timeline, RunRecord& record) {
  try {
    write_run(config, timeline, record);
  } catch (const Error& error) {
    if (record.status == RunStatus::kOk) throw;
    throw error.with_context("the job had failed: " + record.error);
  }
}

}  // namespace

std::optional<ProfileResult> profile(const ProfileConfig& config) {
  check_run_folders(config.run.output);
  const FileLock alone(config.run.output, [&] {
    config.progress("waiting for another run in " + config.run.output.string());
  });
  std::vector<std::string> arguments;
  const auto unprepared = failure_of([&] { arguments = prepare(config); });

  Interrupts interrupts;
  RunRecord record = begin_record(config);
  record.before = read_load();
  const auto begin = std::chrono::steady_clock::now();
  const auto iterations = unprepared ? Iterations{.measured = {}, .failure = unprepared}
                                     : run_iterations(config, arguments, interrupts);
  if (!iterations) return {};
  const double elapsed_sec =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  record.after = read_load();

  ProfileResult result;
  result.failure = iterations->failure;
  add_samples(iterations->measured, record);
  trace::Timeline timeline;
  if (iterations->failure) {
    record.status = RunStatus::kFailed;
    record.error = iterations->failure->message;
    record.median_sample = record.samples.empty() ? 0 : record.samples.size() - 1;
  } else {
    summarize(iterations->measured, record);
    timeline = iterations->measured[record.median_sample].run.timeline;
    result.summary = iterations->measured.back().run.result.summary;
  }
  if (!iterations->measured.empty()) add_outputs(iterations->measured.back(), record);
  result.notes = record.notes;
  record.warnings = warnings(config, record, elapsed_sec);
  if (mixes_cold_and_warm(iterations->measured)) {
    record.warnings.push_back(
        "iterations found the factor store differently filled: --cold or --warmup 1 tells them "
        "apart");
  }
  if (interrupts.pending()) return {};
  record_run(config, timeline, record);
  result.record = std::move(record);
  return result;
}

}  // namespace tickwerk::lab
