// The three CSV files of a backtest: equity, orders as decided, trades as filled. Columns and
// units: docs/formats/backtest_outputs.md. Floats are written in the shortest form that reads back
// the same.
#pragma once

#include <filesystem>
#include <span>

#include "tickwerk/base/time.h"
#include "tickwerk/panel/panel.h"
#include "tickwerk/report/row_labels.h"
#include "tickwerk/risk/fill.h"

namespace tickwerk::report {

/// timestamp, equity, daily_return, cash, gross_exposure, net_exposure; the first row has no
/// return.
void write_equity_csv(const std::filesystem::path& path,
                      std::span<const risk::EquityRow> rows,
                      Frequency frequency);

/// timestamp of the decision, symbol, side, qty, price; `close` is [time, symbol] of the same bars.
void write_orders_csv(const std::filesystem::path& path,
                      const risk::OrderList& orders,
                      const RowLabels& labels,
                      PanelView close);

/// One row an order and bar; a waiting order has fill_qty 0, no prices and no costs.
void write_trades_csv(const std::filesystem::path& path,
                      const risk::FillList& fills,
                      const RowLabels& labels,
                      const risk::FillCharges& charges);

}  // namespace tickwerk::report
