#include "cli/job_command.h"

#include <fmt/format.h>

#include "cli/run_flags.h"
#include "tickwerk/job/prepare.h"
#include "tickwerk/strategy/strategy.h"

namespace tickwerk::cli {

job::RunConfig command_defaults(std::string_view title, std::string_view strategy) {
  job::RunConfig config;
  config.title = title;
  config.strategy = strategy::built_in_spec(strategy);
  config.store.use = job::StoreUse::kKeep;
  return config;
}

void prepare(const Invocation& invocation, job::RunConfig& config) {
  if (config.load.prices.empty()) {
    invocation.output.note(
        fmt::format("no --prices: using the synthetic market of BACKTEST_MEDIUM, {} symbols x {} "
                    "sessions, seed {}",
                    config.market.num_symbols, config.market.num_sessions, config.seed));
  }
  job::prepare_run(config);
}

void show_result(const Invocation& invocation,
                 const job::RunConfig& config,
                 const job::JobResult& result) {
  const Output& output = invocation.output;
  for (const std::string& note : result.notes) output.note(note);
  for (const std::string& warning : result.warnings) output.warning(warning);
  for (const auto& file : result.files) {
    output.detail(fmt::format("wrote {}", (config.output / file).string()));
  }
  output.detail(fmt::format("data fingerprint {}", result.data_fingerprint));
  output.result(output.format() == Format::kJson ? result.summary_json : result.summary);
}

int run_job_command(const Invocation& invocation,
                    job::RunConfig defaults,
                    const std::function<job::JobResult(const job::RunConfig&)>& job) {
  job::RunConfig config = run_config(invocation.settings, std::move(defaults));
  prepare(invocation, config);
  show_result(invocation, config, job(config));
  return 0;
}

}  // namespace tickwerk::cli
