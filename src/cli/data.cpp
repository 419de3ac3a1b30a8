#include "cli/data.h"

#include <algorithm>

#include "cli/run_flags.h"
#include "tickwerk/base/error.h"
#include "tickwerk/market/write_bars.h"

namespace tickwerk::cli {

std::vector<Command> data_commands() {
  std::vector<Command> commands;
  commands.push_back(data_synth_command());
  commands.push_back(data_info_command());
  commands.push_back(data_validate_command());
  commands.push_back(data_convert_command());
  return commands;
}

FlagGroup file_flags() {
  FlagGroup group = bars_flags();
  std::erase_if(group.flags, [](const Flag& flag) { return flag.key == "prices"; });
  return group;
}

market::LoadedBars load_operand(const Invocation& invocation,
                                const std::string& file,
                                market::Strictness strictness) {
  market::LoadConfig config = run_config(invocation.settings, {}).load;
  config.prices = file;
  config.strictness = strictness;
  market::LoadedBars loaded = market::load(config);
  for (const std::string& note : loaded.notes) invocation.output.note(note);
  return loaded;
}

void check_ending(const std::string& file) {
  if (file.ends_with(".parquet") || file.ends_with(".csv")) return;
  throw Error(Code::kInvalidArgument,
              fmt::format("a file of bars must end in .csv or .parquet, found '{}'", file));
}

void write_bars(const market::Bars& bars, const std::string& file) {
  check_ending(file);
  if (file.ends_with(".csv")) {
    market::write_csv(bars, file);
  } else {
    market::write_parquet(bars, file);
  }
}

}  // namespace tickwerk::cli
