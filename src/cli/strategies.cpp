#include "cli/strategies.h"

#include <fmt/format.h>

#include "cli/run_flag_rows.h"
#include "tickwerk/strategy/strategy_file.h"

namespace tickwerk::cli {

std::vector<Command> strategies_commands() {
  std::vector<Command> commands;
  commands.push_back(strategies_list_command());
  commands.push_back(strategies_show_command());
  commands.push_back(strategies_signals_command());
  return commands;
}

bool is_strategy_file(const std::string& text) {
  return text.find('/') != std::string::npos || text.ends_with(".yaml") || text.ends_with(".yml");
}

strategy::StrategySpec read_strategy(const std::string& name_or_file) {
  return is_strategy_file(name_or_file) ? strategy::load_strategy(name_or_file)
                                        : strategy::built_in_spec(name_or_file);
}

std::string params_text(const strategy::StrategySpec& spec) {
  std::string text;
  for (const auto& [name, value] : spec.params) {
    text += fmt::format("{}{}={}", text.empty() ? "" : " ", name, shown(value));
  }
  for (const std::string& name : spec.derived_params) {
    text += fmt::format("{}{}", text.empty() ? "" : " ", name);
  }
  return text;
}

}  // namespace tickwerk::cli
