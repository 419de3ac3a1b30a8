#include "cli/backtest.h"
#include "cli/command.h"
#include "cli/daily.h"
#include "cli/data.h"
#include "cli/expressions.h"
#include "cli/factors.h"
#include "cli/later.h"
#include "cli/ml.h"
#include "cli/profile.h"
#include "cli/store.h"
#include "cli/strategies.h"

namespace tickwerk::cli {
namespace {

std::vector<Command> make_commands() {
  std::vector<Command> all;
  all.push_back(profile_command());
  all.push_back(measured_run_command());
  all.push_back(backtest_command());
  all.push_back(daily_command());
  for (Command& command : data_commands()) all.push_back(std::move(command));
  for (Command& command : expression_commands()) all.push_back(std::move(command));
  for (Command& command : factors_commands()) all.push_back(std::move(command));
  for (Command& command : strategies_commands()) all.push_back(std::move(command));
  for (Command& command : ml_commands()) all.push_back(std::move(command));
  for (Command& command : store_commands()) all.push_back(std::move(command));
  for (Command& command : later_commands()) all.push_back(std::move(command));
  return all;
}

}  // namespace

const std::vector<Command>& commands() {
  static const std::vector<Command> all = make_commands();
  return all;
}

}  // namespace tickwerk::cli
