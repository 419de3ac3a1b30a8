// Which factors and labels the commands on panels work on: --factors, --horizon, and a user's own
// -e, --file, --param. Used by `factors export` and `factors analyze`.
#pragma once

#include <map>
#include <string>

#include "cli/command.h"
#include "tickwerk/factor/selection.h"

namespace tickwerk::cli {

enum class Horizons { kOne, kSeveral };

/// --factors, --horizon (of 20 bars unless given), -e, --file, --param.
FlagGroup panel_flags(Horizons horizons);

struct PanelSelection {
  factor::Selection selection;
  std::map<std::string, double, std::less<>> params;
};

/// Of a list such as `1,5,20`. Throws kInvalidArgument for what is no whole number from 1 on.
std::vector<int> horizons_of(const Settings& settings, std::string_view key);

/// Throws as horizons_of.
PanelSelection read_panel_selection(const Settings& settings);

}  // namespace tickwerk::cli
