// What the commands that run a job share: settings to a configuration, the synthetic market where
// no prices are given, and the result of the job to stdout.
#pragma once

#include <functional>

#include "cli/command.h"
#include "tickwerk/job/job.h"

namespace tickwerk::cli {

/// job::prepare_run, with a note where the synthetic market stands in.
void prepare(const Invocation& invocation, job::RunConfig& config);

/// Notes, warnings and, in detail, files to stderr; the summary to stdout.
void show_result(const Invocation& invocation,
                 const job::RunConfig& config,
                 const job::JobResult& result);

/// Runs `job` with the settings over `defaults`; returns the exit code.
int run_job_command(const Invocation& invocation,
                    job::RunConfig defaults,
                    const std::function<job::JobResult(const job::RunConfig&)>& job);

/// The defaults of a command that is not measured: the market of BACKTEST_MEDIUM, its costs, a
/// built-in strategy; `title` stands over the report.
job::RunConfig command_defaults(std::string_view title, std::string_view strategy);

}  // namespace tickwerk::cli
