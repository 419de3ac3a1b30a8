// `tickwerk strategies list|show|signals`: built-in strategies and strategy files, as text and as
// what they decide.
#pragma once

#include <string>
#include <vector>

#include "cli/command.h"
#include "tickwerk/strategy/strategy.h"

namespace tickwerk::cli {

Command strategies_list_command();
Command strategies_show_command();
Command strategies_signals_command();
std::vector<Command> strategies_commands();

/// Whether a text means a strategy file: `*.yaml`, `*.yml`, or a path with '/'.
bool is_strategy_file(const std::string& text);

/// A built-in strategy or one of a file. Throws as built_in_spec and load_strategy.
strategy::StrategySpec read_strategy(const std::string& name_or_file);

/// `fast=20 slow=60`, derived ones without a value.
std::string params_text(const strategy::StrategySpec& spec);

}  // namespace tickwerk::cli
