// Small datasets made by hand and large ones from a seed, for the tests and benchmarks of their
// files.
#pragma once

#include <gtest/gtest.h>

#include <cmath>

#include "tickwerk/base/random.h"
#include "tickwerk/model/dataset_file.h"

namespace tickwerk::model {

/// Four rows of two symbols on five bars, two features with a NaN, a binary label.
inline Dataset small_dataset(Frequency frequency = Frequency::kDaily) {
  Dataset dataset;
  dataset.frequency = frequency;
  const std::int64_t step = frequency == Frequency::kDaily ? kNsPerDay : 300'000'000'000;
  const Timestamp first = midnight(make_date(2024, 1, 1));
  for (const std::int64_t at : {0, 1, 2, 5, 6}) dataset.times.push_back({first.ns + at * step});
  dataset.symbols = {"A", "B", "C"};
  dataset.bar = {1, 1, 2, 3};
  dataset.symbol = {0, 2, 0, 0};
  dataset.feature_names = {"f", "g"};
  dataset.features = Panel(2, 4);
  for (std::size_t r = 0; r < 4; ++r) {
    dataset.features(0, r) = 0.1 * static_cast<double>(r);
    dataset.features(1, r) = r == 1 ? kNaN : 7.0 + static_cast<double>(r);
  }
  dataset.label_name = "success_2";
  dataset.label_kind = LabelKind::kBinary;
  dataset.label = {1, 0, 0, 1};
  dataset.realized_return = {0.03, -0.01, 0.001, 0.5};
  dataset.label_end = {3, 3, 4, 4};
  dataset.label_reach = 2;
  dataset.exit_bar = {2, 3, 3, 4};
  return dataset;
}

/// `num_rows` rows of 500 symbols, every symbol on every bar.
inline Dataset random_dataset(std::size_t num_rows, std::size_t num_features) {
  constexpr std::size_t kSymbols = 500;
  const RandomStream random{.seed = 7, .stream = 1};
  Dataset dataset;
  const std::size_t num_bars = (num_rows + kSymbols - 1) / kSymbols + 10;
  for (std::size_t t = 0; t < num_bars; ++t) {
    dataset.times.push_back(midnight(Date{static_cast<std::int32_t>(t)}));
  }
  for (std::size_t i = 0; i < kSymbols; ++i) dataset.symbols.push_back(fmt::format("S{:03}", i));
  dataset.features = Panel(num_features, num_rows);
  for (std::size_t f = 0; f < num_features; ++f) {
    dataset.feature_names.push_back(fmt::format("f{}", f));
    for (std::size_t r = 0; r < num_rows; ++r) {
      dataset.features(f, r) = random.uniform(f * num_rows + r) - 0.5;
    }
  }
  dataset.label_name = "fwd_return_10";
  dataset.label_reach = 10;
  for (std::size_t r = 0; r < num_rows; ++r) {
    const auto bar = static_cast<std::uint32_t>(r / kSymbols);
    dataset.bar.push_back(bar);
    dataset.symbol.push_back(static_cast<std::uint32_t>(r % kSymbols));
    dataset.label_end.push_back(bar + 10);
    dataset.exit_bar.push_back(bar + 10);
    dataset.label.push_back(random.uniform(num_features * num_rows + r) - 0.5);
  }
  dataset.realized_return = dataset.label;
  return dataset;
}

inline DatasetDescription description_of(const Dataset& dataset) {
  DatasetDescription description{.catalogue_fingerprint = "catalogue",
                                 .data_fingerprint = "bars",
                                 .features = {},
                                 .label_text = "made by hand",
                                 .classes = {"no", "yes"},
                                 .config = {{"horizon", 2}}};
  for (const std::string& name : dataset.feature_names) {
    description.features.push_back(
        {.name = name, .expression = "close", .reach = {.lookback = 20}});
  }
  return description;
}

inline void expect_equal(const Dataset& found, const Dataset& expected) {
  EXPECT_EQ(found.frequency, expected.frequency);
  EXPECT_EQ(found.times, expected.times);
  EXPECT_EQ(found.symbols, expected.symbols);
  EXPECT_EQ(found.bar, expected.bar);
  EXPECT_EQ(found.symbol, expected.symbol);
  EXPECT_EQ(found.feature_names, expected.feature_names);
  EXPECT_EQ(found.label_name, expected.label_name);
  EXPECT_EQ(found.label_kind, expected.label_kind);
  EXPECT_EQ(found.label, expected.label);
  EXPECT_EQ(found.realized_return, expected.realized_return);
  EXPECT_EQ(found.label_end, expected.label_end);
  EXPECT_EQ(found.label_reach, expected.label_reach);
  EXPECT_EQ(found.exit_bar, expected.exit_bar);
  ASSERT_EQ(found.features.num_rows(), expected.features.num_rows());
  ASSERT_EQ(found.features.num_symbols(), expected.features.num_symbols());
  std::size_t num_different = 0;
  for (std::size_t f = 0; f < found.num_features(); ++f) {
    for (std::size_t r = 0; r < found.num_rows(); ++r) {
      const double a = found.features(f, r), b = expected.features(f, r);
      num_different += a == b || (std::isnan(a) && std::isnan(b)) ? 0 : 1;
    }
  }
  EXPECT_EQ(num_different, 0u);
}

}  // namespace tickwerk::model
