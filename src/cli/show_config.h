// `--show-config`: every setting of a command with the value it would run with and where that came
// from.
#pragma once

#include <string>

#include "cli/command.h"

namespace tickwerk::cli {

/// A table for people, or one JSON document `{"key": {"value": ..., "source": ..., "place": ...}}`.
std::string show_config(const Command& command, const Settings& settings, Format format);

}  // namespace tickwerk::cli
