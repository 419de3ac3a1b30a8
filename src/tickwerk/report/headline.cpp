#include "tickwerk/report/headline.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "tickwerk/report/figures.h"

namespace tickwerk::report {
namespace {

constexpr std::array kBlocks{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};

}  // namespace

std::string headline(const BacktestReport& report) {
  const risk::Metrics& metrics = report.metrics;
  const auto& rows = report.result.equity;
  if (rows.empty()) return "No bar was traded.";
  const std::string first = to_string(rows.front().time, report.bars.frequency);
  const std::string last = to_string(rows.back().time, report.bars.frequency);
  std::string text =
      fmt::format("{} became {} in {} {}", with_decimals(report.config.start_capital, 2),
                  with_decimals(metrics.end_equity, 2), counted(rows.size(), "bar"),
                  rows.size() == 1 ? "on " + first : fmt::format("from {} to {}", first, last));
  text += metrics.net.cagr
              ? fmt::format(":\n{} a year after costs", signed_percent(metrics.net.cagr))
              : fmt::format(":\n{} after costs", signed_percent(metrics.net.total_return));
  if (metrics.net.sharpe) {
    text += fmt::format(", Sharpe ratio {}", with_decimals(metrics.net.sharpe, 2));
  }
  if (metrics.sharpe_confidence.error_mertens) {
    text += fmt::format(" ± {}", with_decimals(metrics.sharpe_confidence.error_mertens, 2));
  }
  text += fmt::format(",\ndeepest fall {}.", percent_points(metrics.net.max_drawdown_pct));
  if (metrics.cost_paid_bps) {
    text += fmt::format(" Costs were {} basis points of equity a year.",
                        with_decimals(metrics.cost_paid_bps, 1));
  }
  return text;
}

std::string sparkline(std::span<const risk::EquityRow> rows, std::size_t width) {
  if (rows.size() < 2 || width == 0) return {};
  const std::size_t num_blocks = std::min(width, rows.size());
  std::vector<double> levels;
  for (std::size_t block = 1; block <= num_blocks; ++block) {
    const double equity = rows[block * rows.size() / num_blocks - 1].equity;
    if (!(equity > 0)) return {};
    levels.push_back(std::log(equity));
  }
  const auto [low, high] = std::minmax_element(levels.begin(), levels.end());
  const double range = *high - *low;
  std::string text;
  for (const double level : levels) {
    const double share = range > 0 ? (level - *low) / range : 0;
    text += kBlocks[static_cast<std::size_t>(std::min(7.0, std::floor(8 * share)))];
  }
  return text;
}

}  // namespace tickwerk::report
