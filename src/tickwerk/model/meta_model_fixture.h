// Entries whose success their first feature may tell. For tests only.
#pragma once

#include "tickwerk/base/random.h"
#include "tickwerk/model/meta_model.h"

namespace tickwerk::model {

enum class Skill { kNone, kSome };

/// Two entries a bar, of A and B, with the features `told` and `noise`; labels of ten bars.
inline Dataset entries(Skill skill, std::size_t num_bars = 600) {
  Dataset dataset;
  dataset.symbols = {"A", "B"};
  dataset.label_name = "success_10";
  dataset.label_kind = LabelKind::kBinary;
  dataset.label_reach = 10;
  dataset.feature_names = {"told", "noise"};
  dataset.features = Panel(2, 2 * num_bars);
  for (std::size_t t = 0; t < num_bars + 10; ++t) {
    dataset.times.push_back(midnight(Date{static_cast<std::int32_t>(t)}));
  }
  RandomSequence random({11, 0});
  for (std::size_t r = 0; r < 2 * num_bars; ++r) {
    const double luck = random.uniform();
    const double told = random.uniform();
    dataset.bar.push_back(static_cast<std::uint32_t>(r / 2));
    dataset.symbol.push_back(static_cast<std::uint32_t>(r % 2));
    dataset.label_end.push_back(dataset.bar.back() + 10);
    dataset.label.push_back((skill == Skill::kSome ? 0.7 * told + 0.3 * luck : luck) > 0.5 ? 1 : 0);
    dataset.realized_return.push_back(dataset.label.back() > 0 ? 0.03 : -0.01);
    dataset.features(0, r) = told;
    dataset.features(1, r) = random.uniform();
  }
  return dataset;
}

inline MetaModelConfig config_of(SplitScheme scheme) {
  MetaModelConfig config;
  config.model = {.name = "gradient_boosting",
                  .kind = ModelKind::kGradientBoosting,
                  .trees = {.num_trees = 20, .max_depth = 3}};
  config.splits = {.scheme = scheme, .num_splits = 4, .min_train_dates = 50};
  return config;
}

}  // namespace tickwerk::model
