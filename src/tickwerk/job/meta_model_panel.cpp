#include "tickwerk/job/meta_model_panel.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "tickwerk/factor/catalogue.h"
#include "tickwerk/factor/evaluate.h"
#include "tickwerk/factor/selection.h"
#include "tickwerk/job/factor_store.h"
#include "tickwerk/job/feature_source.h"
#include "tickwerk/job/learned_entries.h"
#include "tickwerk/report/figures.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::job {
namespace {

constexpr std::size_t kCellsAtOnce = std::size_t{1} << 16;

bool known(double value) { return value == value; }

/// XGBoost computes with single precision.
bool is_infinite(double value) { return std::abs(value) > std::numeric_limits<float>::max(); }

model::SavedMetaModel load(const std::filesystem::path& file) {
  try {
    return model::load_meta_model(file);
  } catch (const Error& error) {
    throw error.with_context(fmt::format("meta-model {}", file.string()));
  }
}

[[noreturn]] void refuse_feature(const model::FeatureText& trained,
                                 const std::string& found,
                                 const std::string& file) {
  throw Error(Code::kInvalidArgument,
              fmt::format("a feature must be the one the meta-model was trained with, {} = {}, "
                          "found {} ({})",
                          trained.name, trained.expression, found, file));
}

void check_feature(const model::FeatureText& trained,
                   std::span<const expr::Definition> now,
                   const std::string& file) {
  const auto same = std::ranges::find(now, trained.name, &expr::Definition::name);
  if (same == now.end()) refuse_feature(trained, "none of that name", file);
  if (same->text == trained.expression) return;
  refuse_feature(trained, fmt::format("{} = {}", same->name, same->text), file);
}

std::string_view scheme_text(model::SplitScheme scheme) {
  return scheme == model::SplitScheme::kPurgedKFold ? "k-fold" : "combinatorial";
}

}  // namespace

MetaModelPanel::MetaModelPanel(const RunConfig& config, const History& history)
    : file_(config.strategy.meta_model.file.string()),
      saved_(load(config.strategy.meta_model.file)),
      bars_(history.loaded.bars) {
  TW_ZONE("meta_model_panel");
  const auto after = std::ranges::upper_bound(bars_.times, saved_.notes.fit_end);
  first_after_fit_ = static_cast<std::size_t>(after - bars_.times.begin());
  check_frequency();
  check_span(history.loaded.first_row);
  evaluate_features(config, history);
}

void MetaModelPanel::check_frequency() const {
  if (bars_.frequency == saved_.notes.frequency) return;
  throw Error(Code::kInvalidArgument,
              fmt::format("bars must have the frequency the meta-model was trained with, {}, "
                          "found {} ({})",
                          suffix(saved_.notes.frequency), suffix(bars_.frequency), file_));
}

void MetaModelPanel::check_span(std::size_t first_row) const {
  const model::SplitScheme scheme = saved_.notes.config.splits.scheme;
  if (model::is_usable_in_backtest(scheme) || first_after_fit_ < bars_.num_rows()) return;
  throw Error(
      Code::kInvalidArgument,
      fmt::format("a meta-model of {} folds, whose predictions train on the future, must be used "
                  "after the bars it was trained on, up to {}, found bars from {} to {}; train "
                  "one by walk-forward ({})",
                  scheme_text(scheme), to_string(saved_.notes.fit_end, bars_.frequency),
                  to_string(bars_.times[first_row], bars_.frequency),
                  to_string(bars_.times.back(), bars_.frequency), file_));
}

void MetaModelPanel::evaluate_features(const RunConfig& config, const History& history) {
  const model::MetaModelNotes& notes = saved_.notes;
  const factor::SelectedExpressions selected = factor::select(selection_of(notes.source));
  factor::EvaluateOptions options{
      .params = notes.source.params, .names = {}, .run = {}, .store = store_of(config)};
  for (const model::FeatureText& feature : notes.features) {
    const bool is_there = std::ranges::find(selected.names, feature.name) != selected.names.end();
    if (!is_there) refuse_feature(feature, "none of that name", file_);
    options.names.push_back(feature.name);
  }
  const factor::Sources sources = history.sources.with(bars_);
  const factor::Evaluation compiled = factor::compile(sources, selected.module, options);
  for (const model::FeatureText& feature : notes.features) {
    check_feature(feature, compiled.definitions, file_);
  }
  const std::string catalogue = factor::catalogue_fingerprint();
  if (notes.catalogue_fingerprint != catalogue) {
    throw Error(Code::kInvalidArgument,
                fmt::format("a meta-model must be of this catalogue of factors, {}, found {}: "
                            "train it again ({})",
                            catalogue, notes.catalogue_fingerprint, file_));
  }
  factor::Evaluation evaluation = factor::evaluate(sources, selected.module, options);
  for (const model::FeatureText& feature : notes.features) {
    const auto place =
        std::ranges::find(evaluation.definitions, feature.name, &expr::Definition::name) -
        evaluation.definitions.begin();
    features_.push_back(std::move(evaluation.values[static_cast<std::size_t>(place)]));
  }
}

Panel MetaModelPanel::walk_forward() const {
  Panel probability(bars_.num_rows(), bars_.num_symbols(), kNaN);
  for (const model::DatedProbability& said : saved_.walk_forward) {
    const std::size_t t = bars_.first_row_at(said.time);
    if (t >= first_after_fit_ || bars_.times[t] != said.time) continue;
    const std::size_t i = bars_.column(said.symbol);
    if (i < bars_.num_symbols()) probability(t, i) = said.probability;
  }
  return probability;
}

void MetaModelPanel::predict(std::span<const strategy::Entry> cells, Panel& into) const {
  for (std::size_t begin = 0; begin < cells.size(); begin += kCellsAtOnce) {
    const auto chunk = cells.subspan(begin, std::min(kCellsAtOnce, cells.size() - begin));
    Panel matrix(features_.size(), chunk.size());
    std::vector<std::uint8_t> is_sound(chunk.size(), 1);
    for (std::size_t f = 0; f < features_.size(); ++f) {
      const Panel& feature = features_[f];
      const bool one_column = feature.num_symbols() == 1;
      for (std::size_t k = 0; k < chunk.size(); ++k) {
        const double value = feature(chunk[k].bar, one_column ? 0 : chunk[k].symbol);
        if (is_infinite(value)) is_sound[k] = 0;
        matrix(f, k) = is_infinite(value) ? kNaN : value;
      }
    }
    std::vector<double> predicted(chunk.size());
    const model::RowRange all{0, chunk.size()};
    saved_.model->predict(matrix.view(), {&all, 1}, predicted);
    for (std::size_t k = 0; k < chunk.size(); ++k) {
      if (is_sound[k] != 0) into(chunk[k].bar, chunk[k].symbol) = predicted[k];
    }
  }
}

Panel MetaModelPanel::of(std::span<const strategy::Entry> entries) const {
  TW_ZONE("predict_entries");
  Panel probability = walk_forward();
  std::vector<strategy::Entry> after;
  for (const strategy::Entry& entry : entries) {
    if (entry.bar >= first_after_fit_) after.push_back(entry);
  }
  predict(after, probability);
  return probability;
}

Panel MetaModelPanel::of_all() const {
  TW_ZONE("predict_all");
  Panel probability = walk_forward();
  std::vector<strategy::Entry> cells;
  for (std::size_t t = first_after_fit_; t < bars_.num_rows(); ++t) {
    for (std::size_t i = 0; i < bars_.num_symbols(); ++i) {
      if (!known(bars_.close()(t, i))) continue;
      cells.push_back({static_cast<std::uint32_t>(t), static_cast<std::uint32_t>(i)});
    }
    const bool is_last = t + 1 == bars_.num_rows();
    if (cells.size() < kCellsAtOnce && !is_last) continue;
    predict(cells, probability);
    cells.clear();
  }
  return probability;
}

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

namespace {

report::MetaModelCounts count(std::span<const strategy::Entry> entries,
                              const Panel& probability,
                              const strategy::StrategySpec& spec,
                              const market::Bars& bars,
                              Timestamp fit_end) {
  report::MetaModelCounts counts;
  double sum = 0;
  for (const strategy::Entry& entry : entries) {
    const double p = probability(entry.bar, entry.symbol);
    ++counts.num_entries;
    if (known(p)) {
      ++counts.num_judged;
      sum += p;
      counts.num_refused +=
          spec.meta_model.mode == strategy::MetaMode::kFilter && p < spec.meta_model.min_confidence;
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
                    fit_end, scheme_text(scheme));
}

void say(const model::MetaModelNotes& notes, const RunConfig& config, History& history) {
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

}  // namespace

void judge_history(const MetaModelPanel& panel, const RunConfig& config, History& history) {
  const market::Bars& bars = history.loaded.bars;
  const strategy::ConfidenceRules rules =
      confidence_rules(history.spec, config.backtest, history.loaded.first_row);
  const std::vector<strategy::Entry> entries =
      strategy::find_entries(bars, history.signals, rules.entry);
  const Panel probability = panel.of(entries);
  history.own_signals = std::move(history.signals);
  history.signals = strategy::judge(bars, history.own_signals, probability.view(), rules);
  history.meta_model = count(entries, probability, history.spec, bars, panel.notes().fit_end);
  history.meta_model->fit_end = panel.notes().fit_end;
  say(panel.notes(), config, history);
}

}  // namespace tickwerk::job
