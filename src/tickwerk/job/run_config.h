// Everything a backtest or end-of-day run can be told, in one place: filled by the command line,
// read by jobs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "tickwerk/backtest/backtest.h"
#include "tickwerk/factor/sources.h"
#include "tickwerk/job/zoo_settings.h"
#include "tickwerk/market/load.h"
#include "tickwerk/report/backtest_report.h"
#include "tickwerk/store/store.h"
#include "tickwerk/strategy/strategy.h"

namespace tickwerk::job {

using TradesFile = report::TradesFile;
enum class KillSwitch { kOff, kOn };

/// Whether a backtest, factor or model is put on record as a trial, and told how many there are
/// (trials.h).
enum class TrialRecord { kOff, kKeep };

/// Whether values of factors are kept from run to run.
enum class StoreUse { kOff, kKeep };

/// kCold: the run reads nothing of what is stored; it writes what it evaluates, and keeps versions.
enum class StoreStart { kAsItIs, kCold };

struct StoreSettings {
  StoreUse use = StoreUse::kOff;
  StoreStart start = StoreStart::kAsItIs;
  std::filesystem::path root = {};  // empty: `<output>/store`
  store::Rebuild rebuild = store::Rebuild::kStale;
  Timestamp now = {};  // no clock is read below the command line
};

/// Limits on the orders of one day; empty = no limit.
struct OrderLimits {
  std::optional<double> max_orders;
  std::optional<double> max_notional;  // cash, sum over the orders
  std::optional<double> max_weight;    // share of equity that any one order would leave held
};

/// Size of the embedded synthetic market that stands in when no prices are given.
struct MarketSize {
  std::size_t num_symbols = 200;
  std::size_t num_sessions = 2520;
};

struct RunConfig {
  std::string title = "backtest";           // of the report
  market::LoadConfig load;                  // an empty `prices` means the synthetic market
  factor::SourceFiles sources;              // groups and events beside the bars
  MarketSize market;                        // of the synthetic market
  std::optional<std::size_t> max_sessions;  // trade only the last ones, as by `from`, which wins
  std::uint64_t seed = 42;
  strategy::StrategySpec strategy;
  backtest::BacktestConfig backtest;
  double rf = 0;          // risk-free rate a year
  std::string benchmark;  // file, symbol or `equal_weight`; empty = none
  TradesFile trades_file = TradesFile::kWrite;
  TrialRecord trials = TrialRecord::kOff;
  StoreSettings store;
  ZooSettings zoo;  // of FACTOR_ML_JOB
  std::filesystem::path output = "output";

  // End of day only.
  std::optional<Date> date;  // default: the last session in the data
  std::string positions;     // file, `none`, or empty = the holdings of the backtest at the date
  OrderLimits limits;
  KillSwitch kill_switch = KillSwitch::kOff;
};

}  // namespace tickwerk::job
