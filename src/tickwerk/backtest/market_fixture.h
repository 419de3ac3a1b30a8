// Small markets written row by row, for the tests of the backtest.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "tickwerk/backtest/backtest.h"

namespace tickwerk::backtest {

using Rows = std::vector<std::vector<double>>;

inline Panel panel_of(const Rows& rows) {
  Panel panel(rows.size(), rows.front().size(), kNaN);
  for (std::size_t t = 0; t < rows.size(); ++t) {
    std::copy(rows[t].begin(), rows[t].end(), panel.row(t));
  }
  return panel;
}

/// Bars on consecutive days whose open and close are as given.
inline market::Bars bars_of(const Rows& open, const Rows& close) {
  market::Bars bars;
  for (std::size_t t = 0; t < close.size(); ++t) {
    bars.times.push_back(midnight(Date{make_date(2024, 1, 1).days + static_cast<int>(t)}));
  }
  for (std::size_t i = 0; i < close.front().size(); ++i) {
    bars.symbols.push_back(fmt::format("S{}", i));
  }
  bars.fields.emplace("open", panel_of(open));
  bars.fields.emplace("close", panel_of(close));
  return bars;
}

/// Signals that decide on every row; one digit a symbol: 1 long, 0 flat, 2 keep.
inline strategy::Signals signals_of(const std::vector<std::string>& rows) {
  strategy::Signals signals;
  signals.direction = strategy::DirectionPanel(rows.size(), rows.front().size(), strategy::kKeep);
  signals.decides.assign(rows.size(), 1);
  for (std::size_t t = 0; t < rows.size(); ++t) {
    for (std::size_t i = 0; i < rows[t].size(); ++i) {
      signals.direction(t, i) = static_cast<std::int8_t>(rows[t][i] - '0');
    }
  }
  return signals;
}

inline constexpr risk::CostRates kNoCosts{Bps{0}, Bps{0}, Bps{0}};

/// Largest distance, as a share of equity, between the equity rows and what cash and holdings
/// rebuilt from the listed fills and the closes say.
inline double largest_accounting_error(const market::Bars& bars,
                                       const BacktestConfig& config,
                                       const BacktestResult& result,
                                       std::size_t first_row = 0) {
  double cash = config.start_capital, largest = 0;
  std::vector<double> shares(bars.num_symbols(), 0.0), last(bars.num_symbols(), 0.0);
  auto fill = result.fills.begin();
  for (std::size_t t = first_row; t < bars.num_rows(); ++t) {
    for (; fill != result.fills.end() && fill->bar == static_cast<int>(t); ++fill) {
      if (fill->fill_qty == 0) continue;
      const risk::FillCosts costs = risk::costs_of(*fill, config.costs);
      cash -= fill->fill_qty * costs.fill_price + costs.commission;
      shares[fill->symbol] += fill->fill_qty;
    }
    double equity = cash;
    for (std::size_t i = 0; i < shares.size(); ++i) {
      const double close = bars.close()(t, i);
      if (close == close) last[i] = close;
      equity += shares[i] * last[i];
    }
    const risk::EquityRow& row = result.equity[t - first_row];
    largest = std::max(largest, std::abs(equity - row.equity) / row.equity);
    largest = std::max(largest, std::abs(cash - row.cash) / row.equity);
  }
  return largest;
}

}  // namespace tickwerk::backtest
