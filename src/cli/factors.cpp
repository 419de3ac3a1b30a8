#include "cli/factors.h"

#include <cmath>

namespace tickwerk::cli {
namespace {

std::string_view shape_word(expr::Shape shape) {
  return shape == expr::Shape::kPanel ? "panel" : "daily";
}

}  // namespace

std::vector<Command> factors_commands() {
  std::vector<Command> commands;
  commands.push_back(factors_list_command());
  commands.push_back(factors_show_command());
  commands.push_back(factors_export_command());
  commands.push_back(factors_analyze_command());
  return commands;
}

std::string_view role_word(expr::Role role) {
  return role == expr::Role::kLabel ? "label" : "factor";
}

nlohmann::json entry_json(const factor::CatalogueEntry& entry) {
  nlohmann::json json = {{"set", entry.set},
                         {"name", entry.definition.name},
                         {"role", role_word(entry.definition.role)},
                         {"description", entry.definition.description},
                         {"expression", entry.definition.text},
                         {"shape", shape_word(entry.shape)},
                         {"fields", entry.fields},
                         {"lookback", entry.reach.lookback},
                         {"lookahead", entry.reach.lookahead},
                         {"all_history", entry.reach.all_history},
                         {"depends_on_level", entry.definition.depends_on_level}};
  if (entry.reach.all_history) {
    // JSON knows no infinity: null is a memory that never halves.
    json["half_life"] = std::isfinite(entry.reach.half_life) ? nlohmann::json(entry.reach.half_life)
                                                             : nlohmann::json(nullptr);
  }
  return json;
}

}  // namespace tickwerk::cli
