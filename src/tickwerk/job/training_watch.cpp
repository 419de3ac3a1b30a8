#include "tickwerk/job/training_watch.h"

namespace tickwerk::job {

model::ValidationProgress watched_by(const TrainingWatch& watch, const model::FoldFiles& folds) {
  if (!watch) return {};
  TrainingState state;
  state.kept_in = folds.folder();
  state.what = "training";
  watch(state);  // time is counted from here
  return [&watch, &folds, state, num_found = std::size_t{0}](double done,
                                                             const std::string& what) mutable {
    // A fold that was there already took no time, which a guess of the time left must not count.
    if (folds.num_found() > num_found) state.done_before += done - state.done;
    num_found = folds.num_found();
    state.done = done;
    state.what = what;
    state.num_kept = folds.num_kept();
    watch(state);
  };
}

void remove_folds(model::FoldFiles& folds, const TrainingWatch& watch) {
  if (watch) watch({.done = 1, .what = {}, .kept_in = {}});
  folds.remove();
}

}  // namespace tickwerk::job
