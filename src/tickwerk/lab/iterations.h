// The measured iterations of one run, one process after the other, checked against each other. Part
// of profile.h.
#pragma once

#include <optional>
#include <vector>

#include "tickwerk/lab/child_process.h"
#include "tickwerk/lab/profile.h"

namespace tickwerk::lab {

struct Iteration {
  MeasuredRun run;
  ProcessUse process;
  std::string digest;  // of its outputs
};

struct Iterations {
  std::vector<Iteration>
      measured;  // without warm-up; the last one is the one that failed, if one did
  std::optional<Failure> failure;  // says which iteration where there are several
};

/// Stops at the first failure. Iterations whose outputs differ are a failure. Empty when
/// interrupted.
std::optional<Iterations> run_iterations(const ProfileConfig& config,
                                         const std::vector<std::string>& arguments,
                                         Interrupts& interrupts);

}  // namespace tickwerk::lab
