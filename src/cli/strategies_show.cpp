#include <nlohmann/json.hpp>

#include "cli/strategies.h"
#include "tickwerk/io/mapped_file.h"

namespace tickwerk::cli {
namespace {

std::string text_of(const std::string& name) {
  if (!is_strategy_file(name)) return std::string(strategy::built_in_text(name));
  return std::string(io::MappedFile(name).bytes());
}

int run(const Invocation& invocation) {
  const std::string& name = invocation.operands[0];
  const strategy::StrategySpec spec = read_strategy(name);
  strategy::make_strategy(spec);  // its checks
  const std::string text = text_of(name);
  if (invocation.output.format() == Format::kText) {
    invocation.output.result(text);
    return 0;
  }
  const nlohmann::json document = {{"name", spec.name},
                                   {"description", spec.description},
                                   {"params", spec.params},
                                   {"derived_params", spec.derived_params},
                                   {"text", text}};
  invocation.output.result(document.dump(2));
  return 0;
}

}  // namespace

Command strategies_show_command() {
  return {.name = "strategies show",
          .summary = "a strategy as it is written",
          .operands = "NAME|FILE",
          .min_operands = 1,
          .max_operands = 1,
          .operand_words = strategy::built_in_names,
          .details =
              "The text of a built-in strategy is a valid strategy file: save it as "
              "mine.yaml, change it, and give it to --strategy. --format json says its "
              "parameters too, those of imported files among them.",
          .run = run};
}

}  // namespace tickwerk::cli
