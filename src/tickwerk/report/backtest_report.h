// Everything a backtest leaves as files, from result structs: CSV of orders, trades and equity,
// metrics.json and the report for people. Used by the jobs. Computes no metric, loads nothing;
// files hold no wall-clock time, path or thread count, so their bytes can be compared. Formats:
// docs/formats/backtest_outputs.md.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tickwerk/backtest/backtest.h"
#include "tickwerk/market/bars.h"
#include "tickwerk/report/meta_model_section.h"
#include "tickwerk/risk/summary.h"
#include "tickwerk/strategy/strategy.h"

namespace tickwerk::report {

enum class TradesFile { kWrite, kOmit };

/// The same backtest with delisted holdings sold `haircut` below their last close.
struct HaircutRerun {
  double haircut = 0;  // fraction
  risk::Performance net;
};

/// References must outlive the report. Equity, fills and orders belong to the last rows of the
/// bars.
struct BacktestReport {
  const market::Bars& bars;
  const backtest::BacktestResult& result;
  const risk::Metrics& metrics;
  const strategy::StrategySpec& strategy;
  const backtest::BacktestConfig& config;
  std::string title = "backtest";  // the job, `BACKTEST_MEDIUM`
  std::string data_source = {};    // name of the input, without its folder
  std::string data_fingerprint = {};
  std::string program = {};    // `tickwerk 0.1.0`
  std::string benchmark = {};  // its name; empty = none
  double rf = 0;               // a year
  std::optional<HaircutRerun> haircut_rerun = {};
  std::optional<MetaModelComparison> meta_model = {};  // of a strategy that has one
  std::vector<std::string> notes = {};                 // on the input, one sentence each
  std::vector<std::pair<std::string, std::string>> settings = {};  // what could change a result
  TradesFile trades_file = TradesFile::kWrite;
};

/// Writes `orders_1d.csv`, `trades_1d.csv` (unless omitted or not listed), `equity_curve_1d.csv`,
/// `metrics.json` and `performance_report_1d.md` to `folder`; `1d` follows the frequency. Each file
/// is there whole or not at all. Returns the names, without the folder, sorted. Throws Error kIo.
std::vector<std::filesystem::path> write_backtest(const BacktestReport& report,
                                                  const std::filesystem::path& folder);

}  // namespace tickwerk::report
