// The limit the engine is held against: the strategy trend_baseline with the default costs as one
// loop over bars, written for this one case. Every bar of every symbol must be there, and the
// number of symbols a multiple of 8; it knows no weights but equal ones, no band, lots, universe or
// delisting, and hands out no orders. Used by bench/backtest_limits only, compiled for the machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "tickwerk/panel/panel.h"
#include "tickwerk/risk/fill.h"

namespace tickwerk::limit {

inline constexpr std::size_t kLanes = 8;
inline constexpr std::size_t kBlockRows = 16;

struct Rules {
  int fast = 20;
  int slow = 60;  // >= fast and >= 2: the bars of warm-up
  double start_capital = 10'000;
  double cost_rate = 1.25 / 1e4;  // of traded notional
  double min_trade = 1e-9;        // share of equity
};

/// State after the fills of one bar, in cash.
struct Row {
  double equity = 0;
  double cash = 0;
  double bought = 0;
  double sold = 0;
};

struct Outcome {
  double final_equity = 0;
  std::uint64_t num_fills = 0;
  std::uint64_t num_partial = 0;
};

/// Memory of a run, handed in so that no run pays for it. rows: one a bar; state:
/// num_state(symbols) doubles on a vector boundary; fills: empty, or room for every symbol on every
/// bar.
struct Memory {
  std::span<Row> rows;
  std::span<double> state;
  std::span<std::uint8_t> above;
  std::span<risk::Fill> fills;
};
constexpr std::size_t num_state(std::size_t num_symbols) noexcept { return 5 * num_symbols; }
constexpr std::size_t num_above(std::size_t num_symbols) noexcept {
  return kBlockRows * num_symbols / kLanes;
}

/// Decides and fills at the close; equity after costs by 8 iterations from the equity before them,
/// fewer once an iteration no longer changes it, which gives the same bits. Fills are counted.
/// NaN: none allowed. Row t reads rows [0, t]. Cost: O(time * symbol), no allocation.
/// Source: docs/backtest.md.
Outcome same_close(PanelView close, const Rules& rules, const Memory& memory) noexcept;

/// Decides at the close, fills at the next open: sells first, then all buys scaled by one factor to
/// the cash there is. Fills are counted, and listed where memory.fills is not empty.
/// NaN, cost and source as same_close. A decision on row t reads rows [0, t]; its orders are priced
/// at the open of row t + 1 in the same pass.
Outcome next_open(PanelView open,
                  PanelView close,
                  const Rules& rules,
                  const Memory& memory) noexcept;

}  // namespace tickwerk::limit
