// The commands of later versions: listed, and answered with a sentence instead of "unknown
// command".
#pragma once

#include "cli/command.h"

namespace tickwerk::cli {

std::vector<Command> later_commands();

}  // namespace tickwerk::cli
