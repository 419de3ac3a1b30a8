// What trees refuse to learn from or to predict: values that single precision, in which XGBoost
// computes, would turn into infinity. NaN passes: it is a missing value. Used by boosting*.cpp.
#pragma once

#include <span>

#include "tickwerk/model/dataset.h"
#include "tickwerk/panel/panel.h"

namespace tickwerk::model {

/// Throws kInvalidArgument naming the first feature, and its first row in `rows`, with a value that
/// is infinite or above the largest single-precision number. Cost: one pass in parallel.
void require_finite(PanelView features, std::span<const RowRange> rows);

/// The same of all rows, naming the feature, and the first symbol and date with such a value.
void require_finite(const Dataset& dataset);

}  // namespace tickwerk::model
