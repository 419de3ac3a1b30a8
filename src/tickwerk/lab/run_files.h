// Where a run leaves what: names below the output folder, and the writing of all of them at once so
// that two runs of one second never share a name. Part of profile.h.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "tickwerk/lab/profile.h"

namespace tickwerk::lab {

/// `20261123T034419Z`.
std::string file_timestamp(std::chrono::system_clock::time_point time);
/// `2026-11-23T03:44:19Z`.
std::string iso_timestamp(std::chrono::system_clock::time_point time);

/// `JOB-20261123T034419Z-1a2b3c`; the suffix differs between runs of one second.
std::string make_run_id(std::string_view job, std::chrono::system_clock::time_point time);

struct RunPaths {
  std::filesystem::path log;
  std::filesystem::path profile;  // without its ending
  std::filesystem::path record;
};

/// Below `output`, relative to it. The timestamp of the run id names log and profiles, with the
/// id's suffix when another run has that second.
RunPaths run_paths(const std::filesystem::path& output, const RunRecord& record);

/// `output`/perf_profiles/perf_summary.csv
std::filesystem::path summary_path(const std::filesystem::path& output);

/// Makes `output` and throws what write_run would throw for it after the measurement, when it is
/// too late: kIo for a folder that cannot be written or is none, kCorruptData for a foreign
/// summary.
void check_run_folders(const std::filesystem::path& output);

/// Writes profiles, log, record and summary line, and sets record.files. `timeline` is that of the
/// record's trees. All of them are there afterwards or, with kIo, none.
void write_run(const ProfileConfig& config, const trace::Timeline& timeline, RunRecord& record);

}  // namespace tickwerk::lab
