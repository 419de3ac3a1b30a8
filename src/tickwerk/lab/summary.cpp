#include "tickwerk/lab/summary.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstring>
#include <fstream>
#include <vector>

#include "tickwerk/base/error.h"
#include "tickwerk/io/number.h"
#include "tickwerk/lab/file_lock.h"

namespace tickwerk::lab {

const std::string_view kSummaryHeader =
    "timestamp,job_name,total_sec,top1_func,top1_cumtime,top2_func,top2_cumtime,top3_func,"
    "top3_cumtime,phase,cpu_sec,peak_rss_mb,iterations,mad_sec,git_commit,machine_id,run_id,status";

namespace {

namespace fs = std::filesystem;

/// To the billionth: seconds to the nanosecond, without the noise of binary fractions.
std::string number(std::optional<double> value) {
  std::string text;
  if (value) io::append_number(text, std::round(*value * 1e9) / 1e9);
  return text;
}

/// The first line without its line end; empty for an absent or empty file.
std::string first_line(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string line;
  std::getline(in, line);
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

/// Writes all of `bytes` behind the end of the file, or takes back what was written.
void append(const fs::path& path, std::string_view bytes) {
  const int file = open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  int error = file < 0 ? errno : 0;
  const off_t size = file < 0 ? 0 : lseek(file, 0, SEEK_END);
  while (error == 0 && !bytes.empty()) {
    const ssize_t written = write(file, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) error = errno;
    if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  if (error != 0 && file >= 0 && ftruncate(file, size) != 0) error = errno;
  if (file >= 0) close(file);
  if (error != 0) {
    throw Error(Code::kIo, fmt::format("a summary must be writable, found {}: {}",
                                       std::strerror(error), path.string()));
  }
}

bool ends_inside_a_line(const fs::path& path) {
  std::ifstream in(path, std::ios::binary | std::ios::ate);
  if (!in || in.tellg() <= 0) return false;
  in.seekg(-1, std::ios::end);
  return in.get() != '\n';
}

}  // namespace

std::string summary_line(const RunRecord& record) {
  std::vector<std::string> fields{record.timestamp, record.job_name, number(record.total_sec)};
  const bool ok = record.status == RunStatus::kOk;
  const std::vector<TopFunction> top = ok ? record.top(3) : std::vector<TopFunction>{};
  for (std::size_t i = 0; i < 3; ++i) {
    fields.push_back(i < top.size() ? location(top[i].function) : "");
    fields.push_back(i < top.size() ? number(top[i].cumulative_sec) : "");
  }
  fields.push_back(record.phase);
  fields.push_back(number(record.cpu_sec));
  fields.push_back(number(record.peak_rss_mb));
  fields.push_back(std::to_string(record.iterations));
  fields.push_back(number(record.mad_sec));
  fields.push_back(record.build.git_commit);
  fields.push_back(record.machine.machine_id);
  fields.push_back(record.run_id);
  fields.push_back(to_string(record.status));
  std::string line;
  for (const std::string& value : fields) {
    if (!line.empty()) line += ',';
    io::append_csv_field(line, value);
  }
  return line + '\n';
}

void check_summary(const fs::path& path) {
  if (fs::exists(path) && !fs::is_regular_file(path)) {
    throw Error(Code::kIo,
                fmt::format("a summary must be a file, found that {} is none", path.string()));
  }
  const std::string found = first_line(path);
  if (found.empty() && (!fs::exists(path) || fs::file_size(path) == 0)) return;
  if (found == kSummaryHeader) return;
  throw Error(Code::kCorruptData,
              fmt::format("a summary must have the header '{}', found '{}' in {} (left as it is; "
                          "move it away, or choose another --output)",
                          kSummaryHeader, found, path.string()));
}

void append_summary(const fs::path& path, const RunRecord& record) {
  if (path.has_parent_path()) fs::create_directories(path.parent_path());
  const int created = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  if (created < 0) {
    throw Error(Code::kIo, fmt::format("a summary must be writable, found {}: {}",
                                       std::strerror(errno), path.string()));
  }
  close(created);
  const FileLock lock(path);
  check_summary(path);
  std::string bytes;
  if (fs::file_size(path) == 0) bytes = std::string(kSummaryHeader) + '\n';
  if (ends_inside_a_line(path)) bytes += '\n';
  append(path, bytes + summary_line(record));
}

}  // namespace tickwerk::lab
