// Features that are the same in every row, or have a value in none: nothing can be learned from
// them. Used by whoever trains; a dataset in which no feature varies is refused.
#pragma once

#include <string>
#include <vector>

#include "tickwerk/model/dataset.h"

namespace tickwerk::model {

/// `flat is the same in all rows`, `void has no value in any row`: one for each such feature, in
/// the order of the dataset. A missing value beside equal ones does not count as another. Cost: one
/// pass up to the first two values that differ.
std::vector<std::string> constant_features(const Dataset& dataset);

/// Throws kInvalidArgument naming the first of them where all features are such.
void require_variation(const Dataset& dataset);

}  // namespace tickwerk::model
