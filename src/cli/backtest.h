// `tickwerk backtest`: a strategy over history, from prices to all its files.
#pragma once

#include "cli/command.h"

namespace tickwerk::cli {

Command backtest_command();

}  // namespace tickwerk::cli
