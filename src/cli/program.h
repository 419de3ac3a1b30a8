// The whole program but `main`: finds the command, runs it, and turns every error into one sentence
// on stderr and an exit code. The only place that catches.
#pragma once

#include <string>
#include <vector>

namespace tickwerk::cli {

/// Returns the exit code of the process.
int run_program(const std::vector<std::string>& arguments) noexcept;

}  // namespace tickwerk::cli
