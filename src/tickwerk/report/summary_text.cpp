#include "tickwerk/report/summary_text.h"

#include <fmt/format.h>

#include "tickwerk/report/figures.h"
#include "tickwerk/report/gate_text.h"
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
  table.add({"max drawdown", percent_points(net.max_drawdown_pct),
             percent_points(gross.max_drawdown_pct)});
  table.add({"hit rate", percent(metrics.episodes_net.hit_rate),
             percent(metrics.episodes_gross.hit_rate)});
  table.add({"profit factor", with_decimals(metrics.episodes_net.profit_factor, 3),
             with_decimals(metrics.episodes_gross.profit_factor, 3)});

  std::string text = fmt::format("{}: {}, {}\n", report.title, report.strategy.name,
                                 counted(report.bars.num_symbols(), "symbol"));
  text += headline(report) + "\n\n" + table.plain() + "\n";
  if (metrics.benchmark) {
    const risk::BenchmarkComparison& against = *metrics.against_benchmark;
    text += fmt::format("benchmark {}: total return {}, alpha a year {}, beta {}, {} compared\n",
                        report.benchmark, percent(metrics.benchmark->total_return),
                        percent(against.alpha), with_decimals(against.beta, 3),
                        counted(against.num_returns, "return"));
  }
  text +=
      fmt::format("turnover a year {}, exposure {}, {} of {}\n", with_decimals(metrics.turnover, 1),
                  percent(metrics.exposure), counted(report.result.num_fills, "fill"),
                  counted(report.result.num_orders, "order"));
  if (report.result.num_margin_calls > 0) {
    text += fmt::format("equity ended {} below the maintenance margin: {} forced\n",
                        counted(report.result.num_margin_calls, "bar"),
                        counted(report.result.num_margin_covers, "cover"));
  }
  return text + fmt::format("QA gates: {}\n", verdict(metrics.gates));
}

}  // namespace tickwerk::report
