#include <fmt/ranges.h>

#include <array>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/expressions.h"
#include "cli/job_command.h"
#include "cli/run_flags.h"
#include "cli/strategies.h"
#include "tickwerk/base/error.h"
#include "tickwerk/io/number.h"
#include "tickwerk/report/table.h"
#include "tickwerk/report/values_file.h"
#include "tickwerk/strategy/signals.h"

namespace tickwerk::cli {
namespace {

job::RunConfig defaults(const Settings&) { return command_defaults("signals", "trend_baseline"); }

/// What the strategy decided, as panels that a file can hold.
struct Decided {
  Panel signal;  // 1, 0, -1; NaN: kept as it is, or no decision on the bar
  std::shared_ptr<const Panel> score;
  Panel strength;  // empty = all equal
  std::vector<std::uint8_t> decides;
  std::vector<std::string> warnings;
};

Decided decide(const job::RunConfig& config, const ExpressionData& data) {
  const strategy::Strategy strategy = strategy::make_strategy(config.strategy);
  strategy::Factors factors = strategy::build_factors(strategy, data.sources());
  Decided decided;
  decided.score = factors.score;
  decided.warnings = std::move(factors.warnings);
  strategy::Signals signals = strategy::build_signals(
      data.loaded.bars, strategy.spec, std::move(factors),
      {.first_row = data.loaded.first_row, .delist_after = config.backtest.delist_after});
  const strategy::DirectionPanel& direction = signals.direction;
  decided.signal = Panel(direction.num_rows(), direction.num_symbols(), kNaN);
  for (std::size_t t = 0; t < direction.num_rows(); ++t) {
    if (signals.decides[t] == 0) continue;
    for (std::size_t i = 0; i < direction.num_symbols(); ++i) {
      if (direction(t, i) != strategy::kKeep) decided.signal(t, i) = direction(t, i);
    }
  }
  decided.strength = std::move(signals.strength);
  decided.decides = std::move(signals.decides);
  return decided;
}

std::vector<report::ValueColumn> columns_of(const Decided& decided) {
  std::vector<report::ValueColumn> columns{{.name = "signal", .values = decided.signal.view()}};
  if (decided.score) columns.push_back({.name = "score", .values = decided.score->view()});
  if (!decided.strength.empty()) {
    columns.push_back({.name = "strength", .values = decided.strength.view()});
  }
  return columns;
}

std::optional<std::size_t> last_decision(const Decided& decided) {
  for (std::size_t t = decided.decides.size(); t-- > 0;) {
    if (decided.decides[t] != 0) return t;
  }
  return std::nullopt;
}

/// Symbols with a bar on the row: long, short, flat, kept.
std::array<std::size_t, 4> counts_of(const Decided& decided, const Panel& close, std::size_t row) {
  std::array<std::size_t, 4> counts{};
  for (std::size_t i = 0; i < close.num_symbols(); ++i) {
    if (close(row, i) != close(row, i)) continue;
    const double signal = decided.signal(row, i);
    ++counts[signal == 1 ? 0 : signal == -1 ? 1 : signal == 0 ? 2 : 3];
  }
  return counts;
}

std::string number(double value) {
  if (value != value) return "-";
  std::string text;
  io::append_rounded(text, value, 6);
  return text;
}

std::string table(const Decided& decided, const market::Bars& bars, std::size_t row) {
  using report::Align;
  const std::vector<report::ValueColumn> columns = columns_of(decided);
  std::vector<report::Column> titles{{"symbol"}};
  for (const report::ValueColumn& column : columns) titles.push_back({column.name, Align::kRight});
  report::Table table(std::move(titles));
  for (std::size_t i = 0; i < bars.num_symbols(); ++i) {
    const double signal = decided.signal(row, i);
    if (signal != 1 && signal != -1) continue;
    std::vector<std::string> cells{bars.symbols[i]};
    for (const report::ValueColumn& column : columns)
      cells.push_back(number(column.values(row, i)));
    table.add(std::move(cells));
  }
  return table.plain();
}

std::string summary(const Decided& decided,
                    const job::RunConfig& config,
                    const market::Bars& bars) {
  const auto num_decisions = std::count(decided.decides.begin(), decided.decides.end(), 1);
  std::string text = fmt::format("{}: decides on {} of {} bars\n", config.strategy.name,
                                 num_decisions, bars.num_rows());
  const auto row = last_decision(decided);
  if (!row) return text;
  const auto [longs, shorts, flat, kept] = counts_of(decided, bars.close(), *row);
  text += fmt::format("{}: {} long, {} short, {} flat, {} kept as they are\n",
                      to_string(bars.times[*row], bars.frequency), longs, shorts, flat, kept);
  if (longs + shorts > 0) {
    text += '\n';
    text += table(decided, bars, *row);
  }
  return text;
}

nlohmann::json document(const Decided& decided,
                        const job::RunConfig& config,
                        const market::LoadedBars& loaded) {
  nlohmann::json json{{"strategy", config.strategy.name},
                      {"params", config.strategy.params},
                      {"data_fingerprint", loaded.fingerprint},
                      {"warnings", decided.warnings},
                      {"last", nullptr}};
  const auto row = last_decision(decided);
  if (!row) return json;
  const market::Bars& bars = loaded.bars;
  nlohmann::json longs = nlohmann::json::array(), shorts = nlohmann::json::array();
  for (std::size_t i = 0; i < bars.num_symbols(); ++i) {
    if (decided.signal(*row, i) == 1) longs.push_back(bars.symbols[i]);
    if (decided.signal(*row, i) == -1) shorts.push_back(bars.symbols[i]);
  }
  const auto counts = counts_of(decided, bars.close(), *row);
  json["last"] = {{"time", to_string(bars.times[*row], bars.frequency)},
                  {"long", std::move(longs)},
                  {"short", std::move(shorts)},
                  {"num_flat", counts[2]},
                  {"num_kept", counts[3]}};
  return json;
}

int run(const Invocation& invocation) {
  const Settings& settings = invocation.settings;
  const job::RunConfig config = run_config(settings, defaults(settings));
  const std::string out = settings.text("out");
  if (!out.empty()) report::check_values_file(out, std::vector<std::string>{"signal"});
  const ExpressionData data = load_data(invocation);
  const Decided decided = decide(config, data);
  say_warnings(invocation, decided.warnings);
  const bool json = invocation.output.format() == Format::kJson;
  const market::LoadedBars& loaded = data.loaded;
  std::size_t num_rows = 0;
  if (!out.empty()) {
    num_rows = report::write_values(out, loaded.bars, loaded.first_row, columns_of(decided));
  }
  if (json) {
    nlohmann::json result = document(decided, config, loaded);
    if (!out.empty()) {
      result["file"] = out;
      result["rows"] = num_rows;
    }
    invocation.output.result(result.dump(2));
  } else if (out.empty()) {
    invocation.output.result(summary(decided, config, loaded.bars));
  } else {
    invocation.output.result(
        fmt::format("{}: {} rows of the signals of {}", out, num_rows, config.strategy.name));
  }
  return 0;
}

}  // namespace

Command strategies_signals_command() {
  FlagGroup group{.title = "Signals", .flags = {}};
  group.flags.push_back({.key = "out",
                         .placeholder = "FILE",
                         .text = "where the signals go, by the ending: .csv, .parquet; without it "
                                 "the last decision is shown"});
  return {
      .name = "strategies signals",
      .summary = "what a strategy decides, symbol by symbol and bar by bar",
      .details =
          "Writes `timestamp,symbol,signal`, with `score` and `strength` where the strategy has "
          "them, a row where the symbol has a bar: 1 is long, -1 short, 0 flat, nothing is kept "
          "as it is (the bar does not decide, or a condition is NaN). Weights and orders follow "
          "in `tickwerk backtest`.",
      .groups = {group, bars_flags(), source_flags(), strategy_flags()},
      .defaults = defaults,
      .run = run};
}

}  // namespace tickwerk::cli
