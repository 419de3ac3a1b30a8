#include "tickwerk/job/judged_entries.h"

#include <fmt/format.h>

#include <cmath>

#include "tickwerk/job/learned_entries.h"
#include "tickwerk/job/meta_model_panel.h"
#include "tickwerk/model/names.h"
#include "tickwerk/report/figures.h"

namespace tickwerk::job {
namespace {

std::string unjudged_text(const model::MetaModelNotes& notes,
                          const report::MetaModelCounts& counts) {
  const std::string up_to = to_string(*counts.last_unjudged, notes.frequency);
  const std::size_t num_unjudged = counts.num_entries - counts.num_judged;
  const model::SplitScheme scheme = notes.config.splits.scheme;
  std::string text = fmt::format(
      "{} of {} entries, the last on {}, have no probability and were taken as the strategy says",
      report::count(num_unjudged), report::count(counts.num_entries), up_to);
  if (counts.num_before_fit_end == 0) return text;
  const std::string fit_end = to_string(notes.fit_end, notes.frequency);
  if (model::is_usable_in_backtest(scheme)) {
    return text + fmt::format(
                      ": up to {} the meta-model speaks only of what its walk-forward "
                      "tested",
                      fit_end);
  }
  return text + fmt::format(
                    ": up to {} the meta-model was trained on what came, and its {} folds "
                    "on what came after them",
                    fit_end, model::name_of(scheme));
}

}  // namespace

report::MetaModelCounts count_judged(std::span<const strategy::Entry> entries,
                                     const Panel& probability,
                                     const History& history,
                                     Timestamp fit_end) {
  const strategy::MetaModelUse& use = history.spec.meta_model;
  const market::Bars& bars = history.loaded.bars;
  report::MetaModelCounts counts;
  double sum = 0;
  for (const strategy::Entry& entry : entries) {
    const double p = probability(entry.bar, entry.symbol);
    ++counts.num_entries;
    if (!std::isnan(p)) {
      ++counts.num_judged;
      sum += p;
      counts.num_refused += use.mode == strategy::MetaMode::kFilter && p < use.min_confidence;
    } else {
      counts.last_unjudged = bars.times[entry.bar];
      (bars.times[entry.bar] <= fit_end ? counts.num_before_fit_end : counts.num_without) += 1;
    }
  }
  if (counts.num_judged > 0) {
    counts.mean_probability = sum / static_cast<double>(counts.num_judged);
  }
  return counts;
}

void say_judged(const model::MetaModelNotes& notes, const RunConfig& config, History& history) {
  const report::MetaModelCounts& counts = *history.meta_model;
  LearnedEntries learned(notes);
  learned.add(history.spec, config.backtest.fill);
  for (std::string& warning : learned.warnings()) history.warnings.push_back(std::move(warning));
  if (counts.num_entries > 0 && counts.num_judged == 0) {
    history.warnings.push_back("the meta-model judged none of the strategy's entries");
  } else if (config.strategy.meta_model.mode == strategy::MetaMode::kFilter) {
    history.loaded.notes.push_back(
        fmt::format("the meta-model judged {} of {} entries and refused {}, those below {}",
                    report::count(counts.num_judged), report::count(counts.num_entries),
                    report::count(counts.num_refused), config.strategy.meta_model.min_confidence));
  } else {
    history.loaded.notes.push_back(
        fmt::format("the meta-model weighs {} of {} entries by their probability, {} on average",
                    report::count(counts.num_judged), report::count(counts.num_entries),
                    report::with_decimals(counts.mean_probability, 3)));
  }
  if (counts.last_unjudged) history.loaded.notes.push_back(unjudged_text(notes, counts));
}

}  // namespace tickwerk::job
