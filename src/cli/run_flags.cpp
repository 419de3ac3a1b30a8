#include "cli/run_flags.h"

#include <cstdlib>
#include <functional>
#include <string_view>

#include "cli/run_flag_rows.h"
#include "tickwerk/base/error.h"
#include "tickwerk/io/number.h"

namespace tickwerk::cli {
namespace {

using Rows = const std::vector<RunFlagRow>&;

FlagGroup group(std::string_view title, Rows rows) {
  FlagGroup result{.title = title, .flags = {}};
  for (const RunFlagRow& row : rows) result.flags.push_back(row.flag);
  return result;
}

template <typename Visit>
void for_each_row(Visit visit) {
  for (const std::vector<RunFlagRow>& rows :
       {std::cref(bars_rows()), std::cref(strategy_rows()), std::cref(backtest_rows()),
        std::cref(daily_rows())}) {
    for (const RunFlagRow& row : rows) visit(row);
  }
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

std::string shown_switch(bool on) { return on ? "true" : "false"; }

FlagGroup bars_flags() { return group("Bars", bars_rows()); }
FlagGroup strategy_flags() {
  return group("Strategy (defaults: those of the strategy that --strategy names)", strategy_rows());
}
FlagGroup backtest_flags() { return group("Backtest", backtest_rows()); }
FlagGroup daily_flags() { return group("End of day", daily_rows()); }

std::vector<FlagGroup> run_flag_groups() {
  return {bars_flags(), strategy_flags(), backtest_flags(), daily_flags()};
}

job::RunConfig run_config(const Settings& settings, job::RunConfig defaults) {
  job::RunConfig config = std::move(defaults);
  for_each_row([&](const RunFlagRow& row) {
    if (!settings.given(row.flag.key) || row.apply == nullptr) return;
    try {
      row.apply(settings, config);
    } catch (const Error& error) {
      const std::string place = settings.place(row.flag.key);
      const bool said = std::string_view(error.what()).find(place) != std::string_view::npos;
      throw said ? error : error.with_context(place);
    }
  });
  const auto& [from, to] = std::pair(config.load.from, config.load.to);
  if (from && to && *from > *to) {
    throw Error(Code::kInvalidArgument, fmt::format("--from must not be after --to, found {} > {}",
                                                    to_string(*from), to_string(*to)));
  }
  if (settings.given("seed")) config.seed = static_cast<std::uint64_t>(settings.whole("seed"));
  config.output = settings.text("output");
  config.kill_switch = kill_switch();
  return config;
}

std::vector<std::pair<std::string, std::string>> show(const job::RunConfig& config) {
  std::vector<std::pair<std::string, std::string>> result;
  for_each_row([&](const RunFlagRow& row) {
    if (row.show != nullptr) result.emplace_back(row.flag.key, row.show(config));
  });
  return result;
}

}  // namespace tickwerk::cli
