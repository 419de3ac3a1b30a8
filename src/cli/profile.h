// `tickwerk profile`: a job under measurement. And `run-job`, which it starts once for every
// iteration: one run with its clocks watched, whose result goes to a file; not listed, since its
// result is of use to `profile` only.
#pragma once

#include "cli/command.h"

namespace tickwerk::cli {

Command profile_command();
Command measured_run_command();

}  // namespace tickwerk::cli
