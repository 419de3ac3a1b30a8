// Words of the command line to settings: the flags of a command as CLI11 options, then --set,
// --config and the environment below them. Used by the frame for every command, and by who has
// arguments of a command to check.
#pragma once

#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/settings.h"

namespace tickwerk::cli {

struct Parsed {
  Settings settings;
  std::vector<std::string> operands;
};

/// `arguments` without the words of the command. Throws kInvalidArgument or kUnsupported naming the
/// flag, with the nearest one when it is unknown; kNotFound, kIo for a configuration file that
/// cannot be read.
Parsed parse(const Command& command, const std::vector<std::string>& arguments);

}  // namespace tickwerk::cli
