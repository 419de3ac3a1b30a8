#include "tickwerk/job/judged_history.h"

#include "tickwerk/job/judged_entries.h"

namespace tickwerk::job {

strategy::ConfidenceRules confidence_rules(const strategy::StrategySpec& spec,
                                           const backtest::BacktestConfig& config,
                                           std::size_t first_row) {
  const bool at_open = config.fill == backtest::FillRule::kNextOpen;
  return {
      .entry = {.fill = at_open ? strategy::EntryFill::kNextOpen : strategy::EntryFill::kSameClose,
                .delist_after = config.delist_after,
                .first_row = first_row},
      .mode = spec.meta_model.mode,
      .min_confidence = spec.meta_model.min_confidence};
}

void judge_history(const MetaModelPanel& panel, const RunConfig& config, History& history) {
  const market::Bars& bars = history.loaded.bars;
  const strategy::ConfidenceRules rules =
      confidence_rules(history.spec, config.backtest, history.loaded.first_row);
  const std::vector<strategy::Entry> entries =
      strategy::find_entries(bars, history.signals, rules.entry);
  const Panel probability = panel.of(entries);
  history.own_signals = std::move(history.signals);
  history.signals = strategy::judge(bars, history.own_signals, probability.view(), rules);
  history.meta_model = count_judged(entries, probability, history, panel.notes().fit_end);
  history.meta_model->fit_end = panel.notes().fit_end;
  say_judged(panel.notes(), config, history);
}

}  // namespace tickwerk::job
