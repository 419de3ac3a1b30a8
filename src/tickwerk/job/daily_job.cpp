#include "tickwerk/job/daily_job.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <span>

#include "tickwerk/job/history.h"
#include "tickwerk/job/positions.h"
#include "tickwerk/market/calendar.h"
#include "tickwerk/report/figures.h"
#include "tickwerk/report/orders_file.h"
#include "tickwerk/trace/step.h"

namespace tickwerk::job {
namespace {

/// The orders of the last row and what they start from.
struct DayOrders {
  std::vector<double> held;  // shares per symbol before the orders
  double equity = 0;
  risk::OrderList orders;
};

/// The last row must be the date that was asked for.
void require_session(const RunConfig& config, const market::Bars& bars) {
  if (!config.date) return;
  const Date last = date_of(bars.times.back());
  if (last == *config.date) return;
  const market::Calendar& calendar = market::calendar_for(bars);
  if (calendar.covers(*config.date) && !calendar.is_session(*config.date)) {
    throw Error(
        Code::kInvalidArgument,
        fmt::format("--date must be a session, found {}; the nearest are {} and {}",
                    to_string(*config.date), to_string(calendar.previous_session(*config.date)),
                    to_string(calendar.next_session(*config.date))));
  }
  throw Error(Code::kInvalidArgument,
              fmt::format("--date must be a session with bars, found {}; the last session in the "
                          "data up to it is {}",
                          to_string(*config.date), to_string(last)));
}

/// What the backtest decided is what goes out: one code path.
DayOrders orders_of_backtest(const RunConfig& config, const History& history) {
  const backtest::BacktestResult& result = history.result;
  DayOrders day{.held = result.shares, .equity = result.equity.back().equity, .orders = {}};
  const auto last_row = static_cast<std::int32_t>(history.loaded.bars.num_rows() - 1);
  for (const risk::Order& order : result.orders) {
    if (order.bar == last_row) day.orders.push_back(order);
  }
  if (config.backtest.fill == backtest::FillRule::kNextOpen) return day;
  // At the close of the same bar the backtest has filled them already.
  for (const risk::Fill& fill : result.fills) {
    if (fill.bar == last_row) day.held[fill.symbol] -= fill.fill_qty;
  }
  return day;
}

DayOrders orders_from(const backtest::Holdings& holdings,
                      const RunConfig& config,
                      const History& history) {
  const std::vector<double>& close = history.result.last_close;
  DayOrders day{.held = holdings.shares, .equity = holdings.cash, .orders = {}};
  for (std::size_t i = 0; i < close.size(); ++i) {
    if (day.held[i] != 0) day.equity += day.held[i] * close[i];
  }
  day.orders = backtest::decide(history.loaded.bars, history.signals, history.spec, config.backtest,
                                holdings);
  return day;
}

DayOrders decide_day(const RunConfig& config, const History& history) {
  const market::Bars& bars = history.loaded.bars;
  if (config.positions.empty()) return orders_of_backtest(config, history);
  if (config.positions == "none") {
    return orders_from({.cash = config.backtest.start_capital,
                        .shares = std::vector<double>(bars.num_symbols(), 0.0)},
                       config, history);
  }
  return orders_from(read_positions(config.positions, bars, history.spec.short_selling), config,
                     history);
}

void check_limit(std::string_view name, const std::optional<double>& limit, double found) {
  if (!limit || found <= *limit) return;
  throw Error(Code::kInvalidArgument,
              fmt::format("the orders of the day must stay within {} {}, found {}; no file was "
                          "written, one of an earlier run may still be there",
                          name, *limit, found));
}

void check_limits(const OrderLimits& limits, const History& history, const DayOrders& day) {
  const std::vector<double>& close = history.result.last_close;
  double notional = 0, heaviest = 0;
  for (const risk::Order& order : day.orders) {
    const auto i = static_cast<std::size_t>(order.symbol);
    notional += std::abs(order.qty) * close[i];
    heaviest = std::max(heaviest, std::abs(day.held[i] + order.qty) * close[i] / day.equity);
  }
  check_limit("max_orders", limits.max_orders, static_cast<double>(day.orders.size()));
  check_limit("max_notional", limits.max_notional, notional);
  check_limit("max_order_weight", limits.max_weight, heaviest);
}

std::string_view comment(double held, double quantity) {
  if (held == 0) return "entry";
  if (held + quantity == 0) return "exit";
  if (held * (held + quantity) < 0) return "reversal";
  return std::abs(held + quantity) > std::abs(held) ? "increase" : "reduction";
}

std::vector<report::OrderLine> order_lines(const History& history, const DayOrders& day) {
  std::vector<report::OrderLine> lines;
  for (const risk::Order& order : day.orders) {
    const auto i = static_cast<std::size_t>(order.symbol);
    lines.push_back(
        {.ticker = history.loaded.bars.symbols[i],
         .quantity = order.qty,
         .comment = fmt::format("{} {}", history.spec.name, comment(day.held[i], order.qty))});
  }
  return lines;
}

/// The summary of the history with the orders of the day.
std::string with_orders(const std::string& summary,
                        std::span<const report::OrderLine> lines,
                        KillSwitch kill_switch,
                        const std::filesystem::path& file) {
  nlohmann::json json = nlohmann::json::parse(summary);
  nlohmann::json orders = nlohmann::json::array();
  for (const report::OrderLine& line : lines) {
    orders.push_back({{"ticker", line.ticker},
                      {"side", line.quantity < 0 ? "SELL" : "BUY"},
                      {"quantity", std::abs(line.quantity)},
                      {"comment", line.comment}});
  }
  json["orders"] = std::move(orders);
  json["orders_file"] = file.string();
  json["kill_switch"] = kill_switch == KillSwitch::kOn;
  return json.dump(2) + "\n";
}

}  // namespace

JobResult run_daily(const RunConfig& config) {
  RunConfig daily = config;
  if (config.date && (!config.load.to || *config.date < *config.load.to)) {
    daily.load.to = config.date;
  }
  daily.backtest.orders = backtest::Listing::kList;
  daily.backtest.fills = backtest::Listing::kList;
  History history;
  load_history(daily, history);
  require_session(daily, history.loaded.bars);
  build_signals(daily, history);
  DayOrders day;
  {
    TW_STEP("run_backtest");
    run_history(daily, history);
    day = decide_day(daily, history);
    // Nothing is sent while the kill switch is on, so nothing can breach a limit.
    if (daily.kill_switch == KillSwitch::kOff) check_limits(daily.limits, history, day);
  }

  TW_STEP("generate_reports");
  const Date date = date_of(history.loaded.bars.times.back());
  std::vector<report::OrderLine> lines = order_lines(history, day);
  std::vector<std::string>& notes = history.loaded.notes;
  std::string outcome = fmt::format("{} decided on {} for the next session",
                                    report::counted(lines.size(), "order"), to_string(date));
  if (daily.kill_switch == KillSwitch::kOn) {
    outcome += "; the kill switch is on: all were withheld, the order file is empty";
    notes.push_back(outcome);
    lines.clear();
  }
  for (const std::string& symbol : history.loaded.absent_symbols) {
    notes.push_back(fmt::format("{} of the universe has no data", symbol));
  }

  JobResult result = report_history(daily, history);
  const std::filesystem::path orders = report::write_orders_file(lines, date, daily.output);
  result.files.push_back(orders);
  std::sort(result.files.begin(), result.files.end());
  result.summary += fmt::format("\n{}: {}\n", outcome, orders.string());
  result.summary_json = with_orders(result.summary_json, lines, daily.kill_switch, orders);
  return result;
}

}  // namespace tickwerk::job
