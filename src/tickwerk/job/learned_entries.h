// Whether the entries that runs judge by a meta-model are such as it learned from: the same rules,
// the same parameters, filled alike; and whether its probabilities may weigh them. Used by
// backtests, daily runs and sweeps; what differs is a warning, never an error, since the
// probabilities may hold all the same.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "tickwerk/backtest/backtest.h"
#include "tickwerk/model/meta_model_file.h"
#include "tickwerk/strategy/strategy.h"

namespace tickwerk::job {

/// Runs of one strategy by one meta-model, counted by what differs. A run of other rules counts
/// there and not among those of other parameters.
class LearnedEntries {
 public:
  explicit LearnedEntries(const model::MetaModelNotes& notes) : notes_(notes) {}

  void add(const strategy::StrategySpec& spec, backtest::FillRule fill);

  /// A sentence for each kind of difference that was met; of several runs it says how many.
  std::vector<std::string> warnings() const;

 private:
  std::string among(std::size_t count) const;

  const model::MetaModelNotes& notes_;
  std::string strategy_;    // of the runs
  std::string other_fill_;  // that of the first run that was filled otherwise
  std::size_t num_runs_ = 0;
  std::size_t num_other_rules_ = 0;
  std::size_t num_other_params_ = 0;
  std::size_t num_other_fill_ = 0;
  std::size_t num_scaled_ = 0;
};

}  // namespace tickwerk::job
