#include "tickwerk/lab/call_tree_json.h"
#include "tickwerk/lab/json_fields.h"
#include "tickwerk/lab/run_record.h"

namespace tickwerk::lab {
namespace {

using nlohmann::json;

constexpr const char* kSchema = "tickwerk.run_record";
constexpr std::size_t kNumTop = 10;

json process_to_json(const ProcessUse& use) {
  return {{"wall_sec", use.wall_sec},
          {"user_sec", use.user_sec},
          {"system_sec", use.system_sec},
          {"minor_faults", use.minor_faults},
          {"major_faults", use.major_faults},
          {"voluntary_switches", use.voluntary_switches},
          {"involuntary_switches", use.involuntary_switches},
          {"blocks_read", use.blocks_read},
          {"blocks_written", use.blocks_written}};
}

ProcessUse process_from_json(const json& use) {
  return {.wall_sec = field<double>(use, "wall_sec"),
          .user_sec = field<double>(use, "user_sec"),
          .system_sec = field<double>(use, "system_sec"),
          .minor_faults = field<std::int64_t>(use, "minor_faults"),
          .major_faults = field<std::int64_t>(use, "major_faults"),
          .voluntary_switches = field<std::int64_t>(use, "voluntary_switches"),
          .involuntary_switches = field<std::int64_t>(use, "involuntary_switches"),
          .blocks_read = field<std::int64_t>(use, "blocks_read"),
          .blocks_written = field<std::int64_t>(use, "blocks_written")};
}

json sample_to_json(const Sample& sample) {
  json steps = json::array();
  for (const StepMeasure& step : sample.steps) steps.push_back(to_json(step));
  return {{"total_sec", sample.total_sec},
          {"cpu_sec", sample.cpu_sec()},
          {"peak_rss_bytes", sample.peak_rss_bytes},
          {"memory_reset", to_string(sample.memory_reset)},
          {"process", process_to_json(sample.process)},
          {"steps", steps}};
}

Sample sample_from_json(const json& json_sample) {
  Sample sample;
  sample.total_sec = field<double>(json_sample, "total_sec");
  sample.peak_rss_bytes = field<double>(json_sample, "peak_rss_bytes");
  sample.memory_reset = memory_reset_from_string(field<std::string>(json_sample, "memory_reset"));
  sample.process = process_from_json(field<json>(json_sample, "process"));
  for (const json& step : field<std::vector<json>>(json_sample, "steps")) {
    sample.steps.push_back(step_measure_from_json(step));
  }
  return sample;
}

json build_to_json(const BuildStamp& build) {
  return {{"version", build.version},       {"git_commit", build.git_commit},
          {"git_state", build.git_state},   {"compiler", build.compiler},
          {"flags", build.flags},           {"build_type", build.build_type},
          {"sanitizers", build.sanitizers}, {"libraries", build.libraries}};
}

BuildStamp build_from_json(const json& build) {
  return {.version = field<std::string>(build, "version"),
          .git_commit = field<std::string>(build, "git_commit"),
          .git_state = field<std::string>(build, "git_state"),
          .compiler = field<std::string>(build, "compiler"),
          .flags = field<std::string>(build, "flags"),
          .build_type = field<std::string>(build, "build_type"),
          .sanitizers = field<std::string>(build, "sanitizers"),
          .libraries = field<std::string>(build, "libraries")};
}

json machine_to_json(const Machine& machine) {
  return {{"cpu_model", machine.cpu_model},
          {"cores", machine.cores},
          {"memory_bytes", machine.memory_bytes},
          {"kernel_release", machine.kernel_release},
          {"governor", machine.governor},
          {"cgroup_cpu_limit", or_null(machine.cpu_limit)},
          {"cgroup_memory_limit", or_null(machine.memory_limit)}};
}

Machine machine_from_json(const json& machine, std::string machine_id) {
  return {.cpu_model = field<std::string>(machine, "cpu_model"),
          .cores = field<int>(machine, "cores"),
          .memory_bytes = field<std::uint64_t>(machine, "memory_bytes"),
          .kernel_release = field<std::string>(machine, "kernel_release"),
          .governor = field<std::string>(machine, "governor"),
          .cpu_limit = optional_field<double>(machine, "cgroup_cpu_limit"),
          .memory_limit = optional_field<double>(machine, "cgroup_memory_limit"),
          .machine_id = std::move(machine_id)};
}

json pressure_to_json(const std::optional<Pressure>& pressure) {
  if (!pressure) return nullptr;
  return {{"some_avg10", pressure->some_avg10}, {"some_total_us", pressure->some_total_us}};
}

std::optional<Pressure> pressure_from_json(const json& load, std::string_view key) {
  const auto pressure = optional_field<json>(load, key);
  if (!pressure) return {};
  return Pressure{.some_avg10 = field<double>(*pressure, "some_avg10"),
                  .some_total_us = field<std::uint64_t>(*pressure, "some_total_us")};
}

json load_to_json(const Load& load) {
  return {{"load_1", or_null(load.load_1)},
          {"load_5", or_null(load.load_5)},
          {"load_15", or_null(load.load_15)},
          {"pressure_cpu", pressure_to_json(load.cpu)},
          {"pressure_memory", pressure_to_json(load.memory)},
          {"pressure_io", pressure_to_json(load.io)}};
}

Load load_from_json(const json& load) {
  return {.load_1 = optional_field<double>(load, "load_1"),
          .load_5 = optional_field<double>(load, "load_5"),
          .load_15 = optional_field<double>(load, "load_15"),
          .cpu = pressure_from_json(load, "pressure_cpu"),
          .memory = pressure_from_json(load, "pressure_memory"),
          .io = pressure_from_json(load, "pressure_io")};
}

json top_to_json(const RunRecord& record) {
  json top = json::array();
  for (const TopFunction& entry : record.top(kNumTop)) {
    top.push_back({{"name", entry.function.name},
                   {"file", entry.function.file},
                   {"line", entry.function.line},
                   {"calls", entry.calls},
                   {"cumulative_sec", entry.cumulative_sec}});
  }
  return top;
}

}  // namespace

json to_json(const RunRecord& record) {
  json samples = json::array();
  for (const Sample& sample : record.samples) samples.push_back(sample_to_json(sample));
  json configuration = json::object();
  for (const auto& [key, value] : record.configuration) configuration[key] = value;
  return {{"schema", kSchema},
          {"schema_version", kRunRecordVersion},
          {"run_id", record.run_id},
          {"job_name", record.job_name},
          {"timestamp", record.timestamp},
          {"status", to_string(record.status)},
          {"error", record.error},
          {"phase", record.phase},
          {"note", record.note},
          {"command", record.command},
          {"profiler", to_string(record.profiler)},
          {"iterations", record.iterations},
          {"warmup", record.warmup},
          {"threads", record.threads},
          {"total_sec", or_null(record.total_sec)},
          {"mad_sec", or_null(record.mad_sec)},
          {"cpu_sec", or_null(record.cpu_sec)},
          {"peak_rss_mb", or_null(record.peak_rss_mb)},
          {"median_sample", record.median_sample},
          {"samples", samples},
          {"top_functions", top_to_json(record)},
          {"zones", to_json(record.trees)},
          {"configuration", configuration},
          {"data_fingerprint", record.data_fingerprint},
          {"output_digest", record.output_digest},
          {"outputs", record.outputs},
          {"files", record.files},
          {"notes", record.notes},
          {"warnings", record.warnings},
          {"log_lines", record.log_lines},
          {"git_commit", record.build.git_commit},
          {"machine_id", record.machine.machine_id},
          {"environment",
           {{"build", build_to_json(record.build)},
            {"machine", machine_to_json(record.machine)},
            {"load_before", load_to_json(record.before)},
            {"load_after", load_to_json(record.after)}}}};
}

std::string record_text(const RunRecord& record) {
  return to_json(record).dump(1, ' ', false, json::error_handler_t::replace) + '\n';
}

RunRecord run_record_from_json(const json& root) {
  if (!root.is_object() || root.value("schema", json()) != kSchema) {
    throw Error(Code::kCorruptData,
                fmt::format("a run record must say \"schema\": \"{}\"", kSchema));
  }
  if (const int version = field<int>(root, "schema_version"); version > kRunRecordVersion) {
    throw Error(Code::kUnsupported,
                fmt::format("a run record must be of schema version {} or older, found {}",
                            kRunRecordVersion, version));
  }
  RunRecord record;
  record.run_id = field<std::string>(root, "run_id");
  record.job_name = field<std::string>(root, "job_name");
  record.timestamp = field<std::string>(root, "timestamp");
  record.status = field<std::string>(root, "status") == "ok" ? RunStatus::kOk : RunStatus::kFailed;
  record.error = field<std::string>(root, "error");
  record.phase = field<std::string>(root, "phase");
  record.note = field<std::string>(root, "note");
  record.command = field<std::vector<std::string>>(root, "command");
  record.profiler =
      field<std::string>(root, "profiler") == "none" ? Profiler::kNone : Profiler::kZones;
  record.iterations = field<int>(root, "iterations");
  record.warmup = field<int>(root, "warmup");
  record.threads = field<int>(root, "threads");
  record.total_sec = optional_field<double>(root, "total_sec");
  record.mad_sec = optional_field<double>(root, "mad_sec");
  record.cpu_sec = optional_field<double>(root, "cpu_sec");
  record.peak_rss_mb = optional_field<double>(root, "peak_rss_mb");
  record.median_sample = field<std::size_t>(root, "median_sample");
  for (const json& sample : field<std::vector<json>>(root, "samples")) {
    record.samples.push_back(sample_from_json(sample));
  }
  record.trees = call_trees_from_json(field<json>(root, "zones"));
  const json configuration = field<json>(root, "configuration");
  for (const auto& [key, value] : configuration.items()) {
    record.configuration.emplace_back(key, field<std::string>(configuration, key));
  }
  record.data_fingerprint = field<std::string>(root, "data_fingerprint");
  record.output_digest = field<std::string>(root, "output_digest");
  record.outputs = field<std::vector<std::string>>(root, "outputs");
  record.files = field<std::vector<std::string>>(root, "files");
  record.notes = field<std::vector<std::string>>(root, "notes");
  record.warnings = field<std::vector<std::string>>(root, "warnings");
  record.log_lines = field<std::vector<std::string>>(root, "log_lines");
  const json environment = field<json>(root, "environment");
  record.build = build_from_json(field<json>(environment, "build"));
  record.machine = machine_from_json(field<json>(environment, "machine"),
                                     field<std::string>(root, "machine_id"));
  record.before = load_from_json(field<json>(environment, "load_before"));
  record.after = load_from_json(field<json>(environment, "load_after"));
  return record;
}

}  // namespace tickwerk::lab
