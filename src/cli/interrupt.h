// Signals: Ctrl-C and SIGTERM end the process with 130 and take unfinished files along; a full disk
// and a reader that left are errors of write(), not signals. A command that has children to end
// (`profile`) puts its own handler in the place of this one; its children keep the default, so that
// their end says which signal it was.
#pragma once

#include <string>

#include "cli/command.h"

namespace tickwerk::cli {

inline constexpr int kExitInterrupted = 130;

/// To be called once, before any thread starts.
void handle_signals(Interruption interruption);

/// Bytes that the first such signal writes to stderr before the process ends, where they can be
/// written at once, in the place of those given before; empty for none. Every text stays until the
/// process ends: some 200 bytes a fold of a training.
void set_last_words(std::string text);

}  // namespace tickwerk::cli
