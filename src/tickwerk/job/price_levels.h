// Whether features depend on the level of prices, which an adjustment changes later: a line of the
// leakage audit, made from what a dataset says of itself, with or without its bars. Used by
// trainings and `tickwerk ml audit`; evaluates nothing.
#pragma once

#include "tickwerk/job/ml_dataset_recipe.h"
#include "tickwerk/model/audit.h"
#include "tickwerk/model/dataset_file.h"

namespace tickwerk::job {

/// A warning that names the features where prices are not known to be raw. A file that does not
/// list them is of an earlier version: there the language tells them from the texts in the recipe,
/// and what it cannot read without the columns beside the bars is not tested.
model::AuditLine price_level_line(const model::DatasetDescription& description,
                                  const DatasetRecipe& recipe);

}  // namespace tickwerk::job
