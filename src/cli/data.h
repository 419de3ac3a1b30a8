// `tickwerk data synth|info|validate|convert`: market data without a strategy.
#pragma once

#include "cli/command.h"
#include "tickwerk/market/load.h"

namespace tickwerk::cli {

Command data_synth_command();
Command data_info_command();
Command data_validate_command();
Command data_convert_command();
std::vector<Command> data_commands();

/// The flags that choose bars of a FILE operand: bars_flags() without --prices.
FlagGroup file_flags();

/// Loads the bars of `file` as the settings say and says the loader's notes.
market::LoadedBars load_operand(const Invocation& invocation,
                                const std::string& file,
                                market::Strictness strictness);

/// Throws kInvalidArgument unless `file` ends in .csv or .parquet: to be asked before long work.
void check_ending(const std::string& file);

/// Writes bars as CSV or Parquet, by the ending of `file`.
void write_bars(const market::Bars& bars, const std::string& file);

}  // namespace tickwerk::cli
