#include "tickwerk/report/performance_report.h"

#include <fmt/format.h>

#include <array>

#include "tickwerk/report/figures.h"
#include "tickwerk/report/gate_text.h"
#include "tickwerk/report/headline.h"
#include "tickwerk/report/table.h"

namespace tickwerk::report {
namespace {

constexpr std::size_t kSparklineWidth = 72;
constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                             "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr const char* kNone = "-";

std::string day(const BacktestReport& report, std::size_t row) {
  return to_string(report.result.equity[row].time, report.bars.frequency);
}

bool allows_shorts(const BacktestReport& report) {
  return report.strategy.short_selling == strategy::ShortSelling::kAllow;
}

std::string metrics_section(const BacktestReport& report) {
  const risk::Metrics& metrics = report.metrics;
  const risk::Performance& net = metrics.net;
  const risk::Performance& gross = metrics.gross;
  const risk::EpisodeStatistics& won = metrics.episodes_net;
  const risk::EpisodeStatistics& won_gross = metrics.episodes_gross;
  Table table({{"metric"}, {"net of costs", Align::kRight}, {"gross", Align::kRight}});
  const auto fractions = [&](const char* name, auto member) {
    table.add({name, percent(net.*member), percent(gross.*member)});
  };
  const auto ratios = [&](const char* name, auto member, int decimals) {
    table.add({name, with_decimals(net.*member, decimals), with_decimals(gross.*member, decimals)});
  };
  using risk::Performance;
  ratios("final equity / start capital", &Performance::final_pf, 4);
  fractions("total return", &Performance::total_return);
  fractions("CAGR", &Performance::cagr);
  fractions("volatility a year", &Performance::volatility);
  ratios("Sharpe ratio", &Performance::sharpe, 3);
  ratios("Sortino ratio", &Performance::sortino, 3);
  table.add({"max drawdown", percent_points(net.max_drawdown_pct),
             percent_points(gross.max_drawdown_pct)});
  ratios("Calmar ratio", &Performance::calmar, 3);
  fractions("value at risk 95 %, one bar", &Performance::var_95);
  fractions("expected shortfall 95 %, one bar", &Performance::es_95);
  ratios("skewness", &Performance::skew, 3);
  ratios("excess kurtosis", &Performance::excess_kurtosis, 3);
  table.add({"hit rate of episodes", percent(won.hit_rate), percent(won_gross.hit_rate)});
  table.add({"profit factor", with_decimals(won.profit_factor, 3),
             with_decimals(won_gross.profit_factor, 3)});
  table.add(
      {"average win, cash", with_decimals(won.avg_win, 2), with_decimals(won_gross.avg_win, 2)});
  table.add(
      {"average loss, cash", with_decimals(won.avg_loss, 2), with_decimals(won_gross.avg_loss, 2)});

  Table once({{"metric"}, {"value", Align::kRight}});
  once.add({"turnover a year", with_decimals(metrics.turnover, 2)});
  once.add({"mean gross exposure", percent(metrics.exposure)});
  if (allows_shorts(report)) {
    once.add({"mean net exposure, longs less shorts", percent(metrics.net_exposure)});
    once.add({"fees for borrowed shares, cash", with_decimals(metrics.borrow_fee, 2)});
  }
  if (report.config.cash_rate != 0) {
    once.add({"interest on cash, cash", with_decimals(metrics.interest, 2)});
  }
  once.add({"mean holding period, bars", with_decimals(won.holding_period_bars, 1)});
  once.add({"costs paid, cash", with_decimals(metrics.total_cost, 2)});
  once.add({"costs a year, basis points of equity", with_decimals(metrics.cost_paid_bps, 1)});
  once.add({"CAGR gross less net, basis points", with_decimals(metrics.cost_drag_bps, 1)});
  return fmt::format("## Metrics\n\n{}\n{}", table.markdown(), once.markdown());
}

std::string confidence_section(const risk::Metrics& metrics) {
  const risk::SharpeConfidence& confidence = metrics.sharpe_confidence;
  Table table({{"how sure the Sharpe ratio is"}, {"value", Align::kRight}});
  table.add({"standard error, normal returns (Lo 2002)", with_decimals(confidence.error_lo, 3)});
  table.add(
      {"standard error, any returns (Mertens 2002)", with_decimals(confidence.error_mertens, 3)});
  table.add(
      {"probability that the true ratio is above 0", percent(confidence.probabilistic_sharpe)});
  table.add(
      {"returns needed for 95 % of that", with_decimals(confidence.min_track_record_length, 0)});
  table.add({fmt::format("the same, trials counted: {} (deflated)", confidence.num_trials),
             percent(confidence.deflated_sharpe)});
  return table.markdown();
}

std::string gates_section(const risk::Metrics& metrics) {
  Table table({{"gate"},
               {"value", Align::kRight},
               {"ok", Align::kRight},
               {"warning", Align::kRight},
               {"status"}});
  for (const risk::GateResult& result : metrics.gates) {
    const char* sign = result.gate.good == risk::GoodSide::kAtLeast ? ">=" : "<=";
    table.add({gate_label(result.gate), gate_figure(result.gate, result.value),
               fmt::format("{} {}", sign, gate_figure(result.gate, result.gate.ok)),
               fmt::format("{} {}", sign, gate_figure(result.gate, result.gate.warning)),
               std::string(to_string(result.status))});
  }
  return fmt::format("## QA gates: {}\n\n{}", verdict(metrics.gates), table.markdown());
}

std::string benchmark_section(const BacktestReport& report) {
  const risk::BenchmarkComparison& values = *report.metrics.against_benchmark;
  const risk::Performance& own = report.metrics.net;
  const risk::Performance& other = *report.metrics.benchmark;
  Table table({{"metric"}, {"strategy, net", Align::kRight}, {"benchmark", Align::kRight}});
  table.add({"total return", percent(own.total_return), percent(other.total_return)});
  table.add({"CAGR", percent(own.cagr), percent(other.cagr)});
  table.add({"volatility a year", percent(own.volatility), percent(other.volatility)});
  table.add({"Sharpe ratio", with_decimals(own.sharpe, 3), with_decimals(other.sharpe, 3)});
  table.add({"max drawdown", percent_points(own.max_drawdown_pct),
             percent_points(other.max_drawdown_pct)});

  Table against({{"against it"}, {"value", Align::kRight}});
  against.add({"alpha a year", signed_percent(values.alpha)});
  against.add({"beta", with_decimals(values.beta, 3)});
  against.add({"correlation", with_decimals(values.correlation, 3)});
  against.add({"tracking error a year", percent(values.tracking_error)});
  against.add({"information ratio", with_decimals(values.information_ratio, 3)});
  const std::size_t num_rows = report.result.equity.size();
  against.add({"returns compared", fmt::format("{} of {}", count(values.num_returns),
                                               count(num_rows > 0 ? num_rows - 1 : 0))});
  return fmt::format("## Benchmark: {}\n\n{}\n{}", markdown_cell(report.benchmark),
                     table.markdown(), against.markdown());
}

std::string drawdowns_section(const BacktestReport& report) {
  const auto& worst = report.metrics.worst_drawdowns;
  if (worst.empty()) return "## Worst drawdowns\n\nEquity never fell below an earlier value.\n";
  Table table({{"depth", Align::kRight},
               {"peak"},
               {"trough"},
               {"recovered"},
               {"bars down", Align::kRight},
               {"bars back", Align::kRight}});
  for (const risk::Drawdown& drawdown : worst) {
    const std::size_t begin = drawdown.peak.value_or(0);
    table.add({percent_points(drawdown.depth_pct),
               drawdown.peak ? day(report, *drawdown.peak) : "start", day(report, drawdown.trough),
               drawdown.recovery ? day(report, *drawdown.recovery) : "not by the end",
               count(drawdown.trough - begin),
               drawdown.recovery ? count(*drawdown.recovery - drawdown.trough) : kNone});
  }
  return fmt::format("## Worst drawdowns\n\n{}", table.markdown());
}

std::string years_section(const risk::Metrics& metrics) {
  Table table({{"year"},
               {"net", Align::kRight},
               {"gross", Align::kRight},
               {"volatility", Align::kRight},
               {"Sharpe", Align::kRight},
               {"max drawdown", Align::kRight},
               {"costs", Align::kRight},
               {"bars", Align::kRight}});
  for (const risk::CalendarRow& row : metrics.by_year) {
    table.add({fmt::format("{}", row.year), signed_percent(row.net_return),
               signed_percent(row.gross_return), row.volatility ? percent(row.volatility) : kNone,
               row.sharpe ? with_decimals(row.sharpe, 2) : kNone,
               percent_points(row.max_drawdown_pct), with_decimals(row.cost, 2),
               count(row.num_bars)});
  }
  return fmt::format("## By year\n\n{}", table.markdown());
}

std::string months_section(const risk::Metrics& metrics) {
  std::vector<Column> columns{{"net, %"}};
  for (const char* month : kMonths) columns.push_back({month, Align::kRight});
  columns.push_back({"year", Align::kRight});
  Table table(std::move(columns));
  for (const risk::CalendarRow& year : metrics.by_year) {
    std::vector<std::string> row(kMonths.size() + 2, "");
    row.front() = fmt::format("{}", year.year);
    row.back() = with_decimals(100 * year.net_return, 1);
    for (const risk::CalendarRow& month : metrics.by_month) {
      if (month.year != year.year) continue;
      row[static_cast<std::size_t>(month.month)] = with_decimals(100 * month.net_return, 1);
    }
    table.add(std::move(row));
  }
  return fmt::format("## By month\n\n{}", table.markdown());
}

std::string first_fill(const BacktestReport& report) {
  for (const risk::EquityRow& row : report.result.equity) {
    if (row.bought + row.sold > 0) return to_string(row.time, report.bars.frequency);
  }
  return "none";
}

std::string trading_section(const BacktestReport& report) {
  const backtest::BacktestResult& result = report.result;
  Table table({{"orders and fills"}, {"value", Align::kRight}});
  table.add({"first bar with a fill", first_fill(report)});
  table.add({"orders", count(result.num_orders)});
  table.add({"fills", count(result.num_fills)});
  const bool caps_volume = report.config.participation_cap > 0;
  table.add(
      {fmt::format("{} cut for want of cash{}{}",
                   allows_shorts(report) || caps_volume ? "orders" : "buys",
                   allows_shorts(report) ? ", of margin" : "", caps_volume ? ", of volume" : ""),
       count(result.num_partial)});
  if (caps_volume) {
    table.add({"of these cut by participation_cap", count(result.num_participation_capped)});
  }
  if (report.config.cost_model == backtest::CostModel::kSqrt) {
    table.add({fmt::format("fills whose impact was the cap of {} basis points",
                           report.config.impact_cap.value),
               count(result.num_impact_capped)});
  }
  table.add({"times an order waited for a bar", count(result.num_waiting)});
  table.add({"exits of delisted symbols", count(result.num_delisted)});
  const auto& episodes = report.metrics.episodes_net;
  if (episodes.num_episodes) {
    table.add({"episodes, flat to flat", count(*episodes.num_episodes)});
    table.add({"of these open, closed for counting at the last close", count(*episodes.num_open)});
    if (allows_shorts(report)) table.add({"of these short", count(*episodes.num_short)});
  }
  if (allows_shorts(report)) {
    table.add({"bars that ended below the maintenance margin", count(result.num_margin_calls)});
    table.add({"covers that these forced", count(result.num_margin_covers)});
  }
  std::string text = fmt::format("## Trading\n\n{}", table.markdown());
  if (report.haircut_rerun) {
    const risk::Performance& own = report.metrics.net;
    const risk::Performance& rerun = report.haircut_rerun->net;
    Table compared({{"delisted symbols sold at"},
                    {"total return", Align::kRight},
                    {"CAGR", Align::kRight},
                    {"Sharpe ratio", Align::kRight},
                    {"max drawdown", Align::kRight}});
    const auto add = [&](double haircut, const risk::Performance& values) {
      compared.add({haircut == 0 ? "the last close"
                                 : fmt::format("the last close less {}", percent(haircut)),
                    percent(values.total_return), percent(values.cagr),
                    with_decimals(values.sharpe, 3), percent_points(values.max_drawdown_pct)});
    };
    add(report.config.delist_haircut, own);
    add(report.haircut_rerun->haircut, rerun);
    text += fmt::format("\n{}", compared.markdown());
  }
  return text;
}

std::string indented_block(const std::string& text) {
  std::string block = "\n    ";
  for (const char letter : text) block += letter == '\n' ? "\n    " : std::string(1, letter);
  return block + "\n";
}

std::string strategy_section(const strategy::StrategySpec& spec) {
  Table table({{"strategy"}, {"value"}});
  std::string lines;
  table.add({"name", spec.name});
  if (!spec.description.empty()) table.add({"description", spec.description});
  for (const auto& [key, text] : spec.texts) {
    if (key == "define") {
      lines = indented_block(text);
    } else {
      table.add({key, text});
    }
  }
  for (const auto& [name, value] : spec.params) table.add({name, fmt::format("{}", value)});
  return fmt::format("## Strategy\n\n{}{}", table.markdown(), lines);
}

std::string notes_section(const BacktestReport& report) {
  std::string text = "## Notes on the input\n\n";
  if (report.notes.empty())
    return text + "Every bar of these symbols and dates was used as it stands.\n";
  for (const std::string& note : report.notes) text += fmt::format("- {}\n", markdown_cell(note));
  return text;
}

std::string configuration_section(const BacktestReport& report) {
  if (report.settings.empty()) return "";
  Table table({{"setting"}, {"value"}});
  for (const auto& [key, value] : report.settings) {
    if (!key.starts_with("strategy.")) table.add({key, value});  // they stand in a section above
  }
  return fmt::format("## Configuration\n\n{}\n", table.markdown());
}

std::string provenance_section(const BacktestReport& report) {
  Table table({{"provenance"}, {"value"}});
  if (!report.program.empty()) table.add({"program", report.program});
  if (!report.data_source.empty()) table.add({"data", report.data_source});
  table.add({"symbols", count(report.bars.num_symbols())});
  table.add({"sessions loaded", count(report.bars.num_rows())});
  table.add({"data fingerprint", report.data_fingerprint});
  return fmt::format("## Provenance\n\n{}", table.markdown());
}

}  // namespace

std::string performance_report(const BacktestReport& report) {
  std::string text =
      fmt::format("# {}: {}\n\n", markdown_cell(report.title), markdown_cell(report.strategy.name));
  text += headline(report) + "\n\n";
  const std::string curve = sparkline(report.result.equity, kSparklineWidth);
  if (!curve.empty()) text += "```\n" + curve + "  equity, log scale\n```\n\n";
  text += metrics_section(report) + "\n";
  text += confidence_section(report.metrics) + "\n";
  text += gates_section(report.metrics) + "\n";
  if (report.meta_model) text += meta_model_section(*report.meta_model) + "\n";
  if (report.metrics.against_benchmark) text += benchmark_section(report) + "\n";
  text += drawdowns_section(report) + "\n";
  if (!report.metrics.by_year.empty()) {
    text += years_section(report.metrics) + "\n";
    text += months_section(report.metrics) + "\n";
  }
  text += trading_section(report) + "\n";
  text += notes_section(report) + "\n";
  text += strategy_section(report.strategy) + "\n";
  text += configuration_section(report);
  text += provenance_section(report);
  return text;
}

}  // namespace tickwerk::report
