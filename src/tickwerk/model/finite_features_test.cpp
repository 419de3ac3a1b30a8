#include "tickwerk/model/finite_features.h"

#include <gtest/gtest.h>

#include <limits>

#include "tickwerk/model/dataset_fixture.h"

namespace tickwerk::model {
namespace {

std::string refusal(const Dataset& dataset) {
  try {
    require_finite(dataset);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kInvalidArgument);
    return error.what();
  }
  return "";
}

TEST(FiniteFeatures, MissingValuesAndLargeOnesPass) {
  Dataset dataset = small_dataset();
  dataset.features.span()(0, 0) = -std::numeric_limits<float>::max();
  dataset.features.span()(1, 2) = kNaN;
  EXPECT_EQ(refusal(dataset), "");
}

TEST(FiniteFeatures, TheFirstInfinityIsNamedByFeatureSymbolAndDate) {
  Dataset dataset = small_dataset();
  dataset.feature_names[1] = "ratio";
  const std::string symbol = dataset.symbols[dataset.symbol[2]];
  const std::string date = to_string(dataset.times[dataset.bar[2]], dataset.frequency);
  dataset.features.span()(1, 2) = -std::numeric_limits<double>::infinity();
  dataset.features.span()(1, 3) = 1e39;
  EXPECT_EQ(refusal(dataset),
            "a feature must be finite and within single precision, or NaN where it is missing: "
            "ratio is -inf for " +
                symbol + " on " + date + ", and so in 2 of 4 rows");
}

}  // namespace
}  // namespace tickwerk::model
