// A selection of features as a model keeps it, and back: other bars may be asked for the same
// features later, when a user's file is no longer what it was.
#pragma once

#include <map>
#include <string>

#include "tickwerk/factor/selection.h"
#include "tickwerk/model/meta_model_file.h"

namespace tickwerk::job {

/// The text of the user's file stands in it; what that file imports by path does not. Throws as
/// io::MappedFile.
model::FeatureSource feature_source(const factor::Selection& selection,
                                    const std::map<std::string, double, std::less<>>& params);

factor::Selection selection_of(const model::FeatureSource& source);

}  // namespace tickwerk::job
