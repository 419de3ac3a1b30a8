// Which factors and labels the commands on panels work on: --factors, --horizon, and a user's own
// -e, --file, --param. Used by `factors export` and `factors analyze`.
#pragma once

#include <map>
#include <string>

#include "cli/command.h"
#include "tickwerk/factor/selection.h"

namespace tickwerk::cli {

/// --factors, --horizon with its default (empty for none), -e, --file, --param.
FlagGroup panel_flags(std::string_view default_horizon);

struct PanelSelection {
  factor::Selection selection;
  std::map<std::string, double, std::less<>> params;
};

/// Throws kInvalidArgument for a horizon that is no whole number of bars.
PanelSelection read_panel_selection(const Settings& settings);

}  // namespace tickwerk::cli
