#include "tickwerk/job/meta_model_panel.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "tickwerk/job/meta_model_features.h"
#include "tickwerk/model/names.h"
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
  features_ = meta_model_features(saved_.notes, config, history);
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
                  model::name_of(scheme), to_string(saved_.notes.fit_end, bars_.frequency),
                  to_string(bars_.times[first_row], bars_.frequency),
                  to_string(bars_.times.back(), bars_.frequency), file_));
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

}  // namespace tickwerk::job
