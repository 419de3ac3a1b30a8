// The limit of the factor benchmark: 13 features of daily bars, their z-scores per day and the
// daily rank correlation of each with the return of the next 20 bars, as one loop written for this
// one set. Every bar of every symbol must be there, of 3 to 512 symbols; windows, factors and
// horizon are fixed. Used by bench/factor_panel only, compiled for the machine.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include "tickwerk/panel/panel.h"

namespace tickwerk::limit {

inline constexpr std::size_t kNumFactors = 13;
inline constexpr std::size_t kHorizon = 20;
inline constexpr std::array<std::string_view, kNumFactors> kFactorNames = {
    "sma_20", "sma_50", "sma_200", "ema_20", "ema_60", "atr_14",       "rsi_14",
    "ret_1",  "ret_5",  "ret_20",  "vol_20", "vol_60", "momentum_12_1"};

struct Prices {
  PanelView high;
  PanelView low;
  PanelView close;
};

/// What the loop writes, allocated once: z-scores [time, symbol] and correlations [time] by factor.
struct FactorPanel {
  FactorPanel(std::size_t num_rows, std::size_t num_symbols);

  std::vector<Panel> z;
  std::vector<std::vector<double>> ic;
};

/// Fills `out`; with more threads each takes a stretch of rows and runs the recursive means over
/// the rows before it on its own.
/// Units: dimensionless. NaN: none allowed in; out during a factor's warm-up, and the correlation
/// of the last 20 rows. Row t of z reads rows [0, t], of ic also row t + 20 of the closes.
/// Sums over windows are running sums, so the last digits differ from sums of the window alone
/// (below 1e-12 of the value). Cost: O(time * symbol * factor), a megabyte of memory a thread.
void factor_panel(const Prices& prices, int num_threads, FactorPanel& out);

}  // namespace tickwerk::limit
