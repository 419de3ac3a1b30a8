#include "cli/job_command.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/run_flags.h"
#include "tickwerk/base/error.h"
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

namespace {

/// Where a key is swept, empty for nowhere: `--sweep min_confidence=0.4:0.6:0.1`.
std::string swept_at(const Settings& settings, std::string_view key) {
  if (!settings.given("sweep")) return {};
  for (const std::string& text : settings.texts("sweep")) {
    std::string name = text.substr(0, text.find('='));
    std::replace(name.begin(), name.end(), '-', '_');
    if (name == key) return fmt::format("{} {}", settings.place("sweep"), name);
  }
  return {};
}

/// Without a meta-model they would be passed over in silence.
void require_meta_model(const Settings& settings, const job::RunConfig& config) {
  if (!config.strategy.meta_model.file.empty() || settings.given("meta_model") ||
      !swept_at(settings, "meta_model").empty()) {
    return;
  }
  for (const std::string_view key : {"meta_mode", "min_confidence"}) {
    const std::string place = settings.given(key) ? settings.place(key) : swept_at(settings, key);
    if (place.empty()) continue;
    throw Error(
        Code::kInvalidArgument,
        fmt::format("{} must come with a meta-model, found none: give --meta-model", place));
  }
}

}  // namespace

int run_job_command(const Invocation& invocation,
                    job::RunConfig defaults,
                    const std::function<job::JobResult(const job::RunConfig&)>& job) {
  job::RunConfig config = run_config(invocation.settings, std::move(defaults));
  require_meta_model(invocation.settings, config);
  prepare(invocation, config);
  show_result(invocation, config, job(config));
  return 0;
}

}  // namespace tickwerk::cli
