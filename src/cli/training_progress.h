// How far a training is and how long it will go on: on a terminal one line of stderr that is
// written over and over, elsewhere a line now and then; and what Ctrl-C leaves. Used by the
// commands that train.
#pragma once

#include "cli/output.h"
#include "tickwerk/job/training_watch.h"

namespace tickwerk::cli {

/// `41 %, ridge_1, window 3 of 5, about 12 s left ...` a few times a second, cleared at the end of
/// the work. Without a terminal `41 %, ridge_1, window 2 of 5 is done, about 12 s left` after the
/// first fold and each later one, at most every two seconds, and every half minute within one.
/// Empty under --quiet. `output` must outlive it.
job::TrainingWatch training_progress(const Output& output);

/// `8 s`, `3 min 20 s`, `2 h 5 min`.
std::string time_left_text(double seconds);

}  // namespace tickwerk::cli
