#include "tickwerk/job/ml_dataset_recipe.h"

#include "tickwerk/job/job_fixture.h"

namespace tickwerk::job {
namespace {

using nlohmann::json;

/// The config of a dataset of entries, written by hand after docs/formats/dataset.md.
json entries_config() {
  return json::parse(R"json({
    "rows": "entries", "label_kind": "success", "horizon": 10, "fill": "next_open",
    "delist_haircut": 0.25, "success_threshold": 0.02, "from": "2015-01-02",
    "features": {"catalogue": "ta", "language": "calm = -ts_std(close, window)\n",
                 "params": {"window": 20.0}},
    "delist_after": 5, "costs_bps": {"commission": 0.5, "spread": 0.25, "impact": 1.5},
    "strategy": {"name": "trend", "texts": {"long": "close > ema(close, slow)"},
                 "language": "long = close > ema(close, slow)\n", "params": {"slow": 60.0},
                 "top_n": 20, "rebalance": "weekly", "min_volume_ratio": 0.5}})json");
}

TEST(DatasetRecipe, OfEntriesIsReadAsItStands) {
  const DatasetRecipe recipe = read_recipe(entries_config(), "a.parquet");
  EXPECT_EQ(recipe.rows, "entries");
  EXPECT_EQ(recipe.label_kind, "success");
  EXPECT_EQ(recipe.horizon, 10);
  EXPECT_EQ(recipe.fill, "next_open");
  EXPECT_EQ(recipe.delist_haircut, 0.25);
  EXPECT_EQ(recipe.success_threshold, 0.02);
  EXPECT_EQ(recipe.from, "2015-01-02");
  EXPECT_EQ(recipe.features.catalogue, "ta");
  EXPECT_EQ(recipe.features.language, "calm = -ts_std(close, window)\n");
  EXPECT_EQ(recipe.features.params.at("window"), 20);
  EXPECT_FALSE(recipe.barriers || recipe.benchmark || recipe.label);
  ASSERT_TRUE(recipe.entries);
  EXPECT_EQ(recipe.entries->delist_after, 5);
  EXPECT_EQ(recipe.entries->costs.commission.value, 0.5);
  EXPECT_EQ(recipe.entries->costs.spread.value, 0.25);
  EXPECT_EQ(recipe.entries->costs.impact.value, 1.5);
  const RecipeStrategy& strategy = recipe.entries->strategy;
  EXPECT_EQ(strategy.name, "trend");
  EXPECT_EQ(strategy.texts.at("long"), "close > ema(close, slow)");
  EXPECT_EQ(strategy.language, "long = close > ema(close, slow)\n");
  EXPECT_EQ(strategy.params.at("slow"), 60);
  EXPECT_EQ(strategy.top_n, 20);
  EXPECT_EQ(strategy.rebalance, "weekly");
  EXPECT_EQ(strategy.min_volume_ratio, 0.5);
}

TEST(DatasetRecipe, IsWrittenAsItWasRead) {
  EXPECT_EQ(recipe_json(read_recipe(entries_config(), "a.parquet")), entries_config());
  const json every_bar = json::parse(R"({
    "rows": "every_bar", "label_kind": "triple_barrier", "horizon": 20, "fill": "same_close",
    "delist_haircut": 0.0, "barrier_up": 0.05, "barrier_down": 0.03, "benchmark": "spy.csv",
    "label": "fwd_max_20", "features": {"catalogue": "core", "language": "", "params": {}},
    "candidates": 12, "left_out": {"label_after_data": 2, "unfilled": 1, "no_label": 0,
    "no_benchmark": 0, "not_a_member": 0}, "adjustment": "raw", "price_levels": ["atr"]})");
  EXPECT_EQ(recipe_json(read_recipe(every_bar, "a.parquet")), every_bar);
}

TEST(DatasetRecipe, WhatAConfigDoesNotSayIsEmpty) {
  for (const json& config : {json::object(), json(nullptr), json{{"maker", "somebody else"}}}) {
    const DatasetRecipe recipe = read_recipe(config, "a.parquet");
    EXPECT_TRUE(recipe.rows.empty() && recipe.fill.empty() && recipe.features.catalogue.empty());
    EXPECT_FALSE(recipe.entries);
  }
  const DatasetRecipe named = read_recipe({{"strategy", {{"name", "trend"}}}}, "a.parquet");
  ASSERT_TRUE(named.entries);
  EXPECT_EQ(named.entries->strategy.name, "trend");
  EXPECT_TRUE(named.entries->strategy.language.empty());
}

TEST(DatasetRecipe, AValueOfAnotherKindIsDamage) {
  for (const char* text :
       {R"({"features": "ta"})", R"({"features": {"catalogue": 5}})", R"({"horizon": "ten"})",
        R"({"horizon": 1e300})", R"({"horizon": 2.5})", R"({"horizon": 5000000000})",
        R"({"horizon": 18446744073709551615})", R"({"strategy": {"params": {"slow": "sixty"}}})",
        R"({"success_threshold": null})"}) {
    const Error error = error_of([&] { read_recipe(json::parse(text), "a.parquet"); });
    EXPECT_EQ(error.code(), Code::kCorruptData) << text;
    EXPECT_TRUE(contains(error.what(), "of another kind: a.parquet")) << text;
  }
}

}  // namespace
}  // namespace tickwerk::job
