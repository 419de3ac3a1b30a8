// What a run leaves for the next one: the state of its recursive operators, each taken as far back
// as the operators that read it need. A run over later bars goes on from it and gives the bits that
// a run over all bars would. Written and read by `evaluate`; kept by whoever stores factors.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace tickwerk::expr {

/// Rows are counted from the first row of the first run. Symbols are those of the run's columns.
struct State {
  std::size_t num_rows = 0;               // rows the run had seen: what follows is new
  std::size_t first_row = 0;              // first row that the next run must be given
  std::vector<std::int64_t> bars_before;  // of each symbol, before first_row
  std::vector<std::int64_t> num_bars;     // of each symbol, before num_rows
  std::vector<std::uint8_t> stopped;      // 1: without a bar for long when the run ended

  /// State of one recursive expression after all rows before `row`: [variable][symbol], of a daily
  /// one [variable].
  struct Recursion {
    std::size_t row = 0;
    bool is_daily = false;
    std::vector<double> values;
  };
  std::map<std::string, Recursion> recursions;  // by the text of the expression
};

/// The state for other columns: column i is the column `from[i]` of the state, or a symbol without
/// any bar yet where that is negative.
State select_symbols(const State& state, std::span<const std::int64_t> from);

}  // namespace tickwerk::expr
