// `tickwerk daily`: the orders for the next session.
#pragma once

#include "cli/command.h"

namespace tickwerk::cli {

Command daily_command();

}  // namespace tickwerk::cli
