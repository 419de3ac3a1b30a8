// The tested value that lies farthest from what training saw: a linear model multiplies it by its
// coefficient, so that one bar with a wrong volume can be most of a model's error. Used by zoo.h;
// judges nothing.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "tickwerk/model/splits.h"

namespace tickwerk::model {

struct FarValue {
  std::size_t feature = 0;
  std::size_t split = 0;
  std::size_t row = 0;
  double deviations =
      0;  // from the mean of the split's training rows, in their deviations (ddof 0)
};

/// Over all features that vary in training and all test rows, the first of equals. Empty where no
/// feature varies. Requires finite features and splits with training rows. Cost: two passes over
/// the rows of every split, in parallel; the same bits for any number of threads.
std::optional<FarValue> farthest_test_value(PanelView features, std::span<const Split> splits);

}  // namespace tickwerk::model
