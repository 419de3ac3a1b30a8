#include "cli/profile.h"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "cli/interrupt.h"
#include "cli/parse.h"
#include "cli/profile_flags.h"
#include "cli/run_flags.h"
#include "tickwerk/base/error.h"
#include "tickwerk/base/parallel.h"
#include "tickwerk/job/job.h"
#include "tickwerk/lab/document.h"
#include "tickwerk/lab/profile.h"
#include "tickwerk/lab/run_text.h"

namespace tickwerk::cli {
namespace {

constexpr std::string_view kDocument = "docs/PERFORMANCE_PROFILE.md";
constexpr std::size_t kNumShown = 5;  // functions on stdout; all of them are in the files

struct LaterJob {
  std::string_view name;
  std::string_view description;
};
constexpr LaterJob kLaterJobs[] = {
    {"PLAYBOOK_JOB", "a research playbook"},
    {"CUSTOM", "any command: --job CUSTOM -- command"},
};

const job::Job& job_of(const Settings& settings) {
  const std::string name = settings.text("job");
  if (name.empty()) {
    throw Error(Code::kInvalidArgument,
                "--job must be given, found none (`tickwerk profile --list` shows the jobs)");
  }
  for (const LaterJob& later : kLaterJobs) {
    if (job::canonical_name(name) == later.name) {
      throw Error(Code::kUnsupported,
                  fmt::format("{} is not available in this version", later.name));
    }
  }
  return job::find_job(name);
}

job::RunConfig defaults(const Settings& settings) {
  return settings.given("job") ? job_of(settings).default_config() : job::RunConfig{};
}

lab::Profiler profiler_of(const Settings& settings) {
  return settings.text("profiler") == "none" ? lab::Profiler::kNone : lab::Profiler::kZones;
}

/// The words of `text` as a shell would take them apart: by blanks, with quotes and backslashes.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  bool inside = false;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote == 0 && std::isspace(static_cast<unsigned char>(c)) != 0) {
      inside = false;
      continue;
    }
    if (!inside) words.emplace_back();
    inside = true;
    if (c == quote) {
      quote = 0;
    } else if (quote == 0 && (c == '"' || c == '\'')) {
      quote = c;
    } else if (c == '\\' && quote != '\'' && i + 1 < text.size()) {
      words.back() += text[++i];
    } else {
      words.back() += c;
    }
  }
  if (quote != 0) {
    throw Error(Code::kInvalidArgument,
                fmt::format("--extra-args must close its quotes, found '{}'", text));
  }
  return words;
}

/// The command line of this process, as typed.
std::vector<std::string> typed_command() {
  std::ifstream in("/proc/self/cmdline", std::ios::binary);
  std::vector<std::string> words;
  for (std::string word; std::getline(in, word, '\0');) words.push_back(word);
  if (!words.empty()) words[0] = "tickwerk";
  return words;
}

Settings parse_job_flags(const std::vector<std::string>& words) {
  const Command job{.name = "profile", .summary = {}, .groups = run_flag_groups()};
  try {
    return parse(job, words).settings;
  } catch (const Error& error) {
    throw error.with_context("--extra-args");
  }
}

/// The settings of an iteration: those of the run, then --extra-args.
Settings iteration_settings(const Settings& settings) {
  const std::vector<Flag> handed_on = iteration_flags();
  std::vector<std::string> words = settings.arguments(handed_on);
  std::ranges::copy(words_of(settings.text("extra_args")), std::back_inserter(words));
  Settings result = parse_job_flags(words);
  for (const Flag& flag : result.flags()) {
    const bool is_of_job = std::ranges::find(handed_on, flag.key, &Flag::key) != handed_on.end();
    if (is_of_job || result.source(flag.key) != Source::kFlag) continue;
    throw Error(Code::kInvalidArgument,
                fmt::format("--extra-args must hold flags of the job, found {}", spelling(flag)));
  }
  return result;
}

std::vector<std::string> iteration_arguments(const Settings& settings, const Settings& iteration) {
  std::vector<std::string> arguments{"run-job", fmt::format("--job={}", job_of(settings).name),
                                     fmt::format("--profiler={}", settings.text("profiler")),
                                     fmt::format("--result={}", lab::kChildResult)};
  std::ranges::copy(iteration.arguments(iteration_flags()), std::back_inserter(arguments));
  return arguments;
}

void show_progress(const std::string& what) { fmt::print(stderr, "\r\033[K{} ...", what); }
void end_progress() { fmt::print(stderr, "\r\033[K"); }

lab::ProfileConfig profile_config(const Invocation& invocation) {
  const Settings& settings = invocation.settings;
  const Settings iteration = iteration_settings(settings);
  lab::ProfileConfig config;
  config.job = &job_of(settings);
  config.run = run_config(iteration, config.job->default_config());
  config.arguments = iteration_arguments(settings, iteration);
  config.profiler = profiler_of(settings);
  if (settings.on("with_cprofile")) config.statistics = lab::FunctionStatistics::kWrite;
  config.iterations = static_cast<int>(settings.whole("iterations"));
  config.warmup = static_cast<int>(settings.whole("warmup"));
  config.num_functions = static_cast<int>(settings.whole("top_functions"));
  config.threads =
      iteration.given("threads") ? static_cast<int>(iteration.whole("threads")) : num_threads();
  config.phase = settings.text("phase");
  config.note = settings.text("note");
  config.command = typed_command();
  if (isatty(STDERR_FILENO) != 0 && invocation.output.verbosity() != Verbosity::kQuiet) {
    config.progress = show_progress;
  }
  if (config.profiler == lab::Profiler::kNone &&
      config.statistics == lab::FunctionStatistics::kWrite) {
    throw Error(Code::kInvalidArgument,
                "--with-cprofile must have zones to count, found --profiler none");
  }
  return config;
}

int list_jobs(const Output& output) {
  if (output.format() == Format::kJson) {
    auto json = nlohmann::json::array();
    for (const job::Job& job : job::jobs()) {
      json.push_back({{"name", job.name},
                      {"description", job.description},
                      {"data", job.data},
                      {"use_case", job.use_case},
                      {"steps", std::vector<std::string>(job.steps.begin(), job.steps.end())},
                      {"available", true}});
    }
    for (const LaterJob& job : kLaterJobs) {
      json.push_back({{"name", job.name}, {"description", job.description}, {"available", false}});
    }
    output.result(json.dump(2));
    return 0;
  }
  std::string text;
  for (const job::Job& job : job::jobs()) {
    text += fmt::format("{:<16} {}\n{:<16} data: {}\n{:<16} steps: {}\n", job.name, job.description,
                        "", job.data, "", fmt::join(job.steps, ", "));
  }
  text += "\nnot available in this version:\n";
  for (const LaterJob& job : kLaterJobs) {
    text += fmt::format("{:<16} {}\n", job.name, job.description);
  }
  output.result(text);
  return 0;
}

std::filesystem::path document_path(const Settings& settings) {
  const std::string path = settings.text("update_doc");
  return path.empty() ? kDocument : std::string_view(path);
}

int run(const Invocation& invocation) {
  const Settings& settings = invocation.settings;
  const Output& output = invocation.output;
  if (settings.on("list")) return list_jobs(output);
  const lab::ProfileConfig config = profile_config(invocation);
  if (!invocation.operands.empty()) {
    throw Error(Code::kInvalidArgument,
                fmt::format("only the job CUSTOM takes a command, found '{}'",
                            invocation.operands.front()));
  }
  const bool document = settings.given("update_doc");
  if (document) lab::check_document(document_path(settings));

  const auto result = lab::profile(config);
  if (isatty(STDERR_FILENO) != 0 && output.verbosity() != Verbosity::kQuiet) end_progress();
  if (!result) return kExitInterrupted;
  for (const std::string& note : result->notes) output.note(note);
  const lab::RunRecord& record = result->record;
  if (output.format() == Format::kJson) output.result(lab::record_text(record));
  if (result->failure) throw Error(result->failure->code, result->failure->message);
  if (output.format() == Format::kText) {
    output.result(result->summary + (result->summary.empty() ? "" : "\n") +
                  lab::run_text(record, config.run.output.generic_string(), kNumShown));
  }
  if (document) {
    for (const std::string& problem :
         lab::update_document(document_path(settings), config.run.output, job::jobs())) {
      output.warning(problem);
    }
    output.note(fmt::format("updated {}", document_path(settings).string()));
  }
  return 0;
}

int run_measured(const Invocation& invocation) {
  lab::end_with_parent();
  const Settings& settings = invocation.settings;
  const job::Job& job = job_of(settings);
  job::RunConfig config = run_config(settings, job.default_config());
  job.prepare(config);
  const lab::MeasuredRun run = lab::run_measured(job, config, profiler_of(settings));
  std::ofstream result(settings.text("result"), std::ios::binary);
  result << to_json(run).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  result.close();
  if (!result) {
    if (run.failure) throw Error(run.failure->code, run.failure->message);
    throw Error(Code::kIo, fmt::format("a result must be writable, found that it is not: {}",
                                       settings.text("result")));
  }
  return run.failure ? exit_code(run.failure->code) : 0;
}

}  // namespace

Command profile_command() {
  return {.name = "profile",
          .summary = "a job under measurement: where the time and the memory go",
          .operands = "[-- COMMAND]",
          .max_operands = 1000,
          .details =
              "Runs the job in a fresh process for every iteration and leaves, below the output "
              "folder, a log (perf_logs), profiles for pstats, speedscope and Perfetto and one "
              "line in perf_summary.csv (perf_profiles), and a run record (perf_runs).",
          .groups = profile_groups(),
          .defaults = defaults,
          .run = run};
}

Command measured_run_command() {
  return {.name = "run-job",
          .summary = "one iteration of `profile`",
          .groups = measured_run_groups(),
          .listing = Listing::kHidden,
          .interruption = Interruption::kKills,
          .defaults = defaults,
          .run = run_measured};
}

}  // namespace tickwerk::cli
