#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/data.h"
#include "tickwerk/market/names.h"

namespace tickwerk::cli {
namespace {

/// Those of a bar first, in their usual order.
std::vector<std::string> field_names(const market::Bars& bars) {
  std::vector<std::string> names;
  for (const std::string_view name : {"open", "high", "low", "close", "volume"}) {
    if (bars.has(name)) names.emplace_back(name);
  }
  for (const auto& entry : bars.fields) {
    if (std::ranges::find(names, entry.first) == names.end()) names.push_back(entry.first);
  }
  return names;
}

nlohmann::json facts(const market::LoadedBars& loaded) {
  const market::Bars& bars = loaded.bars;
  return {{"adjustment", to_string(bars.adjustment)},
          {"bars", loaded.validation.num_bars},
          {"fields", field_names(bars)},
          {"fingerprint", loaded.fingerprint},
          {"first", to_string(bars.times.front(), bars.frequency)},
          {"frequency", suffix(bars.frequency)},
          {"last", to_string(bars.times.back(), bars.frequency)},
          {"masked_bars", loaded.validation.num_masked},
          {"validation_findings", loaded.validation.findings.size()},
          {"notes", loaded.notes},
          {"num_symbols", bars.num_symbols()},
          {"sessions", bars.num_rows()},
          {"symbols", bars.symbols}};
}

std::string some(const std::vector<std::string>& symbols) {
  constexpr std::size_t kShown = 8;
  std::string text;
  for (std::size_t i = 0; i < symbols.size() && i < kShown; ++i) {
    text += (i == 0 ? "" : ", ") + symbols[i];
  }
  return symbols.size() > kShown ? text + ", ..." : text;
}

std::string table(const std::string& file, const market::LoadedBars& loaded) {
  const market::Bars& bars = loaded.bars;
  return fmt::format(
      "file         {}\n"
      "bars         {} ({} masked)\n"
      "symbols      {}: {}\n"
      "{:<12} {}, {} to {}\n"
      "fields       {}\n"
      "frequency    {}, prices {}\n"
      "validation   {} findings{}\n"
      "fingerprint  {}\n",
      file, loaded.validation.num_bars, loaded.validation.num_masked, bars.num_symbols(),
      some(bars.symbols), bars.frequency == Frequency::kDaily ? "sessions" : "times",
      bars.num_rows(), to_string(bars.times.front(), bars.frequency),
      to_string(bars.times.back(), bars.frequency), fmt::join(field_names(bars), ", "),
      suffix(bars.frequency),
      bars.adjustment == market::Adjustment::kUnknown ? "adjusted or raw: the input does not say"
                                                      : to_string(bars.adjustment),
      loaded.validation.findings.size(),
      loaded.validation.findings.empty() ? "" : " (tickwerk data validate lists them)",
      loaded.fingerprint);
}

int run(const Invocation& invocation) {
  const std::string& file = invocation.operands[0];
  const market::Strictness strictness =
      invocation.settings.on("strict") ? market::Strictness::kStrict : market::Strictness::kReport;
  const market::LoadedBars loaded = load_operand(invocation, file, strictness);
  if (invocation.output.format() == Format::kJson) {
    nlohmann::json document = facts(loaded);
    document["file"] = file;
    invocation.output.result(document.dump(2));
  } else {
    invocation.output.result(table(file, loaded));
  }
  return 0;
}

}  // namespace

Command data_info_command() {
  return {.name = "data info",
          .summary = "what a file or folder of bars holds",
          .operands = "FILE|DIR",
          .min_operands = 1,
          .max_operands = 1,
          .groups = {file_flags()},
          .run = run};
}

}  // namespace tickwerk::cli
