#include "tickwerk/lab/iterations.h"

#include <cstring>

#include "tickwerk/lab/digest.h"

namespace tickwerk::lab {
namespace {

std::string place(const ProfileConfig& config, int index) {
  if (index < config.warmup) {
    return fmt::format("warm-up {} of {}", index + 1, config.warmup);
  }
  return fmt::format("iteration {} of {}", index - config.warmup + 1, config.iterations);
}

/// The result that a process handed over.
MeasuredRun result_of(const ChildOutcome& outcome) {
  if (outcome.end == ChildEnd::kKilled) {
    throw Error(Code::kIo, fmt::format("the process of the job must end by itself, found that "
                                       "signal {} ({}) killed it",
                                       outcome.status, strsignal(outcome.status)));
  }
  const auto json = nlohmann::json::parse(outcome.result, nullptr, false);
  if (json.is_discarded()) {
    throw Error(Code::kIo, fmt::format("the process of the job must hand over its result, found "
                                       "none and exit code {}",
                                       outcome.status));
  }
  return measured_run_from_json(json);
}

/// What the end of a process says about its iteration.
Iteration judge(const ChildOutcome& outcome, const std::filesystem::path& output) {
  Iteration iteration;
  iteration.process = outcome.use;
  const auto failure = failure_of([&] {
    iteration.run = result_of(outcome);
    if (!iteration.run.failure) {
      iteration.digest = output_digest(output, iteration.run.result.files);
    }
  });
  if (failure) iteration.run.failure = failure;
  return iteration;
}

}  // namespace

std::optional<Iterations> run_iterations(const ProfileConfig& config,
                                         const std::vector<std::string>& arguments,
                                         Interrupts& interrupts) {
  Iterations result;
  const int num_runs = config.warmup + config.iterations;
  const auto fail = [&](int index, const Failure& failure) {
    const std::string where = num_runs == 1 ? "" : fmt::format(" ({})", place(config, index));
    result.failure = Failure{failure.code, failure.message + where};
  };
  for (int index = 0; index < num_runs && !result.failure; ++index) {
    config.progress(place(config, index));
    const ChildOutcome outcome = run_child(config.executable, arguments, interrupts);
    if (outcome.end != ChildEnd::kExited) {
      remove_unfinished_files(config.run.output, outcome.pid);
    }
    if (outcome.end == ChildEnd::kInterrupted) return {};
    Iteration iteration = judge(outcome, config.run.output);
    if (iteration.run.failure) fail(index, *iteration.run.failure);
    if (index < config.warmup) continue;
    if (!result.failure && !result.measured.empty() &&
        iteration.digest != result.measured.front().digest) {
      fail(index,
           {Code::kInternal,
            fmt::format("all iterations must write the same bytes, found output digest {} after {}",
                        iteration.digest, result.measured.front().digest)});
    }
    result.measured.push_back(std::move(iteration));
  }
  return result;
}

}  // namespace tickwerk::lab
