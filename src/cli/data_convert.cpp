#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/data.h"
#include "tickwerk/base/error.h"

namespace tickwerk::cli {
namespace {

/// The rows from `first_row` on.
market::Bars rows_from(const market::Bars& bars, std::size_t first_row) {
  market::Bars cut;
  cut.frequency = bars.frequency;
  cut.adjustment = bars.adjustment;
  cut.times.assign(bars.times.begin() + static_cast<std::ptrdiff_t>(first_row), bars.times.end());
  cut.symbols = bars.symbols;
  for (const auto& [name, panel] : bars.fields) {
    Panel rows(cut.num_rows(), cut.num_symbols());
    for (std::size_t row = 0; row < cut.num_rows(); ++row) {
      std::copy_n(panel.row(first_row + row), cut.num_symbols(), rows.row(row));
    }
    cut.fields.emplace(name, std::move(rows));
  }
  return cut;
}

/// Converting a file onto itself would lose the bars that validation masks.
void require_two_files(const std::string& in, const std::string& out) {
  std::error_code ignored;  // one of them is not there: then they are not the same
  if (std::filesystem::equivalent(in, out, ignored)) {
    throw Error(Code::kInvalidArgument,
                fmt::format("OUT must be another file than IN, found {} for both", out));
  }
}

int run(const Invocation& invocation) {
  const std::string& in = invocation.operands[0];
  const std::string& out = invocation.operands[1];
  check_ending(out);
  require_two_files(in, out);
  const market::Strictness strictness =
      invocation.settings.on("strict") ? market::Strictness::kStrict : market::Strictness::kReport;
  market::LoadedBars loaded = load_operand(invocation, in, strictness);
  if (loaded.first_row >= loaded.bars.num_rows()) {
    throw Error(Code::kInvalidArgument,
                fmt::format("--from must leave a bar to write, found none in {}", in));
  }
  if (loaded.first_row > 0) loaded.bars = rows_from(loaded.bars, loaded.first_row);
  write_bars(loaded.bars, out);
  const std::string fingerprint = market::fingerprint(loaded.bars);
  if (invocation.output.format() == Format::kJson) {
    invocation.output.result(nlohmann::json({{"file", out},
                                             {"fingerprint", fingerprint},
                                             {"sessions", loaded.bars.num_rows()},
                                             {"symbols", loaded.bars.num_symbols()}})
                                 .dump(2));
  } else {
    invocation.output.result(fmt::format("{}: {} symbols x {} sessions, {}", out,
                                         loaded.bars.num_symbols(), loaded.bars.num_rows(),
                                         fingerprint));
  }
  return 0;
}

}  // namespace

Command data_convert_command() {
  return {.name = "data convert",
          .summary = "bars from one format to another, by the ending: .csv, .parquet",
          .operands = "IN OUT",
          .min_operands = 2,
          .max_operands = 2,
          .details =
              "Bars that validation masks are not written, and that is said. OUT must be "
              "another file than IN.",
          .groups = {file_flags()},
          .run = run};
}

}  // namespace tickwerk::cli
