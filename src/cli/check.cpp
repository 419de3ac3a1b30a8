#include "tickwerk/factor/check.h"

#include "cli/expressions.h"
#include "tickwerk/base/error.h"
#include "tickwerk/base/nearest.h"
#include "tickwerk/report/check_text.h"
#include "tickwerk/strategy/factors.h"
#include "tickwerk/strategy/strategy_file.h"

namespace tickwerk::cli {
namespace {

bool is_strategy(const std::string& file) {
  return file.ends_with(".yaml") || file.ends_with(".yml");
}

/// What a strategy decides by: long, short, score, overlay.
Expressions expressions_of_strategy(const Settings& settings, const std::string& file) {
  if (settings.given("expr")) {
    throw Error(Code::kInvalidArgument,
                fmt::format("-e must stand without a strategy file, found {}", file));
  }
  strategy::StrategySpec spec = strategy::load_strategy(file);
  const std::map<std::string, double, std::less<>> params = params_of(settings);
  for (const auto& [name, value] : params) {
    const auto param = spec.params.find(name);
    if (param == spec.params.end()) {
      std::vector<std::string> names;
      for (const auto& entry : spec.params) names.push_back(entry.first);
      throw Error(Code::kInvalidArgument,
                  fmt::format("a parameter must be one of {} ({}), found '{}'{}", spec.name,
                              fmt::join(names, ", "), name, nearest_hint(name, names)));
    }
    param->second = value;
  }
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
  factor::CheckOptions options{
      .leaks = {}, .params = expressions.params, .names = expressions.names};
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
  return {.name = "check",
          .summary = "prove that expressions do not read the future",
          .operands = "[FILE]",
          .max_operands = 1,
          .details =
              "FILE holds expressions, or is a strategy (.yaml). Cuts the data at random bars, "
              "puts another future behind them, evaluates again and "
              "compares the past bit for bit; a difference ends in exit code 1. Of labels it is "
              "proven that they read no further ahead than they say. Columns, events and groups "
              "from outside are listed: whether they knew the future no test can tell.",
          .groups = std::move(groups),
          .run = run};
}

}  // namespace tickwerk::cli
