// One backtest repeated under worse conditions, to see where it breaks: costs x 0 to 3, fills 1 to
// 3 bars after the decision, capital by factors of ten. The same signals throughout; scenarios are
// no trials, since nothing is chosen by them. Used by `tickwerk backtest --stress`.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tickwerk/job/history.h"
#include "tickwerk/job/trial_figures.h"

namespace tickwerk::job {

enum class StressOf { kCosts, kDelay, kCapital };
std::string_view to_string(StressOf what) noexcept;

struct StressRow {
  StressOf what = StressOf::kCosts;
  double value = 0;  // multiple of the costs, bars from the decision to the fill, or start capital
  TrialFigures figures;
};

struct StressResult {
  std::vector<StressRow> rows;  // costs, delays, capital, each from least to most
  /// Multiple of the costs at which growth falls to 0, interpolated between those tried.
  std::optional<double> cost_break;
  std::optional<int> delay_break;  // first delay without growth
  /// Largest capital, to a sixteenth of a decade, before growth first falls below half of that at
  /// the start capital.
  std::optional<double> capacity;
  std::vector<std::string> sentences;  // one each for costs, delays and capital
};

/// Cagr, or the total return of a run too short for one; NaN without either.
double growth(const TrialFigures& figures);

/// Signals that are `rows` old when they are decided by: row t has what row t - rows had, where the
/// symbol has a bar; the first rows do not decide.
strategy::Signals delayed(const strategy::Signals& signals, const Panel& close, int rows);

/// Throws as backtest::run. Cost: about 20 backtests.
StressResult stress(const RunConfig& config, const History& history);

/// Writes stress_1d.csv and stress_1d.md and adds them, with a summary, to the result of the
/// backtest. Throws kIo.
void report_stress(const RunConfig& config, const StressResult& result, JobResult& job);

}  // namespace tickwerk::job
