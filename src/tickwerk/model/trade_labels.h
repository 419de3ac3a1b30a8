// What became of a strategy's own entries: in at the fill, out when the strategy leaves or after
// some bars, after costs. Follows signals by the rules of the backtest (docs/backtest.md) for one
// share of each symbol: orders wait, are replaced, holdings are sold when a name stops. Knows no
// cash and no weights, so nothing is scaled. Short positions are no trades here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tickwerk/backtest/backtest.h"
#include "tickwerk/model/own_rows.h"

namespace tickwerk::model {

struct TradeRules {
  backtest::FillRule fill = backtest::FillRule::kNextOpen;
  std::size_t horizon = 10;  // bars of the symbol after the deciding one; >= 1
  risk::CostRates costs = {};
  int delist_after = 5;  // rows without a bar, while the market has bars
  double delist_haircut = 0;
  std::size_t first_row = 0;  // earlier entries are followed, and neither listed nor counted
};

/// Why a trade ended: the strategy left, its bars were over, the name stopped trading.
enum class TradeEnd : std::uint8_t { kStrategy, kHorizon, kDelisted };

/// Bars are rows of the panel.
struct Trade {
  std::uint32_t bar = 0;  // on whose close the entry was decided
  std::uint32_t symbol = 0;
  std::uint32_t fill_bar = 0;
  std::uint32_t exit_bar = 0;
  std::uint32_t label_end = 0;  // by full reach, not by the exit
  TradeEnd end = TradeEnd::kHorizon;
  double fill_price = 0;  // unslipped
  double exit_price = 0;
  double realized_return = 0;  // cash got for a share over cash paid for it, less 1
};

struct TradeLabels {
  std::vector<Trade> trades;       // sorted by (bar, symbol)
  std::size_t num_entries = 0;     // decided: filled or not, complete or not
  std::size_t num_unfilled = 0;    // replaced by a later decision before there was a price
  std::size_t num_unfinished = 0;  // the data end before the horizon does
};

/// An entry is a decision for long of a symbol that is not held. `kStrategy`: an exit filled no
/// later than the symbol's bar `horizon` bars after the deciding one; otherwise out at the close of
/// that bar. A name without a bar for `delist_after` rows is sold at its last close less the
/// haircut. An entry whose horizon the data do not reach is left out even when its trade had ended.
/// Throws kInvalidArgument for a horizon of 0; kNotFound when kNextOpen finds no opens.
TradeLabels trade_labels(const market::Bars& bars,
                         const OwnRows& rows,
                         const strategy::Signals& signals,
                         const TradeRules& rules);

/// Return after costs of both sides, each `cost` as a fraction of its notional.
constexpr double return_after_costs(double bought_at, double sold_at, double cost) noexcept {
  return sold_at * (1 - cost) / (bought_at * (1 + cost)) - 1;
}

}  // namespace tickwerk::model
