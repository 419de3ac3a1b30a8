#include "cli/data.h"
#include "tickwerk/base/error.h"
#include "tickwerk/market/validate_text.h"

namespace tickwerk::cli {
namespace {

int run(const Invocation& invocation) {
  const std::string& file = invocation.operands[0];
  // The findings are the result here, so strictness waits until they are written.
  const market::LoadedBars loaded = load_operand(invocation, file, market::Strictness::kJudgeOnly);
  const market::ValidationReport& report = loaded.validation;
  invocation.output.result(invocation.output.format() == Format::kJson
                               ? market::validation_json(report, loaded.bars)
                               : market::validation_table(report, loaded.bars));
  if (invocation.settings.on("strict") && !report.findings.empty()) {
    throw Error(Code::kCorruptData,
                fmt::format("bars must pass every rule under --strict, found {} findings in {}",
                            report.findings.size(), file));
  }
  return 0;
}

}  // namespace

Command data_validate_command() {
  return {.name = "data validate",
          .summary = "what is wrong or odd in a file or folder of bars, with row numbers",
          .operands = "FILE|DIR",
          .min_operands = 1,
          .max_operands = 1,
          .details =
              "Lists what each rule found. With --strict any finding ends in exit code 3, after "
              "the list.",
          .groups = {file_flags()},
          .run = run};
}

}  // namespace tickwerk::cli
