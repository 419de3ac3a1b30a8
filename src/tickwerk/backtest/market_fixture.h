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

/// Signals that decide on every row; one letter a symbol: 1 long, 0 flat, 2 keep, - short.
inline strategy::Signals signals_of(const std::vector<std::string>& rows) {
  strategy::Signals signals;
  signals.direction = strategy::DirectionPanel(rows.size(), rows.front().size(), strategy::kKeep);
  signals.decides.assign(rows.size(), 1);
  for (std::size_t t = 0; t < rows.size(); ++t) {
    for (std::size_t i = 0; i < rows[t].size(); ++i) {
      const char wanted = rows[t][i];
      const int number = wanted == '-' ? int{strategy::kShort} : wanted - '0';
      signals.direction(t, i) = static_cast<std::int8_t>(number);
    }
  }
  return signals;
}

enum class Below { kFlat, kShort };

/// Signals of a trend: long where the close is above that of `lookback` rows before, flat or short
/// where it is not, kept where one of the two is missing. Decides every `every` rows.
inline strategy::Signals trend_signals(const market::Bars& bars,
                                       std::size_t lookback,
                                       Below below = Below::kFlat,
                                       std::size_t every = 1) {
  const Panel& close = bars.close();
  strategy::Signals signals;
  signals.direction =
      strategy::DirectionPanel(bars.num_rows(), bars.num_symbols(), strategy::kKeep);
  signals.decides.assign(bars.num_rows(), 0);
  for (std::size_t t = lookback; t < bars.num_rows(); ++t) {
    signals.decides[t] = t % every == 0;
    for (std::size_t i = 0; i < bars.num_symbols(); ++i) {
      const double change = close(t, i) / close(t - lookback, i) - 1;
      const auto otherwise = below == Below::kShort ? strategy::kShort : strategy::kFlat;
      if (change == change) signals.direction(t, i) = change > 0 ? strategy::kLong : otherwise;
    }
  }
  return signals;
}

/// Strengths that differ by symbol and row.
inline Panel uneven_strengths(const market::Bars& bars) {
  Panel strength(bars.num_rows(), bars.num_symbols());
  for (std::size_t t = 0; t < bars.num_rows(); ++t) {
    for (std::size_t i = 0; i < bars.num_symbols(); ++i) {
      strength(t, i) = 0.25 + static_cast<double>((t * 7 + i * 13) % 11);
    }
  }
  return strength;
}

inline constexpr risk::CostRates kNoCosts{Bps{0}, Bps{0}, Bps{0}};

/// A strategy whose longs and shorts share these parts of equity.
inline strategy::StrategySpec sides_of(double longs, double shorts) {
  strategy::StrategySpec spec;
  spec.gross = longs + shorts;
  spec.net = longs - shorts;
  spec.short_selling = strategy::ShortSelling::kAllow;
  return spec;
}

/// Largest distance, as a share of equity, between the equity rows and what cash and holdings
/// rebuilt from the listed fills, the closes and the rates of interest and borrowing say.
inline double largest_accounting_error(const market::Bars& bars,
                                       const BacktestConfig& config,
                                       const BacktestResult& result,
                                       std::size_t first_row = 0) {
  double cash = config.start_capital, largest = 0;
  std::vector<double> shares(bars.num_symbols(), 0.0), last(bars.num_symbols(), 0.0);
  const risk::FillCharges charges{config.costs, result.impacts};
  const double periods = periods_per_year(bars.frequency);
  std::size_t fill = 0;
  for (std::size_t t = first_row; t < bars.num_rows(); ++t) {
    const auto differs = [&](double found, double wanted, double equity) {
      largest = std::max(largest, std::abs(found - wanted) / equity);
    };
    const risk::EquityRow& row = result.equity[t - first_row];
    double shorts = 0;
    for (std::size_t i = 0; i < shares.size(); ++i) {
      shorts += shares[i] < 0 ? -shares[i] * last[i] : 0;
    }
    const double interest = t > first_row ? cash * config.cash_rate / periods : 0;
    const double borrow_fee = shorts * config.shorts.borrow_fee / periods;
    cash += interest - borrow_fee;
    double costs_paid = 0;
    for (; fill < result.fills.size(); ++fill) {
      const risk::Fill& filled = result.fills[fill];
      if (filled.bar != static_cast<int>(t)) break;
      if (filled.fill_qty == 0) continue;
      const risk::FillCosts costs = charges.of(result.fills, fill);
      cash -= filled.fill_qty * costs.fill_price + costs.commission;
      shares[filled.symbol] += filled.fill_qty;
      costs_paid += costs.total();
    }
    double longs = 0;
    shorts = 0;
    for (std::size_t i = 0; i < shares.size(); ++i) {
      const double close = bars.close()(t, i);
      if (close == close) last[i] = close;
      (shares[i] < 0 ? shorts : longs) += std::abs(shares[i]) * last[i];
    }
    differs(cash + longs - shorts, row.equity, row.equity);
    differs(cash, row.cash, row.equity);
    differs(costs_paid, row.cost, row.equity);
    differs(interest, row.interest, row.equity);
    differs(borrow_fee, row.borrow_fee, row.equity);
    differs(row.gross_exposure, (longs + shorts) / row.equity, 1);
    differs(row.net_exposure, (longs - shorts) / row.equity, 1);
  }
  return largest;
}

}  // namespace tickwerk::backtest
