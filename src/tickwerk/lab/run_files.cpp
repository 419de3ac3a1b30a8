#include "tickwerk/lab/run_files.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <random>

#include "tickwerk/base/hash.h"
#include "tickwerk/base/time.h"
#include "tickwerk/io/atomic_file.h"
#include "tickwerk/lab/chrome_trace.h"
#include "tickwerk/lab/file_lock.h"
#include "tickwerk/lab/prof.h"
#include "tickwerk/lab/run_text.h"
#include "tickwerk/lab/speedscope.h"
#include "tickwerk/lab/stats_text.h"
#include "tickwerk/lab/summary.h"

namespace tickwerk::lab {
namespace {

namespace fs = std::filesystem;
using TimePoint = std::chrono::system_clock::time_point;

constexpr std::string_view kLogs = "perf_logs";
constexpr std::string_view kProfiles = "perf_profiles";
constexpr std::string_view kRuns = "perf_runs";

struct SplitRunId {
  std::string time;
  std::string suffix;
};

SplitRunId split(const RunRecord& record) {
  const auto second = record.run_id.rfind('-');
  const auto first = record.run_id.rfind('-', second - 1);
  return {record.run_id.substr(first + 1, second - first - 1), record.run_id.substr(second + 1)};
}

bool taken(const fs::path& output, const fs::path& log, const fs::path& profile) {
  if (fs::exists(output / log)) return true;
  for (const char* ending : {".prof", "_stats.txt", ".speedscope.json", ".trace.json"}) {
    if (fs::exists(output / (profile.string() + ending))) return true;
  }
  return false;
}

[[noreturn]] void refuse_folder(const fs::path& folder, std::string_view found) {
  throw Error(Code::kIo, fmt::format("an output folder must be writable, found {}: {}", found,
                                     folder.string()));
}

/// Files that belong together: removed again unless all could be written.
class WrittenFiles {
 public:
  WrittenFiles() = default;
  WrittenFiles(const WrittenFiles&) = delete;
  WrittenFiles& operator=(const WrittenFiles&) = delete;
  ~WrittenFiles() {
    std::error_code ignored;
    for (const fs::path& path : paths_) fs::remove(path, ignored);
  }

  void write(const fs::path& path, const std::string& bytes) {
    io::write_file(path, bytes);
    paths_.push_back(path);
  }
  void keep() { paths_.clear(); }

 private:
  std::vector<fs::path> paths_;
};

}  // namespace

std::string iso_timestamp(TimePoint time) {
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
  return to_string(Timestamp{seconds * 1'000'000'000}, Frequency::kFiveMinutes);
}

std::string file_timestamp(TimePoint time) {
  std::string text;
  for (const char c : iso_timestamp(time)) {
    if (c != '-' && c != ':') text += c;
  }
  return text;
}

std::string make_run_id(std::string_view job, TimePoint time) {
  Hasher hasher;
  hasher.update(std::string_view(
      fmt::format("{}/{}/{}", getpid(), time.time_since_epoch().count(), std::random_device{}())));
  return fmt::format("{}-{}-{}", job, file_timestamp(time), hasher.hex().substr(0, 6));
}

RunPaths run_paths(const fs::path& output, const RunRecord& record) {
  const SplitRunId id = split(record);
  const auto named = [&](const std::string& time) {
    return RunPaths{
        .log = fs::path(kLogs) / fmt::format("perf_{}_{}.log", record.job_name, time),
        .profile = fs::path(kProfiles) / fmt::format("profile_{}_{}", record.job_name, time),
        .record = fs::path(kRuns) / (record.run_id + ".json")};
  };
  RunPaths paths = named(id.time);
  return taken(output, paths.log, paths.profile) ? named(id.time + "_" + id.suffix) : paths;
}

fs::path summary_path(const fs::path& output) { return output / kProfiles / "perf_summary.csv"; }

void check_run_folders(const fs::path& output) {
  std::error_code error;
  fs::create_directories(output, error);
  if (error) refuse_folder(output, error.message());
  for (const fs::path& folder : {output, output / kLogs, output / kProfiles, output / kRuns}) {
    if (!fs::exists(folder)) continue;
    if (!fs::is_directory(folder)) refuse_folder(folder, std::strerror(ENOTDIR));
    if (access(folder.c_str(), W_OK) != 0) refuse_folder(folder, std::strerror(errno));
  }
  check_summary(summary_path(output));
}

void write_run(const ProfileConfig& config, const trace::Timeline& timeline, RunRecord& record) {
  const fs::path& output = config.run.output;
  fs::create_directories(output / kRuns);
  const FileLock lock(output / kRuns);
  const RunPaths paths = run_paths(output, record);
  WrittenFiles written;
  const auto write = [&](const fs::path& path, const std::string& bytes) {
    written.write(output / path, bytes);
  };
  const auto write_profile = [&](const char* ending, const std::string& bytes) {
    write(paths.profile.string() + ending, bytes);
    record.files.push_back(paths.profile.generic_string() + ending);
  };
  record.files.clear();
  if (record.profiler == Profiler::kZones && record.status == RunStatus::kOk) {
    if (config.statistics == FunctionStatistics::kWrite) {
      write_profile(".prof", prof(record.trees, record.job_name));
      write_profile(
          "_stats.txt",
          stats_text(record.trees, {.job = record.job_name,
                                    .top_n = static_cast<std::size_t>(config.num_functions)}));
    }
    write_profile(".speedscope.json", speedscope(record.trees, record.job_name));
    write_profile(".trace.json", chrome_trace(record.trees, timeline, record.job_name));
  }
  record.files.push_back(fs::path(summary_path({})).generic_string());
  record.files.push_back(paths.log.generic_string());
  record.files.push_back(paths.record.generic_string());
  write(paths.log, run_log(record, output.generic_string()));
  write(paths.record, record_text(record));
  append_summary(summary_path(output), record);
  written.keep();
}

}  // namespace tickwerk::lab
