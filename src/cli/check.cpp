#include "tickwerk/factor/check.h"

#include "cli/expressions.h"
#include "tickwerk/base/error.h"
#include "tickwerk/report/check_text.h"

namespace tickwerk::cli {
namespace {

int run(const Invocation& invocation) {
  const Settings& settings = invocation.settings;
  const std::string operand = invocation.operands.empty() ? "" : invocation.operands[0];
  const std::string file = settings.text("file");
  if (!operand.empty() && !file.empty()) {
    throw Error(
        Code::kInvalidArgument,
        fmt::format("a file of expressions must be given once, found {} and {}", operand, file));
  }
  const Expressions expressions = read_expressions(settings, operand.empty() ? file : operand);
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
              "Cuts the data at random bars, puts another future behind them, evaluates again and "
              "compares the past bit for bit; a difference ends in exit code 1. Of labels it is "
              "proven that they read no further ahead than they say. Columns, events and groups "
              "from outside are listed: whether they knew the future no test can tell.",
          .groups = std::move(groups),
          .run = run};
}

}  // namespace tickwerk::cli
