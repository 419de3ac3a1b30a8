// What FACTOR_ML_JOB and `tickwerk ml zoo` can be told beside bars and store. Part of RunConfig.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tickwerk/factor/selection.h"
#include "tickwerk/model/splits.h"

namespace tickwerk::job {

/// What is predicted: kTrade the simple return from the next open to the close h bars on, which a
/// portfolio can get; kReturn that from the close that decides.
enum class ZooLabel { kTrade, kReturn };

struct ZooSettings {
  factor::Selection features = {.catalogue = "core+vol_liquidity"};  // without horizons
  std::map<std::string, double, std::less<>> params;                 // of the features' expressions
  int horizon = 20;
  ZooLabel label = ZooLabel::kTrade;
  std::vector<std::string> models;  // names as model::choose_models takes them; empty: all eight
  model::SplitConfig splits;
};

}  // namespace tickwerk::job
