// How far a training is and how long it will go on, as one line of stderr that is written over and
// over, on a terminal only. Used by the commands that train.
#pragma once

#include "cli/output.h"
#include "tickwerk/model/validation.h"

namespace tickwerk::cli {

/// `41 %, ridge_1, window 3 of 5, about 12 s left ...`, a few times a second; the line is cleared
/// at the end of the work. Empty where nobody would see it: no terminal, --quiet.
model::ValidationProgress training_progress(const Output& output);

/// `8 s`, `3 min 20 s`, `2 h 5 min`.
std::string time_left_text(double seconds);

}  // namespace tickwerk::cli
