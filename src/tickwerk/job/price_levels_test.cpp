#include "tickwerk/job/price_levels.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace tickwerk::job {
namespace {

using model::AuditLine;
using model::AuditVerdict;

/// Of three features, as a dataset of an earlier version says them: by their text alone.
struct Older {
  Older() {
    recipe.features.language =
        "param n = 20\nmean = ts_mean(close, n)\nshape = close / ts_mean(close, n) - 1\n"
        "beside = told / close\n";
    for (const char* name : {"mean", "shape", "beside"})
      description.features.push_back({name, "", {}});
  }
  AuditLine line() const { return price_level_line(description, recipe); }

  model::DatasetDescription description;
  DatasetRecipe recipe;
};

DatasetRecipe recipe_of(const char* adjustment, std::vector<std::string> names) {
  DatasetRecipe recipe;
  recipe.adjustment = adjustment;
  recipe.price_levels = std::move(names);
  return recipe;
}

TEST(PriceLevels, AreNamedAsTheFileSaysThem) {
  DatasetRecipe recipe = recipe_of("adjusted", {"ta_ma_20", "ta_ma_50"});
  const AuditLine line = price_level_line({}, recipe);
  EXPECT_EQ(line.verdict, AuditVerdict::kWarning);
  EXPECT_EQ(line.value, 2);
  EXPECT_EQ(line.text,
            "ta_ma_20, ta_ma_50 depend on the level of prices, and adjusted ones know later splits "
            "and dividends");
  recipe.adjustment = "raw";
  EXPECT_EQ(price_level_line({}, recipe).verdict, AuditVerdict::kOk);
  EXPECT_EQ(price_level_line({}, recipe_of("adjusted", {})).verdict, AuditVerdict::kOk);
}

TEST(PriceLevels, AreReadFromTheLanguageWhereTheFileDoesNotListThem) {
  const AuditLine line = Older().line();
  EXPECT_EQ(line.verdict, AuditVerdict::kWarning);
  EXPECT_EQ(line.text,
            "mean depends on the level of prices, and if they are adjusted, which the input does "
            "not say, they know later splits and dividends");
}

TEST(PriceLevels, AreNotDeniedWhereTheTextNeedsMoreThanBars) {
  Older older;
  older.description.features.erase(older.description.features.begin());
  EXPECT_EQ(older.line().verdict, AuditVerdict::kNotTested);
  older.description.features.pop_back();
  EXPECT_EQ(older.line().verdict, AuditVerdict::kOk);
  older.recipe.features = {};
  EXPECT_EQ(older.line().verdict, AuditVerdict::kNotTested);
}

TEST(PriceLevels, OfManyFeaturesNotAllAreNamed) {
  std::vector<std::string> names;
  for (int k = 1; k <= 15; ++k) names.push_back(fmt::format("f{}", k));
  const AuditLine line = price_level_line({}, recipe_of("adjusted", names));
  EXPECT_NE(line.text.find("f12 and 3 more depend"), std::string::npos);
  EXPECT_EQ(line.text.find("f13"), std::string::npos);
}

}  // namespace
}  // namespace tickwerk::job
