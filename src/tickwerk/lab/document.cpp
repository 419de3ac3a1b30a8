#include "tickwerk/lab/document.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <tuple>

#include "tickwerk/base/error.h"
#include "tickwerk/io/atomic_file.h"
#include "tickwerk/lab/document_jobs.h"
#include "tickwerk/lab/file_lock.h"
#include "tickwerk/lab/owned_parts.h"
#include "tickwerk/lab/run_table.h"

namespace tickwerk::lab {
namespace {

namespace fs = std::filesystem;
using Records = std::vector<const RunRecord*>;

constexpr std::array<std::string_view, 6> kParts{"updated",  "machine", "runtime",
                                                 "hotspots", "phases",  "jobs"};
constexpr std::size_t kNumTop = 3;
constexpr std::size_t kRatioColumn = 7;  // of the phase table
constexpr std::size_t kRuntimeColumn = 3;

std::string empty_document() {
  const auto part = [](std::string_view name) {
    return begin_marker(name) + '\n' + end_marker(name) + '\n';
  };
  return "# Performance profile\n\n"
         "Made by `tickwerk profile --update-doc` from the run records of an output folder. The "
         "parts "
         "between the markers are\nmade anew each time, except for what stands in a Notes cell; "
         "everything else in this file is yours.\n\n" +
         part("updated") + "\n## Machine\n\n" + part("machine") + "\n## Runtimes\n\n" +
         part("runtime") + "\n## Top-3 hotspots\n\n" + part("hotspots") + "\n## Phases\n\n" +
         part("phases") + "\n## Jobs\n\n" + part("jobs");
}

std::string date_of(const RunRecord& record) { return record.timestamp.substr(0, 10); }

std::string notes_of(const RunRecord& record) {
  std::vector<std::string> notes;
  if (!record.note.empty()) notes.push_back(record.note);
  if (record.samples.size() > 1) {
    notes.push_back(fmt::format("median of {}, MAD {:.4f} s", record.samples.size(),
                                record.mad_sec.value_or(0)));
  }
  notes.insert(notes.end(), record.warnings.begin(), record.warnings.end());
  return cell(fmt::format("{}", fmt::join(notes, "; ")));
}

/// Three cells, empty where there are fewer functions.
std::vector<std::string> hotspots_of(const RunRecord& record) {
  std::vector<std::string> cells;
  const auto total = static_cast<double>(record.trees.main.total_ns);
  for (const TopFunction& top : record.top(kNumTop)) {
    const double share = total > 0 ? 100 * 1e9 * top.cumulative_sec / total : 0;
    cells.push_back(
        cell(fmt::format("`{}` {:.4f} s, {:.1f} %", top.function.name, top.cumulative_sec, share)));
  }
  cells.resize(kNumTop);
  return cells;
}

std::string updated_part(const RunRecord& newest) {
  return fmt::format("Last updated: {}\n", date_of(newest));
}

std::string machine_part(const RunRecord& newest) {
  const Machine& machine = newest.machine;
  const BuildStamp& build = newest.build;
  const auto limit = [](std::optional<double> value, double scale, const char* unit) {
    return value ? fmt::format("{:.1f} {}", *value / scale, unit) : std::string("none");
  };
  std::string text = "| Machine | |\n| --- | --- |\n";
  const auto row = [&](std::string_view name, const std::string& value) {
    text += fmt::format("| {} | {} |\n", name, cell(value));
  };
  row("CPU", fmt::format("{}, {} cores", machine.cpu_model, machine.cores));
  row("Memory", fmt::format("{:.1f} GB", static_cast<double>(machine.memory_bytes) / 1e9));
  row("Control group limits", fmt::format("cpu {}, memory {}", limit(machine.cpu_limit, 1, "cores"),
                                          limit(machine.memory_limit, 1e9, "GB")));
  row("Frequency governor", machine.governor);
  row("Kernel", machine.kernel_release);
  row("Machine ID", machine.machine_id);
  row("Threads", std::to_string(newest.threads));
  row("Compiler", build.compiler);
  row("Flags", build.flags);
  row("Build",
      build.sanitizers.empty() ? build.build_type : build.build_type + ", " + build.sanitizers);
  row("Libraries", build.libraries);
  row("tickwerk", fmt::format("{}, commit {} ({})", build.version, build.git_commit.substr(0, 9),
                              build.git_state));
  return text;
}

std::string runtime_part(std::string_view old, const Records& records) {
  std::vector<RunRow> rows;
  for (const RunRecord* record : records) {
    rows.push_back({{record->run_id, date_of(*record), fmt::format("{:.4f}", *record->total_sec),
                     fmt::format("{:.1f}", *record->peak_rss_mb), notes_of(*record)},
                    {}});
  }
  return table_text({"Run ID", "Date", "Runtime (s)", "Memory Peak (MB)", "Notes"},
                    merge_rows(parse_rows(old), rows, Notes::kLastColumn));
}

std::string hotspots_part(std::string_view old, const Records& records) {
  std::vector<RunRow> rows;
  for (const RunRecord* record : records) {
    RunRow row{{record->run_id}, {}};
    for (std::string& text : hotspots_of(*record)) row.cells.push_back(std::move(text));
    rows.push_back(std::move(row));
  }
  return table_text({"Run ID", "Top-1 Hotspot", "Top-2 Hotspot", "Top-3 Hotspot"},
                    merge_rows(parse_rows(old), rows, Notes::kNone));
}

/// What a ratio is taken to: the first row of a job in the phase table, with its record where there
/// is one.
struct Reference {
  double runtime_sec = 0;
  const RunRecord* record = nullptr;
};

std::string ratio_text(const RunRecord& record, const Reference& reference) {
  if (reference.record == &record) return "1.00 (reference)";
  if (reference.runtime_sec <= 0) return "n/a";
  std::string text = fmt::format("{:.2f} (unpaired", *record.total_sec / reference.runtime_sec);
  if (const RunRecord* first = reference.record) {
    if (first->machine.machine_id != record.machine.machine_id) text += ", other machine";
    if (first->data_fingerprint != record.data_fingerprint) text += ", other data";
    if (first->configuration != record.configuration) text += ", other configuration";
  }
  return text + ")";
}

std::string phases_part(std::string_view old, const Records& records) {
  std::map<std::string, const RunRecord*, std::less<>> by_id;
  std::vector<RunRow> made;
  for (const RunRecord* record : records) {
    if (record->phase.empty()) continue;
    by_id[record->run_id] = record;
    RunRow row{{record->run_id, cell(record->phase), date_of(*record),
                fmt::format("{:.4f}", *record->total_sec)},
               {}};
    for (std::string& text : hotspots_of(*record)) row.cells.push_back(std::move(text));
    row.cells.insert(row.cells.end(), {"", notes_of(*record)});
    made.push_back(std::move(row));
  }
  std::vector<RunRow> rows = merge_rows(parse_rows(old), made, Notes::kLastColumn);
  std::map<std::string, Reference, std::less<>> first;
  for (RunRow& row : rows) {
    if (row.cells.size() <= kRatioColumn) continue;
    const auto found = by_id.find(row.cells.front());
    const RunRecord* record = found == by_id.end() ? nullptr : found->second;
    const std::string job = record ? record->job_name : job_of_run_id(row.cells.front());
    double runtime_sec = record ? *record->total_sec : 0;
    const std::string& runtime = row.cells[kRuntimeColumn];
    if (!record) std::from_chars(runtime.data(), runtime.data() + runtime.size(), runtime_sec);
    const auto [reference, added] = first.try_emplace(job, Reference{runtime_sec, record});
    if (record) row.cells[kRatioColumn] = ratio_text(*record, reference->second);
  }
  return table_text({"Run ID", "Phase", "Date", "Runtime (s)", "Top-1 Hotspot", "Top-2 Hotspot",
                     "Top-3 Hotspot", "Ratio", "Notes"},
                    rows);
}

bool blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

std::string read_text(const fs::path& path) {
  if (!fs::exists(path)) return {};
  std::ifstream in(path, std::ios::binary);
  if (!in || !fs::is_regular_file(path)) {
    throw Error(Code::kIo,
                fmt::format("a document must be a file that can be read, found that {} is not",
                            path.string()));
  }
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace

std::string document_text(std::string_view text,
                          std::span<const job::Job> jobs,
                          std::span<const RunRecord> records) {
  const std::string fresh = blank(text) ? empty_document() : std::string();
  if (!fresh.empty()) text = fresh;
  OwnedParts parts = find_parts(text, kParts);
  Records ok;
  for (const RunRecord& record : records) {
    if (record.status == RunStatus::kOk) ok.push_back(&record);
  }
  std::stable_sort(ok.begin(), ok.end(), [](const RunRecord* left, const RunRecord* right) {
    return std::tie(left->timestamp, left->run_id) < std::tie(right->timestamp, right->run_id);
  });
  if (!ok.empty()) {
    parts["updated"] = updated_part(*ok.back());
    parts["machine"] = machine_part(*ok.back());
  } else if (!fresh.empty()) {
    parts["updated"] = "Last updated: never\n";
  }
  parts["runtime"] = runtime_part(parts["runtime"], ok);
  parts["hotspots"] = hotspots_part(parts["hotspots"], ok);
  parts["phases"] = phases_part(parts["phases"], ok);
  parts["jobs"] = job_sections(jobs);
  return replace_parts(text, parts);
}

void check_document(const fs::path& path) {
  fs::path folder = fs::weakly_canonical(fs::absolute(path)).parent_path();
  while (!fs::exists(folder)) folder = folder.parent_path();
  const bool is_folder = fs::is_directory(folder);
  if (!is_folder || access(folder.c_str(), W_OK) != 0) {
    throw Error(Code::kIo,
                fmt::format("the folder of a document must be writable, found {}: {}",
                            std::strerror(is_folder ? errno : ENOTDIR), folder.string()));
  }
  const std::string text = read_text(path);
  if (blank(text)) return;
  try {
    find_parts(text, kParts);
  } catch (const Error& error) {
    throw error.with_context(fmt::format("in {}, which is left as it is", path.string()));
  }
}

std::vector<std::string> update_document(const fs::path& path,
                                         const fs::path& output,
                                         std::span<const job::Job> jobs) {
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  fs::create_directories(folder);
  const FileLock lock(folder);
  check_document(path);
  RecordFolder records = read_records(output / "perf_runs");
  const std::string before = read_text(path);
  const std::string after = document_text(before, jobs, records.records);
  if (after != before) io::write_file(path, after);
  return std::move(records.problems);
}

}  // namespace tickwerk::lab
