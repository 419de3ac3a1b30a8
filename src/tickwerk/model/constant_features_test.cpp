#include "tickwerk/model/constant_features.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tickwerk/base/error.h"

namespace tickwerk::model {
namespace {

Dataset rows_of(std::vector<std::vector<double>> features) {
  Dataset dataset;
  const std::size_t num_rows = features.front().size();
  dataset.bar.resize(num_rows);
  dataset.symbol.resize(num_rows);
  dataset.label.resize(num_rows);
  dataset.features = Panel(features.size(), num_rows);
  for (std::size_t f = 0; f < features.size(); ++f) {
    dataset.feature_names.push_back(fmt::format("f{}", f));
    for (std::size_t r = 0; r < num_rows; ++r) dataset.features(f, r) = features[f][r];
  }
  return dataset;
}

TEST(ConstantFeatures, AreNamedWithWhatTheyAre) {
  EXPECT_EQ(constant_features(rows_of({{3, 3, kNaN}, {1, 2, 1}, {kNaN, kNaN, kNaN}, {kNaN, 5, 6}})),
            (std::vector<std::string>{"f0 is the same in all rows", "f2 has no value in any row"}));
}

TEST(ConstantFeatures, OneThatVariesIsEnough) {
  EXPECT_NO_THROW(require_variation(rows_of({{3, 3}, {1, 2}})));
}

TEST(ConstantFeatures, AloneAreRefusedByName) {
  try {
    require_variation(rows_of({{3, 3}, {kNaN, kNaN}}));
    FAIL() << "nothing varies";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kInvalidArgument);
    EXPECT_STREQ(error.what(),
                 "a feature at least must differ from row to row, found that f0 is the same in all "
                 "rows, f1 has no value in any row");
  }
  EXPECT_THROW(require_variation(rows_of({{0}, {1}, {2}, {3}, {4}, {5}})), Error);
}

}  // namespace
}  // namespace tickwerk::model
