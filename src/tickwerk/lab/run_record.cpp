#include "tickwerk/lab/run_record.h"

#include <algorithm>
#include <fstream>
#include <tuple>

namespace tickwerk::lab {

std::string to_string(RunStatus status) { return status == RunStatus::kOk ? "ok" : "failed"; }

std::vector<TopFunction> RunRecord::top(std::size_t num) const {
  return profiler == Profiler::kZones ? top_functions(trees, num) : std::vector<TopFunction>{};
}

RecordFolder read_records(const std::filesystem::path& folder) {
  RecordFolder result;
  if (!std::filesystem::is_directory(folder)) return result;
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (entry.path().extension() == ".json" && !name.starts_with('.'))
      paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  for (const auto& path : paths) {
    try {
      std::ifstream in(path);
      const auto json = nlohmann::json::parse(in, nullptr, false);
      if (json.is_discarded()) throw Error(Code::kCorruptData, "a run record must be JSON");
      result.records.push_back(run_record_from_json(json));
    } catch (const Error& error) {
      result.problems.push_back(fmt::format("{}: {}", path.string(), error.what()));
    }
  }
  std::stable_sort(result.records.begin(), result.records.end(),
                   [](const RunRecord& left, const RunRecord& right) {
                     return std::tie(left.timestamp, left.run_id) <
                            std::tie(right.timestamp, right.run_id);
                   });
  return result;
}

}  // namespace tickwerk::lab
