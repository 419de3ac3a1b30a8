// A history whose signals a meta-model has judged: what the strategy wanted, what is left of it,
// and what became of its entries. Used by backtests and daily runs; sweeps and predictions take its
// rules.
#pragma once

#include "tickwerk/job/history.h"
#include "tickwerk/job/meta_model_panel.h"
#include "tickwerk/strategy/confidence.h"

namespace tickwerk::job {

/// By which rules a run judges the trades of this strategy.
strategy::ConfidenceRules confidence_rules(const strategy::StrategySpec& spec,
                                           const backtest::BacktestConfig& config,
                                           std::size_t first_row);

/// Judges the signals of the history: they become `own_signals`, what is left of them `signals`;
/// how many were judged, and how, is in `meta_model` and in the notes.
void judge_history(const MetaModelPanel& panel, const RunConfig& config, History& history);

}  // namespace tickwerk::job
