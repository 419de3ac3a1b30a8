// Help texts made from the commands and flags as data: the overview, the page of a command, shell
// completion and the manual page. Nothing is written twice, so nothing in them can be out of date.
#pragma once

#include <string>
#include <string_view>

#include "cli/command.h"

namespace tickwerk::cli {

/// `tickwerk help`: every command with its line, those of later versions apart.
std::string overview();

/// `tickwerk help COMMAND` and `tickwerk COMMAND --help`.
std::string help(const Command& command);

/// The commands of a family (`data`), one a line; empty when there is none.
std::string family(std::string_view word);

/// What a flag's line says after its name: text, range or choices, default.
std::string description(const Flag& flag, std::string_view default_value);

/// A script for bash that completes commands, flags, choices and files.
std::string bash_completion();

/// The manual page tickwerk(1), in roff.
std::string manual_page();

}  // namespace tickwerk::cli
