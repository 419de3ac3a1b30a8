#include "tickwerk/report/summary_text.h"

#include <fmt/format.h>

#include "tickwerk/report/figures.h"
#include "tickwerk/report/headline.h"
#include "tickwerk/report/table.h"

namespace tickwerk::report {

std::string summary_text(const BacktestReport& report) {
  const risk::Metrics& metrics = report.metrics;
  const risk::Performance& net = metrics.net;
  const risk::Performance& gross = metrics.gross;
  Table table({{""}, {"net", Align::kRight}, {"gross", Align::kRight}});
  table.add({"total return", percent(net.total_return), percent(gross.total_return)});
  table.add({"CAGR", percent(net.cagr), percent(gross.cagr)});
  table.add({"volatility", percent(net.volatility), percent(gross.volatility)});
  table.add({"Sharpe ratio", with_decimals(net.sharpe, 3), with_decimals(gross.sharpe, 3)});
  table.add({"Sortino ratio", with_decimals(net.sortino, 3), with_decimals(gross.sortino, 3)});
  table.add({"max drawdown, %", with_decimals(net.max_drawdown_pct, 2),
             with_decimals(gross.max_drawdown_pct, 2)});
  table.add({"hit rate", percent(metrics.episodes_net.hit_rate),
             percent(metrics.episodes_gross.hit_rate)});
  table.add({"profit factor", with_decimals(metrics.episodes_net.profit_factor, 3),
             with_decimals(metrics.episodes_gross.profit_factor, 3)});

  std::string text = fmt::format("{}: {}, {} symbols\n", report.title, report.strategy.name,
                                 count(report.bars.num_symbols()));
  text += headline(report) + "\n\n" + table.plain() + "\n";
  text += fmt::format("turnover {} a year, exposure {}, {} fills of {} orders\n",
                      with_decimals(metrics.turnover, 1), percent(metrics.exposure),
                      count(report.result.num_fills), count(report.result.num_orders));
  text += fmt::format("QA gates: {}", to_string(metrics.overall));
  std::string reasons;
  for (const risk::GateResult& result : metrics.gates) {
    if (result.status != metrics.overall || metrics.overall < risk::GateStatus::kWarning) continue;
    reasons += fmt::format("{}{} {}", reasons.empty() ? "" : ", ", result.gate.metric,
                           with_decimals(result.value, 3));
  }
  return text + (reasons.empty() ? "" : " (" + reasons + ")") + "\n";
}

}  // namespace tickwerk::report
