// The probabilities of a saved meta-model over the bars of a run, where it could not know what
// came. Used by backtests, daily runs and sweeps. A model of other features, another catalogue or
// frequency is refused, and so is one whose every prediction here would come from training on the
// future.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tickwerk/job/history.h"
#include "tickwerk/model/meta_model_file.h"
#include "tickwerk/strategy/confidence.h"

namespace tickwerk::job {

class MetaModelPanel {
 public:
  /// Loads the files that the strategy names and evaluates the features over the bars of the
  /// history. Throws as model::load_meta_model and factor::evaluate; kInvalidArgument naming the
  /// first feature that differs with both texts, for another catalogue or frequency, and when folds
  /// that trained on the future are all there is for the traded bars.
  MetaModelPanel(const RunConfig& config, const History& history);

  /// [time, symbol] like the bars. Up to and on `fit_end`: what the walk-forward said of the symbol
  /// on that bar. After it, on `entries`: the final fit. Elsewhere NaN, also where a feature is
  /// infinite.
  Panel of(std::span<const strategy::Entry> entries) const;

  /// The same on every bar of every symbol: for runs whose entries differ. Same bits.
  Panel of_all() const;

  const model::MetaModelNotes& notes() const noexcept { return saved_.notes; }

 private:
  void check_frequency() const;
  void check_span(std::size_t first_row) const;
  Panel walk_forward() const;
  void predict(std::span<const strategy::Entry> cells, Panel& into) const;

  std::string file_;
  model::SavedMetaModel saved_;
  const market::Bars& bars_;
  std::size_t first_after_fit_ = 0;  // row of the bars
  std::vector<Panel> features_;      // [time, symbol], or one column
};

}  // namespace tickwerk::job
