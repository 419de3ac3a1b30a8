#include <nlohmann/json.hpp>

#include "cli/strategies.h"
#include "tickwerk/report/table.h"

namespace tickwerk::cli {
namespace {

int run(const Invocation& invocation) {
  report::Table table({{"name"}, {"parameters"}, {"description"}});
  nlohmann::json rows = nlohmann::json::array();
  for (const std::string& name : strategy::built_in_names()) {
    const strategy::StrategySpec spec = strategy::built_in_spec(name);
    table.add({name, params_text(spec), spec.description});
    rows.push_back({{"name", name}, {"params", spec.params}, {"description", spec.description}});
  }
  const bool json = invocation.output.format() == Format::kJson;
  invocation.output.result(json ? rows.dump(2) : table.plain());
  return 0;
}

}  // namespace

Command strategies_list_command() {
  return {.name = "strategies list",
          .summary = "the strategies that come with the program",
          .details =
              "One line a strategy: name, parameters with their values, and what it does. "
              "Your own is a file, see `tickwerk strategies show`.",
          .run = run};
}

}  // namespace tickwerk::cli
