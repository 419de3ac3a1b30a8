// Which of what is swept are settings of the run and which parameters of its strategy: names and
// values are checked, combinations grouped by their settings. Internal to `job`; runs nothing.
#pragma once

#include <map>
#include <vector>

#include "tickwerk/job/sweep.h"

namespace tickwerk::job {

/// A parameter of the strategy is none, whatever settings there are.
bool is_setting(const SweepConfig& sweep,
                const strategy::StrategySpec& spec,
                const SweptParameter& parameter);

/// Throws kInvalidArgument for names and values that nothing in the program knows, with the nearest
/// or all names; to be asked before anything is loaded.
void check_grid(const RunConfig& config, const SweepConfig& sweep);

/// Combinations in their order, by the places of their settings (0 for parameters).
std::map<std::vector<std::size_t>, std::vector<std::size_t>> by_settings(const RunConfig& config,
                                                                         const SweepConfig& sweep);

/// The configuration with the settings at these places.
RunConfig with_settings(const RunConfig& config,
                        const SweepConfig& sweep,
                        const std::vector<std::size_t>& places);

}  // namespace tickwerk::job
