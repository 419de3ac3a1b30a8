#include "tickwerk/job/sweep_settings.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "tickwerk/base/error.h"
#include "tickwerk/base/nearest.h"

namespace tickwerk::job {
namespace {

bool has_param(const strategy::StrategySpec& spec, const std::string& name) {
  return spec.params.contains(name) ||
         std::ranges::find(spec.derived_params, name) != spec.derived_params.end();
}

[[noreturn]] void refuse_name(const strategy::StrategySpec& spec,
                              const SweepConfig& sweep,
                              const std::string& name) {
  std::vector<std::string> params = spec.derived_params;
  for (const auto& entry : spec.params) params.push_back(entry.first);
  std::ranges::sort(params);
  std::vector<std::string> all = params;
  all.insert(all.end(), sweep.settings.names.begin(), sweep.settings.names.end());
  const std::string of_strategy = params.empty() ? fmt::format("{} has no parameters", spec.name)
                                                 : fmt::format("the parameters of {} are {}",
                                                               spec.name, fmt::join(params, ", "));
  const std::string nearest = nearest_hint(name, all);
  const bool lists = nearest.empty() && !sweep.settings.names.empty();
  throw Error(
      Code::kInvalidArgument,
      fmt::format("what is swept must be a parameter of the strategy or a setting, found "
                  "'{}'{}; {}{}",
                  name, nearest, of_strategy,
                  lists ? fmt::format("; settings are {}", fmt::join(sweep.settings.names, ", "))
                        : std::string()));
}

}  // namespace

bool is_setting(const SweepConfig& sweep,
                const strategy::StrategySpec& spec,
                const SweptParameter& parameter) {
  return !has_param(spec, parameter.name) &&
         std::ranges::find(sweep.settings.names, parameter.name) != sweep.settings.names.end();
}

void check_grid(const RunConfig& config, const SweepConfig& sweep) {
  for (const SweptParameter& parameter : sweep.grid.parameters()) {
    if (is_setting(sweep, config.strategy, parameter)) {
      for (std::size_t k = 0; k < parameter.values.size(); ++k) {
        RunConfig scratch = config;
        sweep.settings.apply(parameter.name, parameter.text(k), scratch);
      }
    } else if (!has_param(config.strategy, parameter.name)) {
      refuse_name(config.strategy, sweep, parameter.name);
    } else if (parameter.has_words()) {
      throw Error(
          Code::kInvalidArgument,
          fmt::format("a parameter of {} must be swept over finite numbers, found '{}={}'",
                      config.strategy.name, parameter.name, fmt::join(parameter.words, ",")));
    }
  }
}

std::map<std::vector<std::size_t>, std::vector<std::size_t>> by_settings(const RunConfig& config,
                                                                         const SweepConfig& sweep) {
  std::map<std::vector<std::size_t>, std::vector<std::size_t>> groups;
  const auto& parameters = sweep.grid.parameters();
  for (std::size_t k = 0; k < sweep.grid.size(); ++k) {
    std::vector<std::size_t> places = sweep.grid.places(k);
    for (std::size_t p = 0; p < places.size(); ++p) {
      if (!is_setting(sweep, config.strategy, parameters[p])) places[p] = 0;
    }
    groups[std::move(places)].push_back(k);
  }
  return groups;
}

RunConfig with_settings(const RunConfig& config,
                        const SweepConfig& sweep,
                        const std::vector<std::size_t>& places) {
  RunConfig changed = config;
  const auto& parameters = sweep.grid.parameters();
  for (std::size_t p = 0; p < places.size(); ++p) {
    if (!is_setting(sweep, config.strategy, parameters[p])) continue;
    sweep.settings.apply(parameters[p].name, parameters[p].text(places[p]), changed);
  }
  return changed;
}

}  // namespace tickwerk::job
