// What the commands on expressions have in common: which expressions (-e, --file, --param) over
// which data (the bars' flags and those of what stands beside them).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "cli/command.h"
#include "tickwerk/expr/module.h"
#include "tickwerk/factor/sources.h"
#include "tickwerk/market/load.h"

namespace tickwerk::cli {

/// -e, --file, --param.
FlagGroup expression_flags();

/// Definitions with the names of those that were asked for, in their order.
struct Expressions {
  expr::Module module;
  std::vector<std::string> names;
  std::map<std::string, double, std::less<>> params;
};

/// Those of --file (`file` when it is not empty) and of -e, which may use what the file defines.
/// Throws kInvalidArgument when there is none, and as Module.
Expressions read_expressions(const Settings& settings, const std::string& file);

/// The values of --param.
std::map<std::string, double, std::less<>> params_of(const Settings& settings);

/// Bars and what stands beside them.
struct ExpressionData {
  job::RunConfig config;
  market::LoadedBars loaded;
  factor::LoadedSources beside;

  factor::Sources sources() const { return beside.with(loaded.bars); }
};

/// Loads what the flags say, the synthetic market without --prices, and says the notes.
ExpressionData load_data(const Invocation& invocation);

/// One line each for what a user must know of the result.
void say_warnings(const Invocation& invocation, const std::vector<std::string>& warnings);

/// The flags of the bars, of what stands beside them, and of expressions.
std::vector<FlagGroup> expression_groups();

Command expr_eval_command();
Command expr_plan_command();
Command expr_ops_command();
Command check_command();
std::vector<Command> expression_commands();

}  // namespace tickwerk::cli
