#include "tickwerk/lab/call_tree_json.h"
#include "tickwerk/lab/json_fields.h"
#include "tickwerk/lab/measured_run.h"

namespace tickwerk::lab {

using nlohmann::json;

json to_json(const StepMeasure& step) {
  return {{"name", step.name},
          {"wall_sec", step.wall_sec},
          {"cpu_sec", step.cpu_sec},
          {"thread_cpu_sec", step.thread_cpu_sec},
          {"peak_rss_bytes", or_null(step.peak_rss_bytes)}};
}

StepMeasure step_measure_from_json(const json& step) {
  return {.name = field<std::string>(step, "name"),
          .wall_sec = field<double>(step, "wall_sec"),
          .cpu_sec = field<double>(step, "cpu_sec"),
          .thread_cpu_sec = field<double>(step, "thread_cpu_sec"),
          .peak_rss_bytes = optional_field<double>(step, "peak_rss_bytes")};
}

json to_json(const MeasuredRun& run) {
  json steps = json::array();
  for (const StepMeasure& step : run.steps) steps.push_back(to_json(step));
  std::vector<std::string> files;
  for (const auto& file : run.result.files) files.push_back(file.generic_string());
  json failure = nullptr;
  if (run.failure) {
    failure = {{"code", static_cast<int>(run.failure->code)}, {"message", run.failure->message}};
  }
  return {{"failure", failure},
          {"total_sec", run.total_sec},
          {"steps", steps},
          {"memory_reset", to_string(run.memory_reset)},
          {"peak_rss_bytes", run.peak_rss_bytes},
          {"trees", to_json(run.trees)},
          {"timeline", to_json(run.timeline)},
          {"log_lines", run.log_lines},
          {"files", files},
          {"notes", run.result.notes},
          {"warnings", run.result.warnings},
          {"summary", run.result.summary},
          {"summary_json", run.result.summary_json},
          {"data_fingerprint", run.result.data_fingerprint},
          {"config", run.result.config}};
}

MeasuredRun measured_run_from_json(const json& root) {
  MeasuredRun run;
  if (const auto failure = optional_field<json>(root, "failure")) {
    const int code = field<int>(*failure, "code");
    if (code < 0 || code > static_cast<int>(Code::kInternal)) {
      throw Error(Code::kCorruptData, fmt::format("a failure code must be known, found {}", code));
    }
    run.failure = Failure{static_cast<Code>(code), field<std::string>(*failure, "message")};
  }
  run.total_sec = field<double>(root, "total_sec");
  for (const auto& step : field<std::vector<json>>(root, "steps")) {
    run.steps.push_back(step_measure_from_json(step));
  }
  run.memory_reset = memory_reset_from_string(field<std::string>(root, "memory_reset"));
  run.peak_rss_bytes = field<double>(root, "peak_rss_bytes");
  run.trees = call_trees_from_json(field<json>(root, "trees"));
  run.timeline = timeline_from_json(field<json>(root, "timeline"));
  run.log_lines = field<std::vector<std::string>>(root, "log_lines");
  for (const auto& file : field<std::vector<std::string>>(root, "files")) {
    run.result.files.emplace_back(file);
  }
  run.result.notes = field<std::vector<std::string>>(root, "notes");
  run.result.warnings = field<std::vector<std::string>>(root, "warnings");
  run.result.summary = field<std::string>(root, "summary");
  run.result.summary_json = field<std::string>(root, "summary_json");
  run.result.data_fingerprint = field<std::string>(root, "data_fingerprint");
  run.result.config = field<std::vector<std::pair<std::string, std::string>>>(root, "config");
  return run;
}

}  // namespace tickwerk::lab
