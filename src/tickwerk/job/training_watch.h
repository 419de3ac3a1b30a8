// How far a training is, and which folds stay should it be interrupted: told after every fold and
// now and then within one. Made by the jobs that train, shown by whoever started them; prints
// nothing itself.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>

#include "tickwerk/model/fold_files.h"

namespace tickwerk::job {

struct TrainingState {
  double done = 0;           // share of all work
  double done_before = 0;    // of it, what an interrupted run had left
  std::string what;          // `ridge_1, window 3 of 5`; `training` before the first
  std::size_t num_kept = 0;  // folds that the same job would not fit again
  std::filesystem::path
      kept_in;  // where; empty once the results are written and folds are not kept
};

using TrainingWatch = std::function<void(const TrainingState&)>;

/// What a validation that is about to begin, and keeps its folds in `folds`, calls; says at once
/// that nothing is done. `folds` must outlive it; empty where nobody watches.
model::ValidationProgress watched_by(const TrainingWatch& watch, const model::FoldFiles& folds);

/// Removes the folds of a training whose results are written; says before that none is kept.
void remove_folds(model::FoldFiles& folds, const TrainingWatch& watch);

}  // namespace tickwerk::job
