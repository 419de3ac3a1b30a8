// How a dataset was made, as its file keeps it (docs/formats/dataset.md, `config`): which rows,
// what their label is, the text of the features, whose entries. Written by `ml dataset`, read by
// whoever trains on the file or audits it; here alone stand the keys. Words are those of the flags;
// it checks none of them, since what was made is made.
#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tickwerk/model/labeled_rows.h"
#include "tickwerk/model/meta_model_file.h"
#include "tickwerk/risk/fill.h"

namespace tickwerk::job {

struct RecipeBarriers {
  double up = 0, down = 0;  // shares of the price
};

struct RecipeStrategy {
  std::string name;
  std::map<std::string, std::string> texts;  // by their keys of a strategy file
  std::string language;                      // the same as one module
  std::map<std::string, double, std::less<>> params;
  int top_n = 0;
  std::string rebalance;
  double min_volume_ratio = 0;
};

/// What entries have and other rows have not.
struct RecipeEntries {
  RecipeStrategy strategy;
  risk::CostRates costs;
  int delist_after = 0;
};

struct DatasetRecipe {
  std::string rows;  // `entries` or `every_bar`; empty where the file does not say
  std::string label_kind;
  int horizon = 0;  // bars
  std::string fill;
  double delist_haircut = 0;
  std::optional<double> success_threshold = {};
  std::optional<RecipeBarriers> barriers = {};
  std::optional<std::string> benchmark = {};  // name of the file or column
  std::optional<std::string> label = {};      // an expression in place of the realized return
  std::optional<std::string> from = {};       // first date of a row
  model::FeatureSource features = {};
  std::optional<std::size_t> candidates = {};   // entries or bars, before some were left out
  std::optional<model::LeftOut> left_out = {};  // why rows are fewer
  std::optional<std::string> adjustment = {};   // of the prices: `adjusted`, `raw`, `unknown`
  std::optional<std::vector<std::string>> price_levels = {};  // features that depend on their level
  std::optional<RecipeEntries> entries = {};  // empty: a row is a bar, or nobody says whose entry
};

nlohmann::json recipe_json(const DatasetRecipe& recipe);

/// `config`: of the description of the dataset `file`. What it does not say is as in a recipe of
/// nothing; throws kCorruptData for a value of another kind.
DatasetRecipe read_recipe(const nlohmann::json& config, const std::filesystem::path& file);

}  // namespace tickwerk::job
