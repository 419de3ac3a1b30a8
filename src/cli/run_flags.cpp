#include "cli/run_flags.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "cli/run_flag_rows.h"
#include "tickwerk/base/error.h"
#include "tickwerk/io/number.h"

namespace tickwerk::cli {
namespace {

using job::RunConfig;
using Rows = const std::vector<RunFlagRow>*;

FlagGroup group(std::string_view title, const std::vector<RunFlagRow>& rows) {
  FlagGroup result{.title = title, .flags = {}};
  for (const RunFlagRow& row : rows) result.flags.push_back(row.flag);
  return result;
}

const std::vector<Rows>& all_rows() {
  static const std::vector<Rows> all = {&bars_rows(),     &source_rows(),   &store_rows(),
                                        &strategy_rows(), &backtest_rows(), &daily_rows()};
  return all;
}

void apply(const RunFlagRow& row, const Settings& settings, RunConfig& config) {
  if (!settings.given(row.flag.key) || row.apply == nullptr) return;
  try {
    row.apply(settings, config);
  } catch (const Error& error) {
    const std::string place = settings.place(row.flag.key);
    const std::string_view text = error.what();
    // Lines of a file with a caret below say where by themselves.
    const bool said = text.find(place) != text.npos || text.find('\n') != text.npos;
    throw said ? error : error.with_context(place);
  }
}

/// What the rows leave: the span of the bars, and the flags that all commands have.
void finish(const Settings& settings, RunConfig& config) {
  const auto& as_of = config.sources.as_of;
  if (as_of) config.load.to = std::min(config.load.to.value_or(*as_of), *as_of);
  const auto& [from, to] = std::pair(config.load.from, config.load.to);
  if (from && to && *from > *to) {
    throw Error(Code::kInvalidArgument, fmt::format("--from must not be after {}, found {} > {}",
                                                    as_of && to == as_of ? "--as-of" : "--to",
                                                    to_string(*from), to_string(*to)));
  }
  if (settings.given("seed")) config.seed = static_cast<std::uint64_t>(settings.whole("seed"));
  config.output = settings.text("output");
  config.store.now.ns = std::chrono::duration_cast<std::chrono::nanoseconds>(
                            std::chrono::system_clock::now().time_since_epoch())
                            .count();
}

/// Any value but none and 0 stops the orders: a switch for emergencies errs on the safe side.
job::KillSwitch kill_switch() {
  const char* value = std::getenv("TICKWERK_KILL_SWITCH");
  const std::string_view text = value == nullptr ? "" : value;
  return text.empty() || text == "0" ? job::KillSwitch::kOff : job::KillSwitch::kOn;
}

}  // namespace

std::string shown(double value) {
  std::string text;
  io::append_number(text, value);
  return text;
}

FlagGroup bars_flags() { return group("Bars", bars_rows()); }
FlagGroup source_flags() { return group("Beside the bars", source_rows()); }
FlagGroup store_flags() { return group("Factor store", store_rows()); }
FlagGroup strategy_flags() {
  return group("Strategy (defaults: those of the strategy that --strategy names)", strategy_rows());
}
FlagGroup backtest_flags() { return group("Backtest", backtest_rows()); }
FlagGroup daily_flags() { return group("End of day", daily_rows()); }

std::vector<FlagGroup> run_flag_groups() {
  return {bars_flags(),     source_flags(),   store_flags(),
          strategy_flags(), backtest_flags(), daily_flags()};
}

job::RunConfig run_config(const Settings& settings, job::RunConfig defaults) {
  job::RunConfig config = std::move(defaults);
  for (const Rows rows : all_rows()) {
    for (const RunFlagRow& row : *rows) apply(row, settings, config);
  }
  finish(settings, config);
  if (!config.strategy.language.empty()) strategy::make_strategy(config.strategy);  // its checks
  config.kill_switch = kill_switch();
  return config;
}

job::RunConfig bars_config(const Settings& settings) {
  job::RunConfig config;
  config.store.use = job::StoreUse::kKeep;
  for (const Rows rows : {&bars_rows(), &source_rows(), &store_rows()}) {
    for (const RunFlagRow& row : *rows) apply(row, settings, config);
  }
  finish(settings, config);
  return config;
}

std::vector<std::pair<std::string, std::string>> show(const job::RunConfig& config) {
  std::vector<std::pair<std::string, std::string>> result;
  for (const Rows rows : all_rows()) {
    for (const RunFlagRow& row : *rows) {
      if (row.show != nullptr) result.emplace_back(row.flag.key, row.show(config));
    }
  }
  return result;
}

}  // namespace tickwerk::cli
