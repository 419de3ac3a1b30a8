#include "tickwerk/factor/check.h"

#include <algorithm>
#include <filesystem>

#include "cli/expressions.h"
#include "cli/strategies.h"
#include "tickwerk/base/error.h"
#include "tickwerk/report/check_text.h"
#include "tickwerk/strategy/factors.h"

namespace tickwerk::cli {
namespace {

/// A strategy file, or the name of a built-in strategy that no file has.
bool is_strategy(const std::string& given) {
  if (given.ends_with(".yaml") || given.ends_with(".yml")) return true;
  const std::vector<std::string> names = strategy::built_in_names();
  return std::ranges::find(names, given) != names.end() && !std::filesystem::exists(given);
}

/// What a strategy decides by: long, short, score, overlay.
Expressions expressions_of_strategy(const Settings& settings, const std::string& file) {
  if (settings.given("expr")) {
    throw Error(Code::kInvalidArgument,
                fmt::format("-e must stand without a strategy, found {}", file));
  }
  strategy::StrategySpec spec = read_strategy(file);
  for (const auto& [name, value] : params_of(settings)) strategy::set_param(spec, name, value);
  strategy::Expressions found = strategy::expressions(strategy::make_strategy(std::move(spec)));
  return {.module = std::move(found.module),
          .names = std::move(found.names),
          .params = std::move(found.params)};
}

int run(const Invocation& invocation) {
  const Settings& settings = invocation.settings;
  const std::string operand = invocation.operands.empty() ? "" : invocation.operands[0];
  const std::string file = settings.text("file");
  if (!operand.empty() && !file.empty()) {
    throw Error(
        Code::kInvalidArgument,
        fmt::format("a file of expressions must be given once, found {} and {}", operand, file));
  }
  const std::string& given = operand.empty() ? file : operand;
  const Expressions expressions = is_strategy(given) ? expressions_of_strategy(settings, given)
                                                     : read_expressions(settings, given);
  const ExpressionData data = load_data(invocation);
  factor::CheckOptions options;
  options.params = expressions.params;
  options.names = expressions.names;
  options.leaks.num_cuts = static_cast<std::size_t>(settings.whole("cuts"));
  options.leaks.seed = static_cast<std::uint64_t>(settings.whole("seed"));
  const factor::CheckResult result = factor::check(data.sources(), expressions.module, options);
  say_warnings(invocation, result.warnings);
  invocation.output.result(invocation.output.format() == Format::kJson
                               ? report::check_json(result, data.loaded.bars)
                               : report::check_text(result, data.loaded.bars));
  return result.has_leak() ? 1 : 0;
}

}  // namespace

Command check_command() {
  std::vector<FlagGroup> groups = expression_groups();
  groups[0].flags.push_back({.key = "cuts",
                             .kind = Kind::kWhole,
                             .placeholder = "N",
                             .text = "bars at which the data are cut, the first and the last among "
                                     "them",
                             .range = {.low = 1, .high = 10'000},
                             .default_value = "16"});
  return {
      .name = "check",
      .summary = "prove that expressions do not read the future",
      .operands = "[FILE|STRATEGY]",
      .max_operands = 1,
      .details =
          "FILE holds expressions, or is a strategy (.yaml), which may also be a built-in one by "
          "its name. Cuts the data at random bars, "
          "puts another future behind them, evaluates again and "
          "compares the past bit for bit; a difference ends in exit code 1. Of labels it is "
          "proven that they read no further ahead than they say. A column that repeats a later "
          "bar is found, and who reads it too early leaks. Whether other columns, events and "
          "groups from outside knew the future no test can tell: they are listed.",
      .groups = std::move(groups),
      .run = run};
}

}  // namespace tickwerk::cli
