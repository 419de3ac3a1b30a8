// `tickwerk factors list|show|export|analyze`: the catalogue of named factors and labels, panels of
// them.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "cli/command.h"
#include "tickwerk/factor/catalogue.h"

namespace tickwerk::cli {

Command factors_list_command();
Command factors_show_command();
Command factors_export_command();
Command factors_analyze_command();
std::vector<Command> factors_commands();

/// `factor` or `label`.
std::string_view role_word(expr::Role role);

/// What list and show say of a definition under --format json.
nlohmann::json entry_json(const factor::CatalogueEntry& entry);

}  // namespace tickwerk::cli
