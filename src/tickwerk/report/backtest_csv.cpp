#include "tickwerk/report/backtest_csv.h"

#include <cmath>
#include <string>

#include "tickwerk/io/number.h"
#include "tickwerk/report/csv_writer.h"
#include "tickwerk/risk/returns.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::report {
namespace {

using io::append_number;

void append_side(std::string& text, double qty) { text += qty < 0 ? ",SELL," : ",BUY,"; }

void append_trade(std::string& text,
                  const risk::Fill& fill,
                  const RowLabels& labels,
                  const risk::FillCosts& costs) {
  text += labels.times[static_cast<std::size_t>(fill.bar)];
  text += ',';
  text += labels.symbols[fill.symbol];
  append_side(text, fill.order_qty);
  const std::size_t qty_begin = text.size();
  append_number(text, std::abs(fill.order_qty));
  const std::size_t qty_size = text.size() - qty_begin;
  if (fill.status() == risk::FillStatus::kWaiting) {
    text += ",,0,,";
    text += to_string(fill.status());
    text += ",0,0,0,0\n";
    return;
  }
  text += ',';
  append_number(text, fill.price);
  text += ',';
  if (fill.fill_qty == fill.order_qty) {
    // Most orders are filled whole, and the digits of a double are the dearest part of a row.
    text.append(text, qty_begin, qty_size);
  } else {
    append_number(text, std::abs(fill.fill_qty));
  }
  text += ',';
  append_number(text, costs.fill_price);
  text += ',';
  text += to_string(fill.status());
  text += ',';
  append_number(text, costs.commission);
  text += ',';
  append_number(text, costs.spread);
  text += ',';
  append_number(text, costs.slippage);
  text += ',';
  append_number(text, costs.total());
  text += '\n';
}

}  // namespace

void write_equity_csv(const std::filesystem::path& path,
                      std::span<const risk::EquityRow> rows,
                      Frequency frequency) {
  TW_ZONE("write_equity_csv");
  const std::vector<double> returns =
      risk::simple_returns(risk::equity_values(rows, risk::Basis::kNet));
  write_csv(path, "timestamp,equity,daily_return,cash,gross_exposure,net_exposure\n", rows.size(),
            [&](std::string& text, std::size_t first, std::size_t last) {
              for (std::size_t i = first; i < last; ++i) {
                text += to_string(rows[i].time, frequency);
                text += ',';
                append_number(text, rows[i].equity);
                text += ',';
                if (i > 0) append_number(text, returns[i - 1]);
                text += ',';
                append_number(text, rows[i].cash);
                text += ',';
                append_number(text, rows[i].gross_exposure);
                text += ',';
                append_number(text, rows[i].net_exposure);
                text += '\n';
              }
            });
}

void write_orders_csv(const std::filesystem::path& path,
                      const risk::OrderList& orders,
                      const RowLabels& labels,
                      PanelView close) {
  TW_ZONE("write_orders_csv");
  write_csv(path, "timestamp,symbol,side,qty,price\n", orders.size(),
            [&](std::string& text, std::size_t first, std::size_t last) {
              for (std::size_t i = first; i < last; ++i) {
                const risk::Order& order = orders[i];
                const auto bar = static_cast<std::size_t>(order.bar);
                const auto symbol = static_cast<std::size_t>(order.symbol);
                text += labels.times[bar];
                text += ',';
                text += labels.symbols[symbol];
                append_side(text, order.qty);
                append_number(text, std::abs(order.qty));
                text += ',';
                append_number(text, close(bar, symbol));
                text += '\n';
              }
            });
}

void write_trades_csv(const std::filesystem::path& path,
                      const risk::FillList& fills,
                      const RowLabels& labels,
                      const risk::FillCharges& charges) {
  TW_ZONE("write_trades_csv");
  write_csv(path,
            "timestamp,symbol,side,qty,price,fill_qty,fill_price,status,"
            "commission_cash,spread_cash,slippage_cash,total_cost_cash\n",
            fills.size(), [&](std::string& text, std::size_t first, std::size_t last) {
              for (std::size_t i = first; i < last; ++i) {
                append_trade(text, fills[i], labels, charges.of(fills, i));
              }
            });
}

}  // namespace tickwerk::report
