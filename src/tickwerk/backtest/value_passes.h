// Passes over the holdings of one bar as values in cash, for EquityRun: vectors of symbols, sums in
// lane order (kernel/lanes.h). Rows are padded to whole vectors; the padding has value 0 and ratio
// NaN. Nothing here allocates or throws. Internal to `backtest`.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tickwerk::backtest {

/// Moves the values to this bar and says what is wanted: the strength of a symbol that takes part
/// (0 when it is to be left), NaN of one that is kept as it is.
struct WantPass {
  std::size_t size;
  const double* ratio;           // to the last close; NaN without a bar
  const std::int8_t* direction;  // strategy::Direction
  const double* strength;        // null: all 1
  double* value;                 // in and out
  double* wanted;                // out
  double all_values = 0;         // sums
  double kept_values = 0;
  double strengths = 0;
};
void want_values(WantPass& pass) noexcept;

/// Moves the values to this bar, on which nothing is decided. Returns their sum.
double move_values(std::size_t size, const double* ratio, double* value) noexcept;

/// Leaves out what is no order (wanted becomes NaN). What is traded follows from the targets as
/// unit * of_unit + cap * of_cap - of_held, as long as no order changes its side.
struct SelectPass {
  std::size_t size;
  double unit;   // target = min(wanted * unit, cap)
  double cap;    // infinite where no target can reach it
  double least;  // smallest difference that is an order
  double band;   // the same where something is held and wanted
  const double* value;
  double* wanted;      // in and out
  double of_unit = 0;  // sums
  double of_cap = 0;
  double of_held = 0;
  double num_orders = 0;
};
void select_values(SelectPass& pass) noexcept;

/// The values after the orders of select_values.
struct TradePass {
  std::size_t size;
  double unit;
  double cap;
  const double* value;
  const double* wanted;
  double* traded_value;  // out
  double bought = 0;     // sums
  double sold = 0;
};
void trade_values(TradePass& pass) noexcept;

}  // namespace tickwerk::backtest
