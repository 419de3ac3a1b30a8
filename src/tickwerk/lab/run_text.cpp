#include "tickwerk/lab/run_text.h"

#include <algorithm>
#include <iterator>

namespace tickwerk::lab {
namespace {

using Out = std::back_insert_iterator<std::string>;

std::string megabytes(std::optional<double> bytes) {
  return bytes ? fmt::format("{:.1f}", *bytes / 1e6) : "n/a";
}

double ratio(double part, double whole) { return whole > 0 ? 100 * part / whole : 0; }

std::string total_line(const RunRecord& record) {
  const auto num = record.samples.size();
  return num == 1 ? fmt::format("{:.4f} s", *record.total_sec)
                  : fmt::format("{:.4f} s  (median of {}, MAD {:.4f} s)", *record.total_sec, num,
                                *record.mad_sec);
}

/// The counters of a zone and all below it.
void add_counters(const trace::CallNode& node,
                  std::array<std::uint64_t, trace::kNumCounters>& sums) {
  for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += node.counters[i];
  for (const trace::CallNode& child : node.children) add_counters(child, sums);
}

/// Adds those of the workers that stood below `name`, wherever that is in their tree.
void add_worker_counters(const trace::CallNode& node,
                         const std::string& name,
                         std::array<std::uint64_t, trace::kNumCounters>& sums) {
  if (node.name == name) return add_counters(node, sums);
  for (const trace::CallNode& child : node.children) add_worker_counters(child, name, sums);
}

/// `1,048,576 rows (85.1 M/s)`, one counter after the other.
std::string throughput(const RunRecord& record, const StepMeasure& step) {
  const std::string name = fmt::format("<step:{}>", step.name);
  std::array<std::uint64_t, trace::kNumCounters> sums{};
  add_worker_counters(record.trees.main, name, sums);
  add_worker_counters(record.trees.workers, name, sums);
  std::string text;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    if (sums[i] == 0) continue;
    const char* counter = trace::counter_name(static_cast<trace::Counter>(i));
    const double amount = static_cast<double>(sums[i]);
    if (!text.empty()) text += ", ";
    text += fmt::format("{} {}", sums[i], counter);
    if (step.wall_sec > 0) text += fmt::format(" ({:.3g} M/s)", amount / 1e6 / step.wall_sec);
  }
  return text;
}

void append_steps(const RunRecord& record, const Sample& sample, Out out) {
  if (sample.steps.empty()) return;
  std::size_t width = 4;
  for (const StepMeasure& step : sample.steps) width = std::max(width, step.name.size());
  fmt::format_to(out, "\n  {:<{}}  {:>9}  {:>9}  {:>8}  {:>6}\n", "step", width, "wall s", "cpu s",
                 "peak MB", "share");
  double wall = 0;
  double cpu = 0;
  for (const StepMeasure& step : sample.steps) {
    wall += step.wall_sec;
    cpu += step.cpu_sec;
    fmt::format_to(out, "  {:<{}}  {:>9.4f}  {:>9.4f}  {:>8}  {:>5.1f}%\n", step.name, width,
                   step.wall_sec, step.cpu_sec, megabytes(step.peak_rss_bytes),
                   ratio(step.wall_sec, sample.total_sec));
  }
  fmt::format_to(out, "  {:<{}}  {:>9.4f}  {:>9.4f}  {:>8}  {:>5.1f}%\n", "all", width, wall, cpu,
                 megabytes(sample.peak_rss_bytes), ratio(wall, sample.total_sec));
  if (sample.memory_reset == MemoryReset::kRefused) {
    fmt::format_to(out, "  peak per step is not available: the kernel refuses to reset it\n");
  }
  if (record.samples.size() > 1) {
    fmt::format_to(out, "  (iteration {}, which stands for the run)\n", record.median_sample + 1);
  }
}

void append_functions(const RunRecord& record, std::size_t num, Out out) {
  const auto top = record.top(num);
  if (top.empty()) return;
  fmt::format_to(out, "\n  {:>9}  {:>6}  {:>8}  {}\n", "cum s", "share", "calls", "function");
  for (const TopFunction& entry : top) {
    fmt::format_to(
        out, "  {:>9.4f}  {:>5.1f}%  {:>8}  {}\n", entry.cumulative_sec,
        ratio(1e9 * entry.cumulative_sec, static_cast<double>(record.trees.main.total_ns)),
        entry.calls, location(entry.function));
  }
}

std::string load_text(const Load& load) {
  std::string text = load.load_1 ? fmt::format("load {:.2f}", *load.load_1) : "load unknown";
  const auto add = [&](const char* name, const std::optional<Pressure>& pressure) {
    if (pressure) text += fmt::format(", {} pressure {:.1f} %", name, pressure->some_avg10);
  };
  add("cpu", load.cpu);
  add("memory", load.memory);
  add("io", load.io);
  return text;
}

std::string limit_text(std::optional<double> limit, double scale, const char* unit) {
  return limit ? fmt::format("{:.1f} {}", *limit / scale, unit) : "none";
}

void append_environment(const RunRecord& record, Out out) {
  const Machine& machine = record.machine;
  const BuildStamp& build = record.build;
  fmt::format_to(out, "\nenvironment\n");
  const auto line = [&](const char* key, const std::string& value) {
    fmt::format_to(out, "  {:<14} {}\n", key, value);
  };
  line("machine id", machine.machine_id);
  line("cpu", fmt::format("{}, {} cores, governor {}", machine.cpu_model, machine.cores,
                          machine.governor));
  line("memory", fmt::format("{:.1f} GB", static_cast<double>(machine.memory_bytes) / 1e9));
  line("cgroup limits", fmt::format("cpu {}, memory {}", limit_text(machine.cpu_limit, 1, "cores"),
                                    limit_text(machine.memory_limit, 1e9, "GB")));
  line("kernel", machine.kernel_release);
  line("threads", std::to_string(record.threads));
  line("before", load_text(record.before));
  line("after", load_text(record.after));
  line("tickwerk", build.version);
  line("commit", fmt::format("{} ({})", build.git_commit, build.git_state));
  line("build", fmt::format("{}{}{}", build.build_type, build.sanitizers.empty() ? "" : ", ",
                            build.sanitizers));
  line("compiler", build.compiler);
  line("flags", build.flags);
  line("libraries", build.libraries);
}

void append_iterations(const RunRecord& record, Out out) {
  if (record.samples.empty()) return;
  fmt::format_to(out, "\n  {:>9}  {:>9}  {:>9}  {:>9}  {:>8}  {:>8}  {:>6}  {:>9}  {:>9}\n",
                 "iteration", "total s", "user s", "system s", "peak MB", "faults", "major",
                 "voluntary", "preempted");
  for (std::size_t i = 0; i < record.samples.size(); ++i) {
    const Sample& sample = record.samples[i];
    const ProcessUse& use = sample.process;
    fmt::format_to(
        out, "  {:>9}  {:>9.4f}  {:>9.4f}  {:>9.4f}  {:>8.1f}  {:>8}  {:>6}  {:>9}  {:>9}\n", i + 1,
        sample.total_sec, use.user_sec, use.system_sec, sample.peak_rss_bytes / 1e6,
        use.minor_faults, use.major_faults, use.voluntary_switches, use.involuntary_switches);
  }
}

void append_list(const char* title, const std::vector<std::string>& lines, Out out) {
  if (lines.empty()) return;
  fmt::format_to(out, "\n{}\n", title);
  for (const std::string& line : lines) fmt::format_to(out, "  {}\n", line);
}

std::vector<std::string> below(const std::string& output, const std::vector<std::string>& files) {
  std::vector<std::string> paths;
  for (const std::string& file : files) {
    paths.push_back((std::filesystem::path(output) / file).generic_string());
  }
  return paths;
}

}  // namespace

std::string run_text(const RunRecord& record,
                     const std::string& output,
                     std::size_t num_functions) {
  std::string text;
  const Out out = std::back_inserter(text);
  fmt::format_to(out, "{}  {}  {}\n", record.job_name, record.run_id, to_string(record.status));
  if (!record.phase.empty()) fmt::format_to(out, "  phase   {}\n", record.phase);
  if (!record.note.empty()) fmt::format_to(out, "  note    {}\n", record.note);
  if (record.status == RunStatus::kFailed) {
    fmt::format_to(out, "  error   {}\n", record.error);
  } else {
    fmt::format_to(out, "  total   {}\n", total_line(record));
    fmt::format_to(out, "  cpu     {:.4f} s  (user and system, whole process)\n", *record.cpu_sec);
    fmt::format_to(out, "  memory  {:.1f} MB peak\n", *record.peak_rss_mb);
  }
  for (const std::string& warning : record.warnings) {
    fmt::format_to(out, "  beware  {}\n", warning);
  }
  if (const Sample* sample = record.median()) append_steps(record, *sample, out);
  append_functions(record, num_functions, out);
  append_list("measurements", below(output, record.files), out);
  return text;
}

std::string run_log(const RunRecord& record, const std::string& output) {
  std::string text;
  const Out out = std::back_inserter(text);
  fmt::format_to(out, "{}  profiler {}  iterations {}  warm-up {}\n", record.timestamp,
                 to_string(record.profiler), record.iterations, record.warmup);
  text += run_text(record, output, 20);
  if (const Sample* sample = record.median()) {
    std::vector<std::string> lines;
    for (const StepMeasure& step : sample->steps) {
      const std::string counters = throughput(record, step);
      if (!counters.empty()) lines.push_back(fmt::format("{}: {}", step.name, counters));
    }
    append_list("counters", lines, out);
  }
  append_iterations(record, out);
  append_environment(record, out);
  std::vector<std::string> configuration;
  for (const auto& [key, value] : record.configuration) {
    configuration.push_back(fmt::format("{} = {}", key, value));
  }
  append_list("configuration", configuration, out);
  append_list("data",
              {fmt::format("fingerprint {}", record.data_fingerprint),
               fmt::format("outputs {}", record.output_digest)},
              out);
  append_list("notes of the job", record.notes, out);
  append_list("timed blocks", record.log_lines, out);
  append_list("outputs of the job", below(output, record.outputs), out);
  return text;
}

}  // namespace tickwerk::lab
