// The features of a saved meta-model made again over the bars of a run, and compared with those it
// was trained with. Internal to `job`: meta_model_panel.h predicts from them. Other features and
// another catalogue are refused.
#pragma once

#include <vector>

#include "tickwerk/job/history.h"
#include "tickwerk/model/meta_model_file.h"

namespace tickwerk::job {

/// [time, symbol] like the bars of the history, or one column, in the order of the model. Throws as
/// factor::evaluate; kInvalidArgument naming the first feature that differs with both texts, and
/// for another catalogue.
std::vector<Panel> meta_model_features(const model::MetaModelNotes& notes,
                                       const RunConfig& config,
                                       const History& history);

}  // namespace tickwerk::job
