// A command as data. To add one: `name.h` with `Command name_command();`, `name.cpp` with its flags
// and its run function, and one line in commands.cpp. Parsing, help, configuration files,
// --show-config and the mapping of errors to exit codes are the frame's affair; a run function
// throws tickwerk::Error and catches nothing.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/flag.h"
#include "cli/output.h"
#include "cli/settings.h"
#include "tickwerk/job/run_config.h"

namespace tickwerk::cli {

/// What a run function gets.
struct Invocation {
  const Settings& settings;
  const std::vector<std::string>& operands;  // what is not a flag, in order
  const Output& output;
};

enum class Listing { kShown, kLater, kHidden };

/// What Ctrl-C and SIGTERM do: remove unfinished files and exit with 130, or kill the process.
enum class Interruption { kTidies, kKills };

struct Command {
  std::string_view name;           // `backtest`, `data info`
  std::string_view summary;        // one line for `tickwerk help`: lower case, no full stop
  std::string_view operands = {};  // as in the usage line: `FILE`, `IN OUT`; empty = none
  std::size_t min_operands = 0;
  std::size_t max_operands = 0;
  std::vector<std::string> (*operand_words)() = nullptr;  // that shell completion offers
  std::string_view details = {};       // a paragraph for the help of the command; may be empty
  std::vector<FlagGroup> groups = {};  // without the common flags, which every command has
  Listing listing = Listing::kShown;
  Interruption interruption = Interruption::kTidies;

  /// Where the values of run flags (run_flags.h) come from that nobody gave: the configuration of
  /// the job the settings name. Null for a command without run flags, or when no job is named.
  job::RunConfig (*defaults)(const Settings& settings) = nullptr;

  /// Returns the exit code.
  int (*run)(const Invocation& invocation) = nullptr;
};

/// All commands in the order of the help.
const std::vector<Command>& commands();

/// --output, --config, --set, --seed, --threads, --format, --quiet, --verbose, --color,
/// --show-config, --help.
FlagGroup general_flags();

/// The flags of a command, the common ones last.
std::vector<FlagGroup> flag_groups(const Command& command);
std::vector<Flag> all_flags(const Command& command);

}  // namespace tickwerk::cli
