#include "cli/profile_flags.h"

#include "cli/command.h"
#include "cli/run_flags.h"
#include "tickwerk/lab/child_process.h"

namespace tickwerk::cli {
namespace {

Flag job_flag() {
  return {.key = "job",
          .placeholder = "NAME",
          .text = "which job; either spelling, any case, `-` or `_`",
          .alias = "run"};
}

Flag profiler_flag() {
  return {.key = "profiler",
          .kind = Kind::kChoice,
          .text =
              "zones: exact call counts and times of the instrumented tree; none: two clock "
              "reads; cprofile is another word for zones",
          .choices = {"zones", "none", "cprofile"},
          .later_choices = {"sampling", "instructions", "pyinstrument", "py-spy"},
          .default_value = "zones"};
}

FlagGroup measurement_flags() {
  std::vector<Flag> flags{job_flag(), profiler_flag()};
  flags.push_back({.key = "list",
                   .kind = Kind::kSwitch,
                   .text = "list the jobs, then end",
                   .default_value = "false",
                   .role = Role::kControl});
  flags.push_back({.key = "with_cprofile",
                   .kind = Kind::kSwitch,
                   .text = "also write the function statistics (.prof, _stats.txt)",
                   .default_value = "false"});
  flags.push_back({.key = "iterations",
                   .kind = Kind::kWhole,
                   .placeholder = "N",
                   .text = "measured runs, each in a process of its own; the median is the result",
                   .range = {.low = 1, .high = 1000},
                   .default_value = "1"});
  flags.push_back({.key = "warmup",
                   .kind = Kind::kWhole,
                   .placeholder = "N",
                   .text = "runs before the measured ones",
                   .range = {.low = 0, .high = 1000},
                   .default_value = "0"});
  flags.push_back({.key = "top_functions",
                   .name = "top-n",
                   .kind = Kind::kWhole,
                   .placeholder = "N",
                   .text = "functions in the statistics as text",
                   .range = {.low = 1, .high = 10'000},
                   .default_value = "50"});
  flags.push_back({.key = "phase",
                   .placeholder = "NAME",
                   .text = "the state of the code, recorded and shown with the run"});
  flags.push_back(
      {.key = "note", .placeholder = "TEXT", .text = "recorded and shown with the run"});
  flags.push_back({.key = "update_doc",
                   .kind = Kind::kOptionalText,
                   .placeholder = "FILE",
                   .text = "refresh the tables of the document (without FILE: "
                           "docs/PERFORMANCE_PROFILE.md)"});
  flags.push_back({.key = "extra_args",
                   .placeholder = "\"...\"",
                   .text = "more flags for the job, after all others"});
  return {.title = "Measurement", .flags = std::move(flags)};
}

}  // namespace

std::vector<FlagGroup> profile_groups() {
  std::vector<FlagGroup> groups{measurement_flags()};
  for (FlagGroup& group : run_flag_groups()) {
    for (Flag& flag : group.flags) {
      if (flag.key == "top_n") flag.name = "strategy-top-n";  // --top-n counts functions here
    }
    groups.push_back(std::move(group));
  }
  return groups;
}

std::vector<FlagGroup> measured_run_groups() {
  std::vector<FlagGroup> groups = run_flag_groups();
  groups.push_back({.title = "Measurement",
                    .flags = {job_flag(),
                              profiler_flag(),
                              {.key = "result",
                               .placeholder = "FILE",
                               .text = "where the measurement goes",
                               .default_value = lab::kChildResult}}});
  return groups;
}

std::vector<Flag> iteration_flags() {
  std::vector<Flag> flags;
  for (const FlagGroup& group : run_flag_groups()) {
    flags.insert(flags.end(), group.flags.begin(), group.flags.end());
  }
  for (const Flag& flag : general_flags().flags) {
    if (flag.key == "output" || flag.key == "seed" || flag.key == "threads") flags.push_back(flag);
  }
  return flags;
}

}  // namespace tickwerk::cli
